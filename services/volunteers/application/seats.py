"""The commands of members: answer an offer, claim, arrive, leave, give back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from contracts.actor import Actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.volunteers import AcceptOffer, Arrive, ClaimSeat, DeclineOffer, Leave, ReleaseSeat
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.recusal import is_recused
from contracts.visits import Evidence
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Clock, SeatDecision, Seats, Store
from services.volunteers.application.settling import Settling
from services.volunteers.domain.arrival import Shown
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, demand_of, not_found
from services.volunteers.domain.gates import AT_THE_DOOR, GATES, ON_YES, Gate, stopped_by
from services.volunteers.domain.member import Member
from services.volunteers.domain.need import Candidate, need_of_claim
from services.volunteers.domain.search import decline
from services.volunteers.domain.seating import accept, arrive, capacity_full, claim, give_back, leave, settle

Seated = tuple[Change, Member]

_CODES = {"off_duty": "not-on-duty", "not_serving": "not-serving"}
"""How a gate is answered; all others stop with ``not-qualified``."""


class SeatCommands:
    """Everything that a member does with an offer or a seat. Of what is not theirs they learn nothing: NotFound."""

    def __init__(
        self, demands: Store[Demand], members: Store[Member], seats: Seats, dispatch: Dispatch, clock: Clock
    ) -> None:
        self._demands = demands
        self._members = members
        self._seats = seats
        self._dispatch = dispatch
        self._clock = clock
        self._settling = Settling(demands, seats, dispatch, clock)

    def accept_offer(self, call: Call[AcceptOffer]) -> Outcome:
        """Take a seat by an offer. Conflict: ``offer-not-open``, ``seat-taken``, ``capacity-full``, ``not-qualified``,
        ``not-serving``.

        The last two since they were asked: a certificate ran out, a guardian took their word back.
        """
        offer_id = call.command.offer_id

        def decide(demand: Demand, member: Member, now: datetime) -> Seated:
            _own(demand.offer(offer_id).member_id, call.meta.actor)
            seated = accept(demand, offer_id, member, now)
            _let_through(demand, member, now, ON_YES)
            return seated

        return self._take(demand_of(offer_id), call.meta, decide)

    def claim_seat(self, call: Call[ClaimSeat]) -> Outcome:
        """Take an open seat. Conflict: ``seat-taken``, ``capacity-full``, ``not-qualified``, ``not-on-duty``."""

        def decide(demand: Demand, member: Member, now: datetime) -> Seated:
            seated = claim(demand, member, now)
            _let_through(demand, member, now, GATES)
            return seated

        return self._take(call.command.demand_id, call.meta, decide)

    def decline_offer(self, call: Call[DeclineOffer]) -> Outcome:
        """Not this time; the next best is asked in the same write."""
        offer_id = call.command.offer_id

        def decide(demand: Demand | None) -> Decided[Demand]:
            demand = _within(demand, call.meta.actor)
            _own(demand.offer(offer_id).member_id, call.meta.actor)
            change = self._dispatch.go_on(decline(demand, offer_id), self._clock.now())
            return Decided(change.demand, change.events)

        return self._demands.apply(demand_of(offer_id), call.meta, decide)

    def arrive(self, call: Call[Arrive]) -> Outcome:
        """The member is there. Conflict: ``not-qualified`` too, where that ended since they said yes.

        The member is read beside the order, not with it: what they may ends by days, not between two reads.
        """
        assignment_id = call.command.assignment_id
        shown = Shown(Evidence(call.command.evidence), call.command.near)
        member = self._members.get(_member_id(call.meta.actor))

        def decide(demand: Demand | None) -> Decided[Demand]:
            demand, now = _held(demand, assignment_id, call.meta.actor), self._clock.now()
            change = arrive(demand, assignment_id, now, shown)
            _let_through(demand, _member(member), now, AT_THE_DOOR)
            return Decided(change.demand, change.events)

        return self._demands.apply(demand_of(assignment_id), call.meta, decide)

    def leave(self, call: Call[Leave]) -> Outcome:
        """The member's part is done before the whole; their capacity is free again."""
        return self._let_go(call.command.assignment_id, call.meta, leave)

    def release_seat(self, call: Call[ReleaseSeat]) -> Outcome:
        """The member cannot come after all; somebody else is looked for in the same write."""
        return self._let_go(call.command.assignment_id, call.meta, give_back)

    def _take(self, demand_id: str, meta: Meta, sit: Callable[[Demand, Member, datetime], Seated]) -> Outcome:
        def decide(demand: Demand | None, member: Member | None) -> SeatDecision:
            demand, member, now = _within(demand, meta.actor), _member(member), self._clock.now()
            change, seated = sit(demand, member, now)
            result = {"assignment_id": change.demand.takes[-1].id, "ticket_id": demand.id}
            change = self._dispatch.go_on(change, now)
            return Decided(change.demand, change.events, result), Decided(seated)

        return self._seats.apply(demand_id, _member_id(meta.actor), meta, decide)

    def _let_go(self, assignment_id: str, meta: Meta, step: Callable[[Demand, str, datetime], Change]) -> Outcome:
        """One transaction; where others had to go along, one more for each of them (as in ``Reactions``)."""
        member_id = _member_id(meta.actor)
        others = False

        def decide(demand: Demand | None, member: Member | None) -> SeatDecision:
            nonlocal others
            held = _held(demand, assignment_id, meta.actor)
            now = self._clock.now()
            change = step(held, assignment_id, now)
            settled, freed = settle(change.demand, member, member_id, now)
            done = Change(settled.demand, change.events + settled.events)
            done = self._dispatch.go_on(done, now)
            others = bool(done.demand.unsettled)
            return Decided(done.demand, done.events), Decided(freed) if freed else None

        outcome = self._seats.apply(demand_of(assignment_id), member_id, meta, decide)
        if others:
            self._settling.settle_rest(demand_of(assignment_id), meta)
        return outcome


def _let_through(demand: Demand, member: Member, now: datetime, gates: Sequence[Gate]) -> None:
    """Raises Conflict with the sentence of the first of *gates* that stops the member: awake, and not asked before,
    for they may well change their mind.
    """
    if demand.terms is None:
        raise not_found()
    gate = stopped_by(need_of_claim(demand, demand.terms, now), Candidate(member), gates)
    if gate is not None:
        raise _stopped(gate)


def _stopped(gate: Gate) -> Conflict:
    if gate.name == "full":
        return capacity_full()
    return Conflict(_CODES.get(gate.name, "not-qualified"), gate.sentence)


def _within(demand: Demand | None, actor: Actor) -> Demand:
    if demand is None or demand.community_id != actor.community_id:
        raise not_found()
    if is_recused(demand.recused, demand.requester_id, actor):
        raise not_found()
    return demand


def _held(demand: Demand | None, assignment_id: str, actor: Actor) -> Demand:
    demand = _within(demand, actor)
    _own(demand.take(assignment_id).member_id, actor)
    return demand


def _own(member_id: str, actor: Actor) -> None:
    if member_id != actor.member_id:
        raise not_found()


def _member(member: Member | None) -> Member:
    if member is None or member.resting:
        raise not_found()
    return member


def _member_id(actor: Actor) -> str:
    if actor.member_id is None:
        raise not_found()
    return actor.member_id
