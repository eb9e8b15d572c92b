"""What tickets' events do here. Each is keyed by its event and reconciles to the newest snapshot of the order."""

from collections.abc import Callable, Sequence
from functools import partial

from contracts.commands import reaction_to
from contracts.decisions import Decided
from contracts.events import AnyReceived
from contracts.events.tickets import TicketAccepted
from contracts.events.upstream import TicketTermsFrozen
from contracts.events.visits import TicketVisited
from contracts.ladder import Rung
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import AreaRow, Areas, Clock, SeatDecision, Seats, Store
from services.volunteers.application.recording import Recording
from services.volunteers.application.settling import Settling
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.following import News, follow
from services.volunteers.domain.member import Member
from services.volunteers.domain.seating import refuse
from services.volunteers.domain.visits import after_visit

_BRING_TERMS = (TicketAccepted, TicketTermsFrozen)


class Reactions:
    """The handlers of the inbox, by the names that the topology gives them."""

    def __init__(
        self, demands: Store[Demand], seats: Seats, dispatch: Dispatch, areas: Areas, clock: Clock, recording: Recording
    ) -> None:
        self._demands = demands
        self._seats = seats
        self._areas = areas
        self._dispatch = dispatch
        self._recording = recording
        self._clock = clock
        self._settling = Settling(demands, seats, dispatch, clock)

    def keep_area(self, batch: Sequence[AnyReceived]) -> None:
        """Keep the newest version of every area."""
        self._areas.keep([AreaRow(received.snapshot, received.version) for received in batch])

    def follow_ticket(self, batch: Sequence[AnyReceived]) -> None:
        """Open, finish, resume, restart or end the demand of an order."""
        for received in batch:
            self._follow(received, refused=None)

    def free_refused_seat(self, batch: Sequence[AnyReceived]) -> None:
        """The order could not use a seat that was taken: free it, and look on if people are still wanted."""
        for received in batch:
            self._follow(received, refused=received.body.assignment_id)

    def follow_visit(self, batch: Sequence[AnyReceived]) -> None:
        """A visit ended without the work: what that makes of the seat, in one transaction with its holder."""
        for received in batch:
            meta, said = reaction_to(received.envelope), received.body

            def decide(demand: Demand | None, member: Member | None, said: TicketVisited = said) -> SeatDecision:
                if demand is None:
                    return None, None
                return self._settling.settled(after_visit(demand, said, self._clock.now()), member, said.member_id)

            self._seats.apply(received.envelope.subject, said.member_id, meta, decide)
            self._settling.settle_rest(received.envelope.subject, meta)

    def to_duty(self, batch: Sequence[AnyReceived]) -> None:
        """An order came to the duty officer. By itself this says nothing else of the order, and opens no demand."""
        for received in batch:
            if received.body.rung is Rung.DUTY:
                decide = partial(self._to_duty, round=received.snapshot.round)
                self._demands.apply(received.envelope.subject, reaction_to(received.envelope), decide)

    def _to_duty(self, demand: Demand | None, round: int) -> Decided[Demand] | None:
        if demand is None:
            return None
        change = self._dispatch.up_to_duty(demand, round, self._clock.now())
        return None if change.demand == demand else self._settling.decided(change)

    def _follow(self, received: AnyReceived, refused: str | None) -> None:
        """One write for the demand and the first member it concerns, one more for each other member.

        A crash between them loses nothing: the event comes again and finds which seats are not settled yet.
        """
        news, meta = _news(received), reaction_to(received.envelope)

        def decide(demand: Demand | None) -> Change:
            change = follow(demand, news)
            return change.then(lambda at: refuse(at, refused)) if refused else change

        first = self._first_member(received, decide)
        if first is None:
            self._demands.apply(news.ticket.id, meta, lambda demand: self._settling.decided(decide(demand)))
        else:
            settled = self._settling.settled
            self._seats.apply(news.ticket.id, first, meta, lambda demand, one: settled(decide(demand), one, first))
        if not isinstance(received.body, TicketAccepted):
            after = self._settling.settle_rest(news.ticket.id, meta)
            if after is not None:
                self._recording.keep(after, received.time, meta)

    def record_hours(self, batch: Sequence[AnyReceived]) -> None:
        """Somebody's part ended before the whole order's: put their time on record."""
        for received in batch:
            demand = self._demands.get(received.envelope.subject)
            if demand is not None:
                self._recording.keep(demand, received.time, reaction_to(received.envelope))

    def _first_member(self, received: AnyReceived, decide: Callable[[Demand | None], Change]) -> str | None:
        """Whose seat will have to be settled; an order that was just accepted has none."""
        if isinstance(received.body, TicketAccepted):
            return None
        demand = self._demands.get(received.snapshot.id)
        unsettled = decide(demand).demand.unsettled if demand else ()
        return unsettled[0].member_id if unsettled else None


def _news(received: AnyReceived) -> News:
    terms = received.body.terms if isinstance(received.body, _BRING_TERMS) else None
    return News(received.snapshot, received.version, terms, received.envelope.correlationid)
