"""What comes in becomes deliveries: for each endpoint that wants an event and whose owner may hear of it."""

from collections.abc import Iterator, Sequence

from contracts.envelope import Envelope
from contracts.events import AnyReceived
from contracts.hearing import audience, hears
from contracts.webhooks import payload, subscribable, wants
from services.notify.application.webhook_ports import Deliveries, Endpoints, RealTime
from services.notify.domain.delivery import Delivery, delivery_id
from services.notify.domain.endpoint import Endpoint


class WebhookHearing:
    """The handler ``webhooks``: one read and at most one bulk for each batch."""

    def __init__(self, endpoints: Endpoints, deliveries: Deliveries, real: RealTime) -> None:
        self._endpoints = endpoints
        self._deliveries = deliveries
        self._real = real

    def hear(self, events: Sequence[AnyReceived]) -> None:
        """Store what is to be sent; a repeated event adds nothing, and where nobody wants any nothing is written."""
        told = [event.envelope for event in events if event.envelope.type in subscribable()]
        if not told:
            return
        endpoints = self._endpoints.hearing({envelope.communityid for envelope in told})
        rows = [row for envelope in told for row in self.deliveries(envelope, endpoints)] if endpoints else []
        if rows:
            self._deliveries.put(rows)

    def deliveries(
        self, envelope: Envelope, endpoints: Sequence[Endpoint], *, filtered: bool = True
    ) -> Iterator[Delivery]:
        """One for each endpoint that hears of it; not *filtered*: whatever it wants to hear of."""
        message = payload(envelope)
        path = message["data"]["area_path"]
        wanting = [one for one in endpoints if not filtered or wants(one.event_types, one.areas, envelope.type, path)]
        if not wanting or envelope.type not in subscribable():
            return
        # Of an event of an older version that does not say who ordered, whoever ordered hears nothing here.
        whom, now = audience(envelope, {}), self._real()
        for endpoint in wanting:
            if hears(endpoint.owner, envelope.communityid, whom):
                yield Delivery(
                    id=delivery_id(envelope.id, endpoint.id),
                    community_id=envelope.communityid,
                    endpoint_id=endpoint.id,
                    event_id=envelope.id,
                    message=message,
                    audience=whom,
                    stored_at=now,
                    next_at=now,
                )
