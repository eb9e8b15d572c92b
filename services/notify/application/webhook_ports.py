"""What webhooks need of the world."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts.actor import Actor, Role
from contracts.envelope import Envelope
from contracts.webhooks import DeliveryState, GivenUp
from services.notify.domain.delivery import Delivery, Told
from services.notify.domain.endpoint import Endpoint
from services.notify.domain.webhook_replay import EndpointReplay, ReplayState, Store


class RealTime(Protocol):
    """The moment now by the database's clock, as the stack agrees on it, whatever the pace of business time."""

    def __call__(self) -> datetime:
        """UTC."""


class StandingAway(Exception):
    """Who could say how an account stands does not answer now."""


class Standings(Protocol):
    """Who keeps webhooks: as they stand now."""

    def of(self, account_id: str) -> Actor | None:
        """The account as it acts; None where it may keep no webhooks (any more). Raises StandingAway."""


@dataclass(frozen=True)
class Turn:
    """An endpoint that nobody else serves until the turn is given back or over."""

    endpoint: Endpoint
    token: str


class Endpoints(Protocol):
    """The stored endpoints."""

    def add(self, endpoint: Endpoint, most: int) -> bool:
        """Store a new one; False where it is there already. Raises Conflict where the community has so many."""

    def get(self, endpoint_id: str) -> Endpoint | None:
        """One."""

    def owned(self, community_id: str, account_id: str) -> Sequence[Endpoint]:
        """All that hear for an account, the oldest first."""

    def of_community(self, community_id: str) -> Sequence[Endpoint]:
        """All of one community, the oldest first."""

    def active(self) -> Sequence[Endpoint]:
        """All that hear, of all communities."""

    def hearing(self, communities: Collection[str]) -> Sequence[Endpoint]:
        """Active ones of these communities, and of chiefs whose blocks reach into any."""

    def untold(self) -> Sequence[Endpoint]:
        """Disabled ones of which nobody was told."""

    def change(self, endpoint_id: str, decide: Callable[[Endpoint], Endpoint]) -> Endpoint | None:
        """Store what *decide* makes of it, which may be asked again; what it is then, None where it is gone."""

    def delete(self, endpoint_id: str) -> bool:
        """It is gone; False where it was already, or is halted."""

    def ready(self, now: datetime, most: int) -> Sequence[str]:
        """Active ones that do not rest, whom nobody serves, and for whom something is due: who waited longest first."""

    def take_turn(self, endpoint_id: str, now: datetime, until: datetime) -> Turn | None:
        """Serve it alone until then; None where somebody else does, it rests, is disabled or gone."""

    def end_turn(self, turn: Turn, succeeded_at: datetime | None) -> None:
        """Give it back; when anything was taken in it, where anything was."""


class Deliveries(Protocol):
    """The stored deliveries."""

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Store new ones, in one bulk; those that are there stay as they are."""

    def again(self, deliveries: Sequence[Delivery]) -> None:
        """Store them, or have those that are there sent once more, in one bulk."""

    def take(self, endpoint_id: str, now: datetime, until: datetime, most: int) -> Sequence[Delivery]:
        """Due ones, kept from everybody else until then; whoever dies with them leaves them to the next."""

    def finish(self, tried: Sequence[tuple[Delivery, Delivery]]) -> None:
        """Store (as it was taken, what became of it) in one bulk, but of those that are somebody else's by now."""

    def waited_for(self) -> Sequence[str]:
        """The endpoints for which anything waits, those too that are gone."""

    def give_up(self, endpoint_id: str, reason: GivenUp) -> None:
        """All that wait."""

    def page(
        self, endpoint_id: str, state: DeliveryState | None, before: str | None, limit: int
    ) -> Sequence[tuple[str, Delivery]]:
        """The newest first, each with its mark. Raises Invalid for a mark that is none."""


class Replays(Protocol):
    """The stored replays."""

    def add(self, replay: EndpointReplay) -> None:
        """Store a new one; one that is there stays as it is. Raises Conflict while another of its endpoint runs."""

    def latest(self, endpoint_ids: Sequence[str]) -> Mapping[str, EndpointReplay]:
        """The newest of each."""

    def running(self) -> Sequence[EndpointReplay]:
        """Those that are not done, the oldest first."""

    def keep(self, replay: EndpointReplay) -> bool:
        """How far it is; False where it does not run any more."""

    def switch(self, replay: EndpointReplay, after: ReplayState) -> bool:
        """Stop it, or let it go on; False where it was another one than said. Raises Conflict where another runs."""


class EventStores(Protocol):
    """The event stores of the services that own them."""

    @property
    def owners(self) -> Sequence[str]:
        """Their names."""

    def one(self, event_id: str) -> Envelope | None:
        """One event, whoever told it. Raises Busy, TooLate."""

    def communities(self) -> Sequence[str]:
        """All that there are."""

    def page(self, store: Store, since: datetime, until: datetime) -> tuple[Sequence[Envelope], Store]:
        """Some of what was told in that time, and how far the store is read then. Raises Busy, TooLate."""


class Poster(Protocol):
    """The way out."""

    def refused(self, url: str) -> str | None:
        """Why this address is taken by nobody, as a code; None: it may be tried."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Told:
        """Try once; what goes wrong is an answer, not an exception. Redirects are followed by nobody."""


class Signer(Protocol):
    """Standard Webhooks 1.0.0."""

    def new_secret(self) -> str:
        """``whsec_`` and 32 random bytes."""

    def headers(self, secrets: Sequence[str], event_id: str, at: datetime, body: str) -> Mapping[str, str]:
        """What goes with a body: a signature of each secret. *at* is UTC."""


class Seals(Protocol):
    """The vault."""

    def try_seal(self, person: str, text: str, context: str) -> bytes | None:
        """None where the person was erased."""

    def try_open(self, blob: bytes | None, context: str) -> str | None:
        """None where the person was erased."""


class Tell(Protocol):
    """Messages to people about their endpoints; the same once more changes nothing."""

    def stopped(self, endpoint: Endpoint) -> None:
        """It was disabled: its owner and those who look after the community hear why; halted: its owner does."""

    def released(self, endpoint: Endpoint, by: Role) -> None:
        """It was halted, and is not any more: its owner hears so."""


SideBySide = Callable[[Callable[[Delivery], Any], Sequence[Delivery]], Sequence[Any]]
"""Does something for each of some deliveries, several at once; the results in their order."""
