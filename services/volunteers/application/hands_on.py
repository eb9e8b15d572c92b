"""Staff step into a search: assign, ask by name, take a seat back, freeze."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import AUDITORS
from contracts.commands import Call, Outcome
from contracts.commands.hands_on import (
    AssignMember,
    ConfirmSubstitute,
    FreezeSearch,
    InviteMember,
    InviteTeam,
    PinMember,
    ReadHands,
    ReadSubstitutes,
    TakeSeatBack,
    UnfreezeSearch,
)
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid
from contracts.hands_on import SteeringReason
from contracts.moments import time_text
from contracts.standing import HIGHEST_FIRST
from contracts.words import Text
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.hand_notes import note_field, typed_note
from services.volunteers.application.modes import Modes
from services.volunteers.application.ports import Clock, NamedTeams, Privacy, SeatDecision, Seats, Store
from services.volunteers.application.relations import known, role_for, stopping, within_reach
from services.volunteers.application.settling import Settling
from services.volunteers.application.suggestions import Suggestions
from services.volunteers.domain.asking import asking_of
from services.volunteers.domain.change import Change
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand, demand_of, not_found
from services.volunteers.domain.gates import GATES, ON_YES, Gate
from services.volunteers.domain.hands_on import (
    BY_NAME,
    ByHand,
    ask_by_name,
    assign,
    confirm_substitute,
    does_not_fit,
    freeze,
    not_again,
    still_wanted,
    take_back,
    unfreeze,
    waited_for,
)
from services.volunteers.domain.member import Member
from services.volunteers.domain.standing_in import is_to_confirm, without
from services.volunteers.domain.take import Take

_BY_NAME = tuple(gate for gate in GATES if gate.name != "asked")
"""Whoever let an offer pass may be asked again by name."""


_NOBODY_OF_IT = Text("这个队现在没有能去的人", "nobody of this team could go now")
"""Says the same whatever stops it: nobody learns from it whose case this is."""


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
        teams: NamedTeams,
        privacy: Privacy,
    ) -> None:
        self._demands = demands
        self._members = members
        self._seats = seats
        self._dispatch = dispatch
        self._modes = modes
        self._clock = clock
        self._teams = teams
        self._privacy = privacy
        self.suggestions = Suggestions(demands, members, dispatch, modes, clock)
        self._settling = Settling(demands, seats, dispatch, clock)

    def assign(self, call: Call[AssignMember]) -> Outcome:
        """Duty staff have a seat. Conflict: ``not-ordered``, ``does-not-fit``, ``hands-full``, ``nobody-wanted``."""
        command, meta = call.command, call.meta

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            demand, now = within_reach(found, meta.actor), self._clock.now()
            member = _of(demand, member)
            role = role_for(demand, member, command.role, now, ON_YES)
            change, seated = assign(demand, member, role, self._hand(call, demand, now))
            _let_through(demand, member, role, now, ON_YES)
            result = {"ticket_id": demand.id, "assignment_id": change.demand.takes[-1].id}
            change = self._dispatch.go_on(change, now)
            return Decided(change.demand, change.events, result), Decided(seated)

        return self._seats.apply(command.demand_id, command.member_id, meta, decide)

    def invite(self, call: Call[InviteMember]) -> Outcome:
        """Conflict: ``asked-already``, ``comes-already``, ``does-not-fit``, ``nobody-wanted``."""
        return self._ask(call, None)

    def invite_team(self, call: Call[InviteTeam]) -> Outcome:
        """Conflict: ``said-no``, ``asked-already``, ``does-not-fit``, ``nobody-wanted``."""
        team_id = call.command.team_id

        def step(demand: Demand, hand: ByHand) -> Change:
            still_wanted(demand)
            choice = self._teams.by_name(demand, team_id, hand.at)
            if choice is None:
                raise Conflict("does-not-fit", _NOBODY_OF_IT)
            return ask_by_name(demand, choice, hand)

        return self._steer(call, step)

    def pin(self, call: Call[PinMember]) -> Outcome:
        """The same, alone. Conflict, too: ``others-are-asked``, ``open-to-claims``, ``an-emergency``."""
        return self._ask(call, waited_for(call.command.minutes))

    def read_substitutes(self, call: Call[ReadSubstitutes]) -> Outcome:
        """See ``ReadSubstitutes``."""
        demand = within_reach(self._demands.get(call.command.demand_id), call.meta.actor)
        return Outcome({"substitutes": [self._to_confirm(take) for take in demand.holders if is_to_confirm(take)]})

    def confirm_substitute(self, call: Call[ConfirmSubstitute]) -> Outcome:
        """One write: the seat of whoever cannot come is whom they named; then their own document.

        Conflict: ``nobody-named``, ``comes-already``, ``does-not-fit``, ``hands-full``.
        """
        command, meta = call.command, call.meta
        demand_id = demand_of(command.assignment_id)

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            demand, now = within_reach(found, meta.actor), self._clock.now()
            member = _of(demand, member)
            take = demand.take(command.assignment_id)
            hand = self._hand(call, demand, now)
            change, seated = confirm_substitute(demand, take.id, member, hand)
            _let_through(without(demand, take), member, take.role, now, ON_YES)
            result = {"ticket_id": demand.id, "assignment_id": change.demand.takes[-1].id}
            change = self._dispatch.go_on(change, now)
            return Decided(change.demand, change.events, result), Decided(seated)

        outcome = self._seats.apply(demand_id, command.substitute_id, meta, decide)
        self._settling.settle_rest(demand_id, meta)
        return outcome

    def take_seat_back(self, call: Call[TakeSeatBack]) -> Outcome:
        """Conflict: ``seat-released``, ``illegal-transition`` where the work is done."""
        command, meta = call.command, call.meta
        demand_id = demand_of(command.assignment_id)
        holder = within_reach(self._demands.get(demand_id), meta.actor).take(command.assignment_id).member_id

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            demand, now = within_reach(found, meta.actor), self._clock.now()
            change = take_back(demand, command.assignment_id, self._hand(call, demand, now), command.search)
            whole, freed = self._settling.settled(change, member, holder)
            return (None if whole is None else replace(whole, result={"ticket_id": demand.id})), freed

        outcome = self._seats.apply(demand_id, holder, meta, decide)
        self._settling.settle_rest(demand_id, meta)
        return outcome

    def freeze(self, call: Call[FreezeSearch]) -> Outcome:
        """Conflict: ``frozen-already``, ``nobody-is-asked``, ``an-emergency``."""
        return self._steer(call, lambda demand, hand: freeze(demand, hand, call.command.withdraw))

    def unfreeze(self, call: Call[UnfreezeSearch]) -> Outcome:
        """Conflict: ``not-frozen``."""
        return self._steer(call, unfreeze)

    def read_hands(self, call: Call[ReadHands]) -> Outcome:
        """See ``ReadHands``; of an intervention of an older version nobody knows whose it was."""
        actor = call.meta.actor
        demand = within_reach(self._demands.get(call.command.demand_id), actor)
        if not actor.has(AUDITORS, demand.area_path):
            raise not_found()
        whose = {one.number: one.account_id for one in demand.steering.hands}
        return Outcome(
            {
                "hands": [
                    {
                        "number": one.number,
                        "at": time_text(one.at),
                        "step": one.step.value,
                        "reason": one.reason.value,
                        "by": one.by.value,
                        "noted": one.noted,
                        "account_id": whose.get(one.number),
                    }
                    for one in demand.steering.interventions
                ]
            }
        )

    def _ask(self, call: Call[InviteMember] | Call[PinMember], alone: timedelta | None) -> Outcome:
        command = call.command
        member = self._members.get(command.member_id)

        def step(demand: Demand, hand: ByHand) -> Change:
            asked = _of(demand, member)
            role = role_for(demand, asked, command.role, hand.at, _BY_NAME)
            policy = demand.terms.policy if demand.terms else None
            asking = asking_of(asked.employment, policy) if policy else None
            if asking is None:
                raise not_found()
            choice = Choice(asked.id, (BY_NAME,), asking=asking, role=role, by_name=True)
            change = ask_by_name(demand, choice, hand, alone)
            _let_through(demand, asked, role, hand.at, _BY_NAME)
            if not self._modes.fits(demand, choice, hand.at):
                raise not_again()
            return change

        return self._steer(call, step)

    def _to_confirm(self, take: Take) -> Mapping[str, Any]:
        named = self._members.get(take.substitute_named or "")
        return {
            "assignment_id": take.id,
            "member_id": take.member_id,
            "display_name": take.display_name,
            "substitute_id": take.substitute_named,
            "substitute_name": named.display_name if named else "",
            "until": time_text(take.substitute_by) if take.substitute_by else None,
        }

    def _hand(self, call: Call[Any], demand: Demand, now: datetime) -> ByHand:
        reason, account_id = call.command.reason, call.meta.actor.account_id
        if reason is SteeringReason.BEYOND_CAPACITY and not isinstance(call.command, AssignMember | ConfirmSubstitute):
            sentence = Text("这个原因只用于派值守人员", "this reason is for assigning duty staff alone")
            raise Invalid("not-for-this", sentence, "reason")
        roles = (role for role in HIGHEST_FIRST if call.meta.actor.has(frozenset({role}), demand.area_path))
        note = typed_note(call.command.note)

        def seal(number: int) -> bytes:
            return self._privacy.seal(account_id, note_field(demand.id, number), note or "")

        return ByHand(account_id=account_id, role=next(roles), reason=reason, at=now, note=seal if note else None)

    def _steer(self, call: Call[Any], step: Callable[[Demand, ByHand], Change]) -> Outcome:
        return self.suggestions.steer(call, lambda demand, now: step(demand, self._hand(call, demand, now)))


def _let_through(demand: Demand, member: Member, role: str | None, now: datetime, gates: tuple[Gate, ...]) -> None:
    gate = stopping(demand, member, role, now, gates)
    if gate is not None:
        raise does_not_fit(gate.sentence)


def _of(demand: Demand, member: Member | None) -> Member:
    found = known(member)
    if found.community_id != demand.community_id:
        raise not_found()
    return found
