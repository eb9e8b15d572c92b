"""A member who is erased: their offers end, their seats are free for others, and nothing says who they were."""

from collections.abc import Sequence
from dataclasses import replace

from contracts.actor import MEMBER_ACCOUNT, Actor, system_actor
from contracts.commands import Call, Meta
from contracts.commands.volunteers import DeclineOffer, ReleaseSeat, ReturnOffer
from contracts.decisions import Decided
from contracts.dispatch import ReturnReason
from contracts.errors import Conflict, NotFound
from contracts.events.masters import MemberPublished, TeamPublished
from contracts.words import NAMELESS
from services.volunteers.application.answering import OfferCommands
from services.volunteers.application.leaving import Vacate
from services.volunteers.application.ports import Store
from services.volunteers.application.seats import SeatCommands
from services.volunteers.domain.member import Member
from services.volunteers.domain.search import RETURN_INSTEAD
from services.volunteers.domain.team import Team


class Erasing:
    """Every step is safe to repeat; one that was cut off is gone on with by the next call."""

    def __init__(
        self, members: Store[Member], teams: Store[Team], offers: OfferCommands, seats: SeatCommands, vacate: Vacate
    ) -> None:
        self._vacate = vacate
        self._members = members
        self._teams = teams
        self._offers = offers
        self._seats = seats

    def let_go(self, member_id: str, offer_ids: Sequence[str], assignment_ids: Sequence[str]) -> int:
        """Say no to open offers, give seats and shifts back, as the member could; whoever is next is asked."""
        member = self._members.get(member_id)
        if member is None:
            return 0
        self._vacate(member.community_id, member_id, _meta(member.community_id, member_id))
        commands: list[DeclineOffer | ReleaseSeat] = [DeclineOffer(offer_id=id) for id in offer_ids]
        commands += [ReleaseSeat(assignment_id=id) for id in assignment_ids]
        return sum([self._said(member, command) for command in commands])

    def forget(self, member_id: str) -> bool:
        """What is left is an empty record that holds its id; was there anything to forget?"""
        member = self._members.get(member_id)
        if member is None or member.erased:
            return False

        def decide(found: Member | None) -> Decided[Member] | None:
            return None if found is None or found.erased else Decided(nobody(found), (MemberPublished(),))

        self._members.apply(member_id, _meta(member.community_id, member_id), decide)
        return True

    def leave_team(self, team_id: str, member_id: str) -> None:
        """The roster without them; a team may be without a lead until another one is named."""
        team = self._teams.get(team_id)
        if team is None:
            return

        def decide(found: Team | None) -> Decided[Team] | None:
            after = None if found is None else _without(found, member_id)
            return None if after is None or after == found else Decided(after, (TeamPublished(),))

        self._teams.apply(team_id, _meta(team.community_id, f"{team_id}:{member_id}"), decide)

    def _said(self, member: Member, command: DeclineOffer | ReleaseSeat) -> bool:
        actor = Actor(account_id=MEMBER_ACCOUNT + member.id, community_id=member.community_id, member_id=member.id)
        id = command.offer_id if isinstance(command, DeclineOffer) else command.assignment_id
        meta = replace(_meta(member.community_id, id), actor=actor)
        try:
            if isinstance(command, DeclineOffer):
                self._say_no(command, meta)
            else:
                self._seats.release_seat(Call(command, meta))
        except (Conflict, NotFound):
            return False  # it ended by itself meanwhile
        return True

    def _say_no(self, command: DeclineOffer, meta: Meta) -> None:
        try:
            self._offers.decline_offer(Call(command, meta))
        except Conflict as conflict:
            if conflict.code != RETURN_INSTEAD:
                raise
            returned = ReturnOffer(offer_id=command.offer_id, reason=ReturnReason.AWAY)
            self._offers.return_offer(Call(returned, replace(meta, command_id=f"{meta.command_id}:returned")))


def nobody(member: Member) -> Member:
    """The empty record that is left of a member: it holds their id, and seats that are not free yet."""
    return Member(
        id=member.id,
        community_id=member.community_id,
        external_no=f"erased-{member.id}",
        display_name=NAMELESS,
        employment=member.employment,
        capacity=0,
        on_duty=False,
        holding=member.holding,
        serving=False,
        erased=True,
    )


def _without(team: Team, member_id: str) -> Team:
    return replace(
        team,
        lead=None if team.lead == member_id else team.lead,
        deputy=None if team.deputy == member_id else team.deputy,
        member_ids=tuple(id for id in team.member_ids if id != member_id),
    )


def _meta(community_id: str, what: str) -> Meta:
    key = f"erase:{what}"
    return Meta(actor=system_actor(community_id), command_id=key, correlation_id=key)
