"""Members who stop: for now, because a guardian took their word back, or for good."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from contracts.actor import STAFF, Actor, system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.members import RecordGuardian, SetServing, WithdrawGuardian
from contracts.decisions import Decided
from contracts.errors import Invalid
from contracts.events.masters import MemberPublished
from contracts.words import ReleaseReason, Text
from services.volunteers.application.ports import Areas, Clock, Privacy, SeatDecision, Seats, Store
from services.volunteers.application.settling import Settling
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, demand_of, not_found
from services.volunteers.domain.member import Guardian, Member
from services.volunteers.domain.names import MOST, is_code, is_name, is_phone, is_to_come, read_day
from services.volunteers.domain.returning import answer_no
from services.volunteers.domain.seating import release

Step = Callable[[Member], Member]
Go = Callable[[Demand, str], Change]
Vacate = Callable[[str, str, Meta], int]
"""Takes a member of a community out of the shifts to come, keyed by a cause; in how many rosters."""


class Asked(Protocol):
    """Where a member is asked at present."""

    def demands_of(self, member_id: str) -> Sequence[str]:
        """The demands in which an offer waits for the member's answer."""


class Leaving:
    """Each order is one transaction and keyed by the command, so that whoever stops in the middle goes on."""

    def __init__(
        self,
        members: Store[Member],
        seats: Seats,
        asked: Asked,
        settling: Settling,
        areas: Areas,
        clock: Clock,
        privacy: Privacy,
        vacate: Vacate,
    ) -> None:
        self._members = members
        self._vacate = vacate
        self._seats = seats
        self._asked = asked
        self._settling = settling
        self._areas = areas
        self._clock = clock
        self._privacy = privacy

    def set_serving(self, call: Call[SetServing]) -> Outcome:
        """See ``SetServing``. Coming back, they go on duty themselves."""
        actor, serving = call.meta.actor, call.command.serving
        member = self._within(self._members.get(actor.member_id or ""), actor)

        def step(found: Member) -> Member:
            return replace(found, serving=serving, on_duty=found.on_duty and serving)

        outcome = self._apply(member.id, call.meta, step, {"serving": serving})
        if not serving:
            self.step_out(member.id, call.meta)
        return outcome

    def record_guardian(self, call: Call[RecordGuardian]) -> Outcome:
        """See ``RecordGuardian``. Raises Invalid where the word is of the future, or the adult is none."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        member = self._in_care(command.member_id, actor)
        day = read_day(command.agreed_on)
        if day is None or is_to_come(day, now.date()):
            raise Invalid("bad-agreed-on", Text("日期要写成 2026-11-22,不能是将来", "a day, not to come"), "agreed_on")
        if not is_name(command.name):
            raise Invalid(
                "bad-name", Text(f"写监护人的姓名,最多 {MOST} 个字", "the guardian's name, at most 80"), "name"
            )
        if command.phone is not None and not is_phone(command.phone):
            raise Invalid("bad-phone", Text("不像电话号码", "does not look like a phone number"), "phone")
        if not is_code(command.text_version):
            raise Invalid("bad-text-version", Text("要写成 2026-11 这样的代码", "a code like 2026-11"), "text_version")
        adult = self._members.get(command.with_adult)
        if adult is None or not adult.adult or not adult.serving or adult.community_id != member.community_id:
            raise Invalid(
                "no-such-adult", Text("没有这个在册的成年成员", "there is no such adult who serves"), "with_adult"
            )
        if member.adult:
            raise Invalid("not-a-minor", Text("这位成员已经成年", "this member is grown up"), "member_id")

        def step(found: Member) -> Member:
            guardian = Guardian(
                name=self._privacy.seal(found.id, "guardian.name", command.name),
                phone=None if command.phone is None else self._privacy.seal(found.id, "guardian.phone", command.phone),
                agreed_on=day,
                how=command.how,
                text_version=command.text_version,
            )
            return found.agree(guardian, command.with_adult, now, actor.account_id)

        return self._apply(member.id, call.meta, step, {"agreed": True})

    def withdraw_guardian(self, call: Call[WithdrawGuardian]) -> Outcome:
        """See ``WithdrawGuardian``."""
        actor, now = call.meta.actor, self._clock.now()
        member = self._in_care(call.command.member_id, actor)
        step: Step = partial(Member.disagree, at=now, by=actor.account_id)
        outcome = self._apply(member.id, call.meta, step, {"agreed": False})
        if not member.adult:
            self.step_out(member.id, call.meta)
        return outcome

    def step_out(self, member_id: str, cause: Meta, go: Go | None = None) -> int:
        """Every offer that waits is answered with not this time, every seat given back; in how many orders. Shifts to
        come are their substitutes', or nobody's.

        *go*: what happens to each of these orders instead.
        """
        member = self._members.get(member_id)
        if member is None:
            return 0
        asked = self._asked.demands_of(member_id)
        concerned = dict.fromkeys((*asked, *(demand_of(held) for held in member.holding)))
        for demand_id in concerned:
            self._step_out(demand_id, member_id, _caused(cause, demand_id), go or _gone)
            self._settling.settle_rest(demand_id, _caused(cause, demand_id))
        self._vacate(member.community_id, member_id, cause)
        return len(concerned)

    def _step_out(self, demand_id: str, member_id: str, meta: Meta, go: Go) -> None:
        def decide(demand: Demand | None, member: Member | None) -> SeatDecision:
            return (None, None) if demand is None else self._settling.settled(go(demand, member_id), member, member_id)

        self._seats.apply(demand_id, member_id, meta, decide)

    def _apply(self, member_id: str, meta: Meta, step: Step, result: dict[str, bool]) -> Outcome:
        def decide(found: Member | None) -> Decided[Member]:
            if found is None or found.erased:
                raise not_found()
            after = step(found)
            events = (MemberPublished(),) if after.snapshot() != found.snapshot() else ()
            return Decided(after, events, result)

        return self._members.apply(member_id, meta, decide)

    def _in_care(self, member_id: str, actor: Actor) -> Member:
        member = self._within(self._members.get(member_id), actor)
        if not actor.has(STAFF, self._areas.path(member.home_area)):
            raise not_found()
        return member

    def _within(self, member: Member | None, actor: Actor) -> Member:
        if member is None or member.erased or member.community_id != actor.community_id:
            raise not_found()
        return member


def _gone(demand: Demand, member_id: str) -> Change:
    change = Change(demand)
    for offer in demand.open_offers:
        if offer.member_id == member_id and offer.team_id is None:
            change = change.then(partial(answer_no, offer_id=offer.id))
    for take in demand.holders:
        if take.member_id == member_id and take.wanted:
            change = change.then(partial(release, take=take, reason=ReleaseReason.GAVE_BACK))
    return change


def _caused(cause: Meta, demand_id: str) -> Meta:
    return replace(
        cause,
        actor=system_actor(cause.actor.community_id),
        command_id=f"{cause.command_id}:out:{demand_id}",
        body_hash="",
    )
