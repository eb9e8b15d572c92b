"""Commands on members: on and off duty."""

from dataclasses import replace

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.volunteers import SetDuty
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.events.masters import MemberPublished
from contracts.words import Text
from services.volunteers.application.ports import Areas, Store
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.member import Member


class MemberCommands:
    """A member, or staff of the member's area, say whether new offers may come."""

    def __init__(self, members: Store[Member], areas: Areas) -> None:
        self._members = members
        self._areas = areas

    def set_duty(self, call: Call[SetDuty]) -> Outcome:
        """On or off duty; what is in hand stays in hand. Result: ``{"on_duty"}``."""
        command = call.command

        def decide(member: Member | None) -> Decided[Member]:
            if member is None or not self._may(call.meta.actor, member):
                raise not_found()
            if command.on_duty and (member.resting or not member.serving):
                raise Conflict(
                    "not-serving", Text("这位成员已经停止服务,请先恢复", "service has stopped: take it up again first")
                )
            events = (MemberPublished(),) if member.on_duty != command.on_duty else ()
            return Decided(replace(member, on_duty=command.on_duty), events, {"on_duty": command.on_duty})

        return self._members.apply(command.member_id, call.meta, decide)

    def _may(self, actor: Actor, member: Member) -> bool:
        if actor.community_id != member.community_id or member.erased:
            return False
        return actor.member_id == member.id or actor.has(STAFF, self._areas.path(member.home_area))
