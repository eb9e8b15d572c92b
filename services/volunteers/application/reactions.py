"""What tickets' events do here. Each is keyed by its event and reconciles to the newest snapshot of the order."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.events import AnyReceived
from contracts.events.tickets import TicketAccepted
from services.volunteers.application.dispatch import Dispatch
from services.volunteers.application.ports import AreaRow, Areas, Clock, SeatDecision, Seats, Store
from services.volunteers.domain.change import Change
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.following import News, follow
from services.volunteers.domain.member import Member
from services.volunteers.domain.seating import refuse, settle


class Reactions:
    """The handlers of the inbox, by the names that the topology gives them."""

    def __init__(self, demands: Store[Demand], seats: Seats, dispatch: Dispatch, areas: Areas, clock: Clock) -> None:
        self._demands = demands
        self._seats = seats
        self._dispatch = dispatch
        self._areas = areas
        self._clock = clock

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

    def _follow(self, received: AnyReceived, refused: str | None) -> None:
        """One write for the demand and the first member it concerns, one more for each other member.

        A crash between them loses nothing: the event comes again and finds which seats are not settled yet.
        """
        news, meta = _news(received), _meta(received)

        def decide(demand: Demand | None) -> Change:
            change = follow(demand, news)
            return change.then(lambda at: refuse(at, refused)) if refused else change

        first = self._first_member(received, decide)
        if first is None:
            self._demands.apply(news.ticket.id, meta, lambda demand: self._decided(decide(demand)))
        else:
            self._seats.apply(
                news.ticket.id, first, meta, lambda demand, member: self._settled(decide(demand), member, first)
            )
        if not isinstance(received.body, TicketAccepted):
            self._settle_rest(news.ticket.id, meta)

    def _first_member(self, received: AnyReceived, decide: Callable[[Demand | None], Change]) -> str | None:
        """Whose seat will have to be settled; an order that was just accepted has none."""
        if isinstance(received.body, TicketAccepted):
            return None
        demand = self._demands.get(received.snapshot.id)
        unsettled = decide(demand).demand.unsettled if demand else ()
        return unsettled[0].member_id if unsettled else None

    def _settle_rest(self, demand_id: str, cause: Meta) -> None:
        demand = self._demands.get(demand_id)
        for take in demand.unsettled if demand else ():
            meta = replace(cause, command_id=f"{cause.command_id}:{take.id}")
            self._settle(demand_id, take.member_id, meta)

    def _settle(self, demand_id: str, member_id: str, meta: Meta) -> None:
        def decide(demand: Demand | None, member: Member | None) -> SeatDecision:
            return (None, None) if demand is None else self._settled(Change(demand), member, member_id)

        self._seats.apply(demand_id, member_id, meta, decide)

    def _settled(self, change: Change, member: Member | None, member_id: str) -> SeatDecision:
        settled, after = settle(change.demand, member, member_id)
        whole = Change(settled.demand, change.events + settled.events, change.untold)
        return self._decided(whole), Decided(after) if after else None

    def _decided(self, change: Change) -> Decided[Demand]:
        change = self._dispatch.go_on(change, self._clock.now())
        return Decided(change.demand, change.events)


def _news(received: AnyReceived) -> News:
    terms = received.body.terms if isinstance(received.body, TicketAccepted) else None
    return News(received.snapshot, received.version, terms, received.envelope.correlationid)


def _meta(received: AnyReceived) -> Meta:
    envelope = received.envelope
    return Meta(
        actor=system_actor(envelope.communityid),
        command_id=envelope.id,
        correlation_id=envelope.correlationid,
        causation_id=envelope.id,
        traceparent=envelope.traceparent,
    )
