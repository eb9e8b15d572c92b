"""The commands of whoever is asked: yes, not this time, or returned with a reason."""

from dataclasses import dataclass

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.volunteers import AcceptOffer, DeclineOffer, ReturnOffer
from contracts.decisions import Decided
from contracts.dispatch import ReturnReason
from contracts.errors import Invalid
from contracts.words import Text
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import Clock, Privacy, SeatDecision, Seats, Store
from services.volunteers.application.relations import known, let_through, member_id_of, own, within
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand, demand_of
from services.volunteers.domain.gates import ON_YES
from services.volunteers.domain.member import Member
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
    seats: Seats
    dispatch: Dispatch
    clock: Clock
    privacy: Privacy

    def accept_offer(self, call: Call[AcceptOffer]) -> Outcome:
        """Take a seat by an offer. Conflict: ``offer-not-open``, ``seat-taken``, ``capacity-full``, ``not-qualified``,
        ``not-serving``.

        The last two since they were asked: a certificate ran out, a guardian took their word back.
        """
        offer_id, actor = call.command.offer_id, call.meta.actor

        def decide(found: Demand | None, member: Member | None) -> SeatDecision:
            demand, member, now = within(found, actor), known(member), self.clock.now()
            offer = _theirs(demand, offer_id, actor)
            change, seated = accept(demand, offer_id, member, now)
            let_through(demand, member, offer.role, now, ON_YES)
            result = {"assignment_id": change.demand.takes[-1].id, "ticket_id": demand.id}
            change = self.dispatch.go_on(change, now)
            return Decided(change.demand, change.events, result), Decided(seated)

        return self.seats.apply(demand_of(offer_id), member_id_of(actor), call.meta, decide)

    def decline_offer(self, call: Call[DeclineOffer]) -> Outcome:
        """Not this time; the next best is asked in the same write. Conflict: ``return-instead``."""
        offer_id, actor = call.command.offer_id, call.meta.actor

        def decide(found: Demand | None) -> Decided[Demand]:
            demand = within(found, actor)
            _theirs(demand, offer_id, actor)
            return self._looking_on(decline(demand, offer_id))

        return self.demands.apply(demand_of(offer_id), call.meta, decide)

    def return_offer(self, call: Call[ReturnOffer]) -> Outcome:
        """See ``ReturnOffer``; the next best is asked in the same write. Conflict: ``decline-instead``."""
        offer_id, actor, command = call.command.offer_id, call.meta.actor, call.command
        note = _note(command.reason, command.note)
        sealed = None if note is None else self.privacy.seal(member_id_of(actor), note_field(offer_id), note)

        def decide(found: Demand | None) -> Decided[Demand]:
            demand = within(found, actor)
            _theirs(demand, offer_id, actor)
            return self._looking_on(give_back_offer(demand, offer_id, command.reason, sealed))

        return self.demands.apply(demand_of(offer_id), call.meta, decide)

    def _looking_on(self, change: Change) -> Decided[Demand]:
        after = self.dispatch.go_on(change, self.clock.now())
        return Decided(after.demand, after.events)


def _theirs(demand: Demand, offer_id: str, actor: Actor) -> Offer:
    offer = demand.offer(offer_id)
    own(offer.member_id, actor)
    return offer


def _note(reason: ReturnReason, typed: str | None) -> str | None:
    note = (typed or "").strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid("too-long", Text(f"最多 {LONGEST_NOTE} 个字", f"at most {LONGEST_NOTE} characters"), "note")
    if reason is ReturnReason.OTHER and not note:
        raise Invalid("note-needed", Text("请写明原因", "say in the note what it is"), "note")
    return note or None
