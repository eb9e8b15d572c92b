"""What a death does to a member: at once off duty, no offer waits for them, their seats are free for others."""

from collections.abc import Sequence

from contracts.actor import MEMBER_ACCOUNT
from contracts.commands import reaction_to
from contracts.decisions import Decided
from contracts.events import AnyReceived
from contracts.events.masters import MemberPublished
from services.volunteers.application.leaving import Leaving
from services.volunteers.application.ports import Store
from services.volunteers.domain.member import Member
from services.volunteers.domain.rest import Rest
from services.volunteers.domain.resting import let_go


class Resting:
    """The handler of a person's events. They may come late, twice, in any order: the newest of each person counts."""

    def __init__(self, members: Store[Member], leaving: Leaving) -> None:
        self._members = members
        self._leaving = leaving

    def follow_person(self, events: Sequence[AnyReceived]) -> None:
        """Rest, or serve again as before, where the person's own account is a member's."""
        for event in events:
            account = event.snapshot.account_id or ""
            if account.startswith(MEMBER_ACCOUNT):
                self._follow(account.removeprefix(MEMBER_ACCOUNT), event)

    def _follow(self, member_id: str, event: AnyReceived) -> None:
        envelope = event.envelope
        news = Rest(envelope.subject, event.version, event.snapshot.deceased)
        meta = reaction_to(envelope)

        def decide(found: Member | None) -> Decided[Member] | None:
            if found is None or found.community_id != envelope.communityid:
                return None
            after = found.told(news)
            return Decided(after, (MemberPublished(),) if after.snapshot() != found.snapshot() else ())

        self._members.apply(member_id, meta, decide)
        member = self._members.get(member_id)
        # Asked of the member as they are now: a death that comes late, after its correction, ends nothing.
        if member is not None and member.resting:
            self._leaving.step_out(member_id, meta, let_go)
