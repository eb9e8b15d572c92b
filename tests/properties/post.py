"""The brokers of the play: what was published waits for each service until somebody brings it, in order or not."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from chassis.reactions import Handler, Reactions, decode
from contracts.envelope import Envelope
from contracts.events import AnyReceived
from contracts.topology import SERVICES, TOPOLOGY, Row, handlers_of


@cache
def rows_of(service: str, event_type: str) -> frozenset[Row]:
    """What *service* does when it hears of that."""
    return frozenset(row for row in TOPOLOGY if (row.service, row.event) == (service, event_type))


@dataclass
class Post:
    """``waiting`` are (service, event) not yet delivered, oldest first; ``delivered`` those that were, once or more."""

    handlers: Mapping[str, Mapping[str, Handler]]
    waiting: list[tuple[str, AnyReceived]] = field(default_factory=list)
    delivered: list[tuple[str, AnyReceived]] = field(default_factory=list)
    rows: set[Row] = field(default_factory=set)
    """The rows of the topology that a delivery exercised."""

    def __post_init__(self) -> None:
        self._reactions = {service: Reactions(service, self.handlers[service]) for service in SERVICES}

    def publish(self, envelopes: Iterable[Envelope]) -> None:
        """Every service that reacts gets each of them."""
        for envelope in envelopes:
            event = decode(json.dumps(envelope.to_wire()))
            self.waiting += [(service, event) for service in SERVICES if handlers_of(service, envelope.type)]

    def deliver(self, place: int, batch: int = 1, *, stays: bool = False) -> None:
        """Bring what waits at *place* with up to *batch* of the same service behind it; what *stays* comes again."""
        service = self.waiting[place][0]
        places = [at for at in range(place, len(self.waiting)) if self.waiting[at][0] == service][:batch]
        events = [self.waiting[at][1] for at in places]
        if not stays:
            for at in reversed(places):
                del self.waiting[at]
        self.delivered += [(service, event) for event in events]
        self.bring(service, events)

    def again(self, place: int) -> None:
        """Bring once more what was delivered long ago."""
        service, event = self.delivered[place]
        self.bring(service, [event])

    def bring(self, service: str, events: Sequence[AnyReceived]) -> None:
        """One delivery; a handler that fails is a finding: the event would climb the ladder and end in dead."""
        failures = self._reactions[service].react(dict(enumerate(events)))
        for failure in failures.values():
            raise AssertionError(f"{service}'s {failure.handler} fails") from failure.error
        for type in {event.envelope.type for event in events}:
            self.rows |= rows_of(service, type)
