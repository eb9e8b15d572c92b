"""Staff step into a search: assign, ask by name, take a seat back, freeze."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from contracts.commands import Call, Outcome
from contracts.commands.hands_on import (
    AssignMember,
    FreezeSearch,
    InviteMember,
    PinMember,
    TakeSeatBack,
    UnfreezeSearch,
)
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid
from contracts.hands_on import SteeringReason
from contracts.standing import HIGHEST_FIRST
from contracts.words import Text
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import Clock, SeatDecision, Seats, Store
from services.volunteers.application.relations import known, unasked
from services.volunteers.application.settling import Settling
from services.volunteers.application.suggestions import Suggestions, within_reach
from services.volunteers.domain.asking import asking_of
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand, demand_of, not_found
from services.volunteers.domain.gates import GATES, ON_YES, Gate, stopped_by
from services.volunteers.domain.hands_on import BY_NAME, ByHand, ask_by_name, assign, freeze, take_back, unfreeze
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate
from services.volunteers.domain.seating import settle

_BY_NAME = tuple(gate for gate in GATES if gate.name != "asked")
"""Whoever let an offer pass may be asked again by name."""


class HandsOn:
    """Of an order that is not in their area, and of a member of another community, staff learn nothing: NotFound."""

    def __init__(
        self,
        demands: Store[Demand],
        members: Store[Member],
        seats: Seats,
        dispatch: Dispatch,
        modes: Modes,
        clock: Clock,
    ) -> None:
        self._demands = demands
        self._members = members
        self._seats = seats
        self._dispatch = dispatch
        self._modes = modes
        self._clock = clock
        self.suggestions = Suggestions(demands, members, dispatch, modes, clock)
        self._settling = Settling(demands, seats, dispatch, clock)

    def assign(self, call: Call[AssignMember]) -> Outcome:
        """Duty staff have a seat. Conflict: ``not-ordered``, ``does-not-fit``, ``hands-full``, ``nobody-wanted``."""
        command, meta = call.command, call.meta

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            demand, now = within_reach(found, meta.actor), self._clock.now()
            member = _of(demand, member)
            role = self._role(demand, member, command.role, now, ON_YES)
            change, seated = assign(demand, member, role, _hand(call, demand, now))
            self._let_through(demand, member, role, now, ON_YES)
            result = {"ticket_id": demand.id, "assignment_id": change.demand.takes[-1].id}
            change = self._dispatch.go_on(change, now)
            return Decided(change.demand, change.events, result), Decided(seated)

        return self._seats.apply(command.demand_id, command.member_id, meta, decide)

    def invite(self, call: Call[InviteMember]) -> Outcome:
        """Conflict: ``said-no``, ``asked-already``, ``comes-already``, ``does-not-fit``, ``nobody-wanted``."""
        return self._ask(call, None)

    def pin(self, call: Call[PinMember]) -> Outcome:
        """The same, alone. Conflict, too: ``others-are-asked``, ``open-to-claims``, ``an-emergency``."""
        return self._ask(call, timedelta(minutes=call.command.minutes))

    def take_seat_back(self, call: Call[TakeSeatBack]) -> Outcome:
        """Conflict: ``seat-released``, ``illegal-transition`` where the work is done."""
        command, meta = call.command, call.meta
        demand_id = demand_of(command.assignment_id)
        holder = within_reach(self._demands.get(demand_id), meta.actor).take(command.assignment_id).member_id

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            demand, now = within_reach(found, meta.actor), self._clock.now()
            change = take_back(demand, command.assignment_id, _hand(call, demand, now), command.search)
            settled, freed = settle(change.demand, member, holder, now)
            whole = Change(settled.demand, change.events + settled.events, change.untold)
            whole = self._dispatch.go_on(whole, now)
            return Decided(whole.demand, whole.events, {"ticket_id": demand.id}), Decided(freed) if freed else None

        outcome = self._seats.apply(demand_id, holder, meta, decide)
        self._settling.settle_rest(demand_id, meta)
        return outcome

    def freeze(self, call: Call[FreezeSearch]) -> Outcome:
        """Conflict: ``frozen-already``, ``nobody-is-asked``, ``an-emergency``."""
        return self._steer(call, lambda demand, hand: freeze(demand, hand, call.command.withdraw))

    def unfreeze(self, call: Call[UnfreezeSearch]) -> Outcome:
        """Conflict: ``not-frozen``."""
        return self._steer(call, unfreeze)

    def _ask(self, call: Call[InviteMember] | Call[PinMember], alone: timedelta | None) -> Outcome:
        command = call.command
        member = self._members.get(command.member_id)

        def step(demand: Demand, hand: ByHand) -> Change:
            asked = _of(demand, member)
            role = self._role(demand, asked, command.role, hand.at, _BY_NAME)
            policy = demand.terms.policy if demand.terms else None
            asking = asking_of(asked.employment, policy) if policy else None
            if asking is None:
                raise not_found()
            choice = Choice(asked.id, (BY_NAME,), asking=asking, role=role, by_name=True)
            change = ask_by_name(demand, choice, hand, alone)
            self._let_through(demand, asked, role, hand.at, _BY_NAME)
            if not self._modes.fits(demand, choice, hand.at):
                raise _does_not_fit(Text("今天请得太多,或手上已满", "asked too often today, or hands are full"))
            return change

        return self._steer(call, step)

    def _steer(self, call: Call[Any], step: Callable[[Demand, ByHand], Change]) -> Outcome:
        def decide(found: Demand | None) -> Decided[Demand]:
            demand, now = within_reach(found, call.meta.actor), self._clock.now()
            change = self._dispatch.go_on(step(demand, _hand(call, demand, now)), now)
            return Decided(change.demand, change.events, {"ticket_id": demand.id})

        return self._demands.apply(call.command.demand_id, call.meta, decide)

    def _role(
        self, demand: Demand, member: Member, wanted: str | None, now: datetime, gates: tuple[Gate, ...]
    ) -> str | None:
        """The role that staff name, else the first open one that the member passes for, else the last."""
        roles = demand.open_roles
        if wanted is not None or not roles:
            return wanted
        passed = (
            role for role in roles[:-1] if stopped_by(unasked(demand, role, now), Candidate(member), gates) is None
        )
        return next(passed, roles[-1])

    def _let_through(
        self, demand: Demand, member: Member, role: str | None, now: datetime, gates: tuple[Gate, ...]
    ) -> None:
        gate = stopped_by(unasked(demand, role, now), Candidate(member), gates)
        if gate is not None:
            raise _does_not_fit(gate.sentence)


def _does_not_fit(sentence: Text) -> Conflict:
    """As the member would be told it."""
    words = Text(f"这位办不了这一单:{sentence.zh}", f"they cannot take this order: {sentence.en}")
    return Conflict("does-not-fit", words)


def _of(demand: Demand, member: Member | None) -> Member:
    found = known(member)
    if found.community_id != demand.community_id:
        raise not_found()
    return found


def _hand(call: Call[Any], demand: Demand, now: datetime) -> ByHand:
    reason = call.command.reason
    if reason is SteeringReason.BEYOND_CAPACITY and not isinstance(call.command, AssignMember):
        sentence = Text("这个原因只用于派值守人员", "this reason is for assigning duty staff alone")
        raise Invalid("not-for-this", sentence, "reason")
    roles = (role for role in HIGHEST_FIRST if call.meta.actor.has(frozenset({role}), demand.area_path))
    return ByHand(role=next(roles), reason=reason, at=now)
