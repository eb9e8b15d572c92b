"""Commands on members: on and off duty."""

from dataclasses import replace

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.volunteers import SetDuty
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid
from contracts.events.masters import MemberPublished
from contracts.words import Text
from services.volunteers.application.ports import Areas, Clock, Store
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.member import Member
from services.volunteers.domain.statements import LONGEST_REST

_BAD_UNTIL = Text("要写一年以内、还没到的时间", "a moment to come, within a year")


class MemberCommands:
    """A member, or staff of the member's area, say whether new offers may come."""

    def __init__(self, members: Store[Member], areas: Areas, clock: Clock) -> None:
        self._members = members
        self._areas = areas
        self._clock = clock

    def set_duty(self, call: Call[SetDuty]) -> Outcome:
        """On or off duty; what is in hand stays in hand. Result: ``{"on_duty"}``. Raises Invalid ``bad-until``."""
        command, now = call.command, self._clock.now()
        until = None if command.on_duty else command.until

        def decide(member: Member | None) -> Decided[Member]:
            # Here and not before: whoever repeats the request when that moment is over gets the first answer again.
            if until is not None and not now < until <= now + LONGEST_REST:
                raise Invalid("bad-until", _BAD_UNTIL, field="until")
            if member is None or not self._may(call.meta.actor, member):
                raise not_found()
            back = command.on_duty or until is not None
            if back and (member.resting or not member.serving):
                raise Conflict(
                    "not-serving", Text("这位成员已经停止服务,请先恢复", "service has stopped: take it up again first")
                )
            own = {"not_before"} if call.meta.actor.member_id == member.id else set()
            said = tuple(sorted({*member.own, *own}))
            after = replace(member, on_duty=back, not_before=until, own=said)
            events = (MemberPublished(),) if after.snapshot() != member.snapshot() else ()
            return Decided(after, events, {"on_duty": command.on_duty})

        return self._members.apply(command.member_id, call.meta, decide)

    def _may(self, actor: Actor, member: Member) -> bool:
        if actor.community_id != member.community_id or member.erased:
            return False
        return actor.member_id == member.id or actor.has(STAFF, self._areas.path(member.home_area))
