"""The commands of whoever is asked: yes, not this time, or returned with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.volunteers import AcceptOffer, DeclineOffer, ReturnOffer
from contracts.decisions import Decided
from contracts.dispatch import ReturnReason
from contracts.errors import Conflict, Invalid
from contracts.words import Text
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Clock, Privacy, SeatDecision, Seats, Store, Teams
from services.volunteers.application.relations import known, let_through, member_id_of, own, unasked, within
from services.volunteers.application.settling import Settling
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, demand_of, not_found
from services.volunteers.domain.gates import ON_YES
from services.volunteers.domain.member import Member
from services.volunteers.domain.naming import name_people
from services.volunteers.domain.offer import Offer, note_field
from services.volunteers.domain.returning import give_back_offer
from services.volunteers.domain.search import decline
from services.volunteers.domain.seating import accept

LONGEST_NOTE = 500
"""Characters beside the reason of a return."""


@dataclass(frozen=True, kw_only=True)
class OfferCommands:
    """Everything that is done with an offer. Of what is not theirs to answer people learn nothing: NotFound."""

    demands: Store[Demand]
    members: Store[Member]
    teams: Teams
    seats: Seats
    dispatch: Dispatch
    clock: Clock
    privacy: Privacy

    def accept_offer(self, call: Call[AcceptOffer]) -> Outcome:
        """Take a seat by an offer. Conflict: ``offer-not-open``, ``seat-taken``, ``capacity-full``, ``not-qualified``,
        ``not-serving``.

        The last two since they were asked: a certificate ran out, a guardian took their word back. Of a team whoever
        leads it now names who goes: see ``name_people``.
        """
        offer_id, actor = call.command.offer_id, call.meta.actor
        if call.command.member_ids:
            return self._name(call)
        others = False

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            nonlocal others
            demand, member, now = within(found, actor), known(member), self.clock.now()
            offer = self._theirs(demand, offer_id, actor)
            if offer.team_id is not None:
                raise Conflict("name-people", Text("请点名谁去", "say who goes"), "member_ids")
            change, seated = accept(demand, offer_id, member, now)
            let_through(unasked(demand, offer.role, now), member, ON_YES)
            result = {"assignment_id": change.demand.takes[-1].id, "ticket_id": demand.id}
            change = self.dispatch.go_on(change, now)
            others = bool(change.demand.unsettled)
            return Decided(change.demand, change.events, result), Decided(seated)

        outcome = self.seats.apply(demand_of(offer_id), member_id_of(actor), call.meta, decide)
        if others:  # whoever it was taken from, as somebody stands in for them
            Settling(self.demands, self.seats, self.dispatch, self.clock).settle_rest(demand_of(offer_id), call.meta)
        return outcome

    def decline_offer(self, call: Call[DeclineOffer]) -> Outcome:
        """Not this time; the next best is asked in the same write. Conflict: ``return-instead``."""
        offer_id, actor = call.command.offer_id, call.meta.actor

        def decide(found: Demand | None) -> Decided[Demand]:
            demand = within(found, actor)
            offer = self._theirs(demand, offer_id, actor)
            demand = demand.with_offer(_answered_by(offer, actor))
            return self._looking_on(decline(demand, offer_id))

        return self.demands.apply(demand_of(offer_id), call.meta, decide)

    def return_offer(self, call: Call[ReturnOffer]) -> Outcome:
        """See ``ReturnOffer``; the next best is asked in the same write. Conflict: ``decline-instead``."""
        offer_id, actor, command = call.command.offer_id, call.meta.actor, call.command
        note = _note(command.reason, command.note)
        sealed = None if note is None else self.privacy.seal(member_id_of(actor), note_field(offer_id), note)

        def decide(found: Demand | None) -> Decided[Demand]:
            demand = within(found, actor)
            offer = self._theirs(demand, offer_id, actor)
            demand = demand.with_offer(_answered_by(offer, actor))
            return self._looking_on(give_back_offer(demand, offer_id, command.reason, sealed))

        return self.demands.apply(demand_of(offer_id), call.meta, decide)

    def _looking_on(self, change: Change) -> Decided[Demand]:
        after = self.dispatch.go_on(change, self.clock.now())
        return Decided(after.demand, after.events)

    def _name(self, call: Call[AcceptOffer]) -> Outcome:
        """One write for the seats and the first who goes, one more for each other: as after a rework."""
        offer_id, meta = call.command.offer_id, call.meta
        people = self._named(call)
        settling = Settling(self.demands, self.seats, self.dispatch, self.clock)

        def decide(found: Demand | None, first: Member | None) -> SeatDecision:
            demand, now = within(found, meta.actor), self.clock.now()
            offer = self._theirs(demand, offer_id, meta.actor)
            if offer.team_id is None:
                raise Conflict("not-a-team", Text("这份邀约只请您一个人", "you alone are asked"), "member_ids")
            whole = (known(first), *people[1:])
            change = name_people(demand, offer_id, whole, member_id_of(meta.actor), now)
            taken = [take.id for take in change.demand.takes[-len(whole) :]]
            decided, member = settling.settled(change, first, whole[0].id)
            result = {"assignment_id": taken[0], "assignment_ids": taken, "ticket_id": demand.id}
            return (None if decided is None else replace(decided, result=result)), member

        outcome = self.seats.apply(demand_of(offer_id), people[0].id, meta, decide)
        settling.settle_rest(demand_of(offer_id), meta)
        return outcome

    def _named(self, call: Call[AcceptOffer]) -> Sequence[Member]:
        """Those who are named, adults first, so that who comes with them may; each of the roster, each once."""
        ids = dict.fromkeys(call.command.member_ids)
        demand = within(self.demands.get(demand_of(call.command.offer_id)), call.meta.actor)
        offer = self._theirs(demand, call.command.offer_id, call.meta.actor)
        team = self.teams.get(offer.team_id) if offer.team_id is not None else None
        if team is None:
            raise Conflict("not-a-team", Text("这份邀约只请您一个人", "you alone are asked"), "member_ids")
        roster = {*team.member_ids, team.lead, team.deputy}
        people = [self.members.get(id) for id in ids if id in roster]
        there = [one for one in people if one is not None and one.serving and not one.resting]
        if len(there) < len(ids):
            raise Invalid(
                "not-in-team", Text("点名的人里有不在队里的", "somebody you named is not of the team"), "member_ids"
            )
        return sorted(there, key=lambda one: not one.adult)

    def _theirs(self, demand: Demand, offer_id: str, actor: Actor) -> Offer:
        """The offer, where it is theirs to answer; a team's is whoever's leads it now. Raises NotFound."""
        offer = demand.offer(offer_id)
        if offer.team_id is None:
            own(offer.member_id, actor)
            return offer
        team = self.teams.get(offer.team_id)
        if team is None or member_id_of(actor) not in (team.lead, team.deputy):
            raise not_found()
        return offer


def _answered_by(offer: Offer, actor: Actor) -> Offer:
    """Of a team it is kept who answered."""
    return replace(offer, member_id=member_id_of(actor)) if offer.team_id is not None else offer


def _note(reason: ReturnReason, typed: str | None) -> str | None:
    note = (typed or "").strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid("too-long", Text(f"最多 {LONGEST_NOTE} 个字", f"at most {LONGEST_NOTE} characters"), "note")
    if reason is ReturnReason.OTHER and not note:
        raise Invalid("note-needed", Text("请写明原因", "say in the note what it is"), "note")
    return note or None
