"""Every event of the house. ``EVENTS`` is the table from its type to its class."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from contracts.envelope import Envelope
from contracts.events.absences import ABSENCE_EVENTS
from contracts.events.cash import CASH_EVENTS
from contracts.events.counter import COUNTER_EVENTS
from contracts.events.hands_on import HANDS_ON_EVENTS
from contracts.events.harm import HARM_EVENTS
from contracts.events.hours import HOURS_EVENTS
from contracts.events.intake import INTAKE_EVENTS
from contracts.events.ladder import LADDER_EVENTS
from contracts.events.ledger import LEDGER_EVENTS
from contracts.events.masters import MASTER_EVENTS
from contracts.events.merging import MERGING_EVENTS
from contracts.events.people import PERSON_EVENTS
from contracts.events.pleas import PLEA_EVENTS
from contracts.events.public_answers import PUBLIC_ANSWER_EVENTS
from contracts.events.results import RESULT_EVENTS
from contracts.events.rosters import ROSTER_EVENTS
from contracts.events.seat_visits import SEAT_VISIT_EVENTS
from contracts.events.talk import TALK_EVENTS
from contracts.events.tickets import TICKET_EVENTS
from contracts.events.upstream import UPSTREAM_EVENTS
from contracts.events.visits import VISIT_EVENTS
from contracts.events.volunteers import DEMAND_EVENTS


class Event(Protocol):
    """What happened, without its envelope; an aggregate's methods return these."""

    AGGREGATE: ClassVar[str]
    SOURCE: ClassVar[str]
    SNAPSHOT: ClassVar[type]
    TYPE: ClassVar[str]


E = TypeVar("E", covariant=True)
S = TypeVar("S", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Received(Generic[E, S]):
    """A delivered event, decoded: what happened (``body``), what is now (``snapshot``), and its envelope."""

    body: E
    snapshot: S
    envelope: Envelope
    time: datetime

    @property
    def version(self) -> int:
        """The aggregate's version that this event is."""
        return self.envelope.aggregateversion


AnyReceived = Received[Any, Any]

EVENTS: dict[str, Any] = {
    event.TYPE: event  # type: ignore[attr-defined]
    for event in (
        *TICKET_EVENTS,
        *INTAKE_EVENTS,
        *LADDER_EVENTS,
        *COUNTER_EVENTS,
        *LEDGER_EVENTS,
        *CASH_EVENTS,
        *MERGING_EVENTS,
        *RESULT_EVENTS,
        *TALK_EVENTS,
        *VISIT_EVENTS,
        *SEAT_VISIT_EVENTS,
        *PUBLIC_ANSWER_EVENTS,
        *UPSTREAM_EVENTS,
        *DEMAND_EVENTS,
        *HANDS_ON_EVENTS,
        *HOURS_EVENTS,
        *ABSENCE_EVENTS,
        *ROSTER_EVENTS,
        *MASTER_EVENTS,
        *PERSON_EVENTS,
        *HARM_EVENTS,
        *PLEA_EVENTS,
    )
}
