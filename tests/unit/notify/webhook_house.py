"""Webhooks put together on fakes, with one endpoint of a dispatcher."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chassis.settings import Settings
from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.webhooks import OpenEndpoint, Replay
from services.notify.adapters.webhook_http import StandardSigner
from services.notify.application.webhook_hearing import WebhookHearing
from services.notify.application.webhook_oversight import WebhookOversight
from services.notify.application.webhook_replays import WebhookReplays
from services.notify.application.webhook_sending import WebhookSending
from services.notify.application.webhooks import Webhooks
from services.notify.domain.delivery import Delivery
from services.notify.domain.endpoint import Endpoint
from tests.builders import a_meta, an_actor
from tests.fakes.clock import FixedClock
from tests.fakes.webhooks import (
    START,
    FakeDeliveries,
    FakeEndpoints,
    FakeReplays,
    FakeStandings,
    FakeStores,
    FakeTell,
    Moment,
    OtherSide,
    PlainSeals,
)

RETRY_SECONDS = Settings().webhook_retry_delays
OWNER = an_actor(Role.DISPATCHER, account_id="a-desk")
URL = "https://hooks.example.org/shiliu"
EVERYTHING = ("shiliu.ticket.*", "shiliu.offer.*", "shiliu.assignment.*")


@dataclass
class WebhookHouse:
    """Everything of one process."""

    deliveries: FakeDeliveries = field(default_factory=FakeDeliveries)
    replays: FakeReplays = field(default_factory=FakeReplays)
    stores: FakeStores = field(default_factory=FakeStores)
    standings: FakeStandings = field(default_factory=lambda: FakeStandings({OWNER.account_id: OWNER}))
    other_side: OtherSide = field(default_factory=OtherSide)
    seals: PlainSeals = field(default_factory=PlainSeals)
    tell: FakeTell = field(default_factory=FakeTell)
    real: Moment = field(default_factory=Moment)
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    counted: list[str] = field(default_factory=list)
    most: int = 20
    commands: int = 0

    def __post_init__(self) -> None:
        self.endpoints = FakeEndpoints(self.deliveries)
        self.hearing = WebhookHearing(self.endpoints, self.deliveries, self.real)
        self.webhooks = Webhooks(
            self.endpoints,
            self.deliveries,
            self.replays,
            self.other_side,
            StandardSigner(),
            self.seals,
            self.clock,
            self.real,
            self.most,
        )
        self.oversight = WebhookOversight(self.endpoints, self.deliveries, self.seals, self.tell, self.real)
        self.again = WebhookReplays(
            self.webhooks,
            self.hearing,
            self.endpoints,
            self.deliveries,
            self.replays,
            self.stores,
            self.clock,
            self.real,
        )
        self.sending = WebhookSending(
            self.endpoints,
            self.deliveries,
            self.standings,
            self.other_side,
            StandardSigner(),
            self.seals,
            self.tell,
            self.real,
            15.0,
            RETRY_SECONDS,
            lambda: 0.5,
            one_after_the_other,
            self.counted.append,
        )

    def call(self, command: Any, actor: Actor = OWNER, **meta: Any) -> Call[Any]:
        """One call with an id of its own."""
        self.commands += 1
        values = {"command_id": f"command-{self.commands}", "created_id": f"created-{self.commands:04}", **meta}
        return Call(command, a_meta(actor, **values))

    def opened(self, *event_types: str, actor: Actor = OWNER, **values: Any) -> dict[str, Any]:
        """An endpoint that is open now."""
        self.standings.actors.setdefault(actor.account_id, actor)
        command = OpenEndpoint(url=URL, event_types=event_types or EVERYTHING, **values)
        return dict(self.webhooks.open(self.call(command, actor)).result)

    def replay(self, endpoint_id: str, **values: Any) -> dict[str, Any]:
        """A replay that was asked for."""
        return dict(self.again.ask(self.call(Replay(endpoint_id=endpoint_id, **values))).result["replay"])

    def endpoint(self) -> Endpoint:
        """The one that there is."""
        (found,) = self.endpoints.rows.values()
        return found

    def delivery(self) -> Delivery:
        """The one that there is."""
        (found,) = self.deliveries.rows.values()
        return found

    def send(self) -> None:
        """One look, and everything that it finds."""
        for endpoint_id in self.sending.ready():
            self.sending.serve(endpoint_id)


def one_after_the_other(work: Any, deliveries: Sequence[Delivery]) -> list[Any]:
    return [work(one) for one in deliveries]
