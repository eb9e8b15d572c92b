"""Reading what is private of members: by staff for a reason, logged before it is shown, and the log theirs to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from contracts.actor import DISPATCHERS, STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.volunteers import ReadRevealsOfMember, RevealDeclined, RevealMember
from contracts.errors import Refused
from contracts.moments import time_text
from contracts.recusal import is_recused
from contracts.words import OfferStatus, Text
from services.volunteers.application.ports import Areas, Clock, Privacy, Store
from services.volunteers.domain.demand import Demand, not_found
from services.volunteers.domain.member import Member
from services.volunteers.domain.offer import Offer, note_field

CONTACT, DECLINED, RETURNED = "contact", "declined", "returned"
_AS_STAFF = "staff"
A_REPEAT = timedelta(minutes=10)
"""So long the same request sent again is the same reading; whoever looks again later has looked twice."""
_LONGEST_REASON = 200
MOST = 200


@dataclass(frozen=True, kw_only=True)
class MemberReveal:
    """One reading of what is private of a member: name and phone, or that they declined an order."""

    community_id: str
    member_id: str
    at: datetime
    account_id: str
    reason: str | None
    part: str
    ticket_id: str | None = None
    role: str = _AS_STAFF


class MemberReveals(Protocol):
    """The log of these readings; rows are only ever added."""

    def add(self, id: str, reveals: Sequence[MemberReveal]) -> None:
        """Log readings before they happen; of one member with the same *id* once, until ``A_REPEAT`` is over."""

    def about(
        self, community_id: str, member_id: str, before: str | None, limit: int
    ) -> Sequence[tuple[str, MemberReveal]]:
        """Those about one member, newest first, each with its mark; *before* is the last mark of a page."""


class Contacts(Protocol):
    """What the vault holds of who a member is."""

    def details(self, member_id: str) -> Mapping[str, str | None]:
        """``name`` and ``phone``, None where there is none (any more)."""


class Reveals:
    """``reveal_member``, ``reveal_declined``, ``read_reveals_of_member``."""

    def __init__(
        self,
        members: Store[Member],
        demands: Store[Demand],
        areas: Areas,
        contacts: Contacts,
        log: MemberReveals,
        clock: Clock,
        privacy: Privacy,
    ) -> None:
        self._members = members
        self._demands = demands
        self._areas = areas
        self._contacts = contacts
        self._log = log
        self._clock = clock
        self._privacy = privacy

    def reveal_member(self, call: Call[RevealMember]) -> Outcome:
        """Name and phone, for staff of the member's area."""
        actor, command = call.meta.actor, call.command
        member = self._members.get(command.member_id)
        if member is None or member.erased or member.community_id != actor.community_id:
            raise not_found()
        if not actor.has(STAFF, self._areas.path(member.home_area)):
            raise not_found()
        self._note(call, [member.id], reason_of(command.reason), CONTACT)
        return Outcome(dict(self._contacts.details(member.id)))

    def reveal_declined(self, call: Call[RevealDeclined]) -> Outcome:
        """Who said no in this order and who returned it, with what they wrote, for dispatchers of its area.

        Whose own case it is learns nothing of it.
        """
        actor, command = call.meta.actor, call.command
        demand = self._demands.get(command.demand_id)
        if demand is None or not _dispatches(actor, demand):
            raise not_found()
        declined = [offer for offer in demand.offers if offer.status is OfferStatus.DECLINED]
        returned = [offer for offer in demand.offers if offer.status is OfferStatus.RETURNED]
        reason = reason_of(command.reason)
        for part, offers in ((DECLINED, declined), (RETURNED, returned)):
            self._note(call, list(dict.fromkeys(offer.member_id for offer in offers)), reason, part, demand.id)
        ids = dict.fromkeys(offer.member_id for offer in (*declined, *returned))
        names = {id: one.display_name for id in ids if (one := self._members.get(id)) is not None}
        said_no = dict.fromkeys(offer.member_id for offer in declined if offer.member_id in names)
        return Outcome(
            {
                "declined": [{"member_id": id, "display_name": names[id]} for id in said_no],
                "returned": [self._returned(offer, names) for offer in returned if offer.member_id in names],
            }
        )

    def read_of_member(self, call: Call[ReadRevealsOfMember]) -> Outcome:
        """A page of the readings about the actor as a member."""
        actor, command = call.meta.actor, call.command
        if actor.member_id is None:
            return Outcome({"reveals": []})
        limit = max(1, min(command.limit, MOST))
        found = self._log.about(actor.community_id, actor.member_id, command.before, limit)
        return Outcome({"reveals": [_row(mark, reveal) for mark, reveal in found]})

    def _returned(self, offer: Offer, names: Mapping[str, str]) -> Mapping[str, str | None]:
        return {
            "member_id": offer.member_id,
            "display_name": names[offer.member_id],
            "reason": None if offer.returned is None else offer.returned.value,
            "note": self._privacy.open(offer.member_id, note_field(offer.id), offer.note),
        }

    def _note(
        self, call: Call[Any], members: Sequence[str], reason: str, part: str, ticket_id: str | None = None
    ) -> None:
        actor, now = call.meta.actor, self._clock.now()
        rows = [
            MemberReveal(
                community_id=actor.community_id,
                member_id=member_id,
                at=now,
                account_id=actor.account_id,
                reason=reason,
                part=part,
                ticket_id=ticket_id,
            )
            for member_id in members
        ]
        self._log.add(f"{call.meta.created_id or call.meta.command_id}.{call.meta.body_hash}.{part}", rows)


def _dispatches(actor: Actor, demand: Demand) -> bool:
    if demand.community_id != actor.community_id or is_recused(demand.recused, demand.requester_id, actor):
        return False
    return actor.has(DISPATCHERS, demand.area_path)


def reason_of(typed: str) -> str:
    """Why somebody looks; raises Refused ``reason-needed``."""
    reason = typed.strip()[:_LONGEST_REASON]
    if not reason:
        raise Refused("reason-needed", Text(zh="请写明查看的原因", en="say why you need to see it"), field="reason")
    return reason


def _row(mark: str, reveal: MemberReveal) -> Mapping[str, Any]:
    return {
        "mark": mark,
        "at": time_text(reveal.at),
        "account_id": reveal.account_id,
        "role": reveal.role,
        "reason": reveal.reason,
        "part": reveal.part,
        "ticket_id": reveal.ticket_id,
    }
