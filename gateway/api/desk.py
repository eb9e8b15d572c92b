"""What the routes work with, put together by the composition root; and who is at the desk now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app, g, request

from chassis.settings import Settings
from contracts.actor import Actor
from contracts.commands import Meta, Outcome
from contracts.envelope import Envelope
from gateway.figures.count import Figures
from gateway.identity.accounts import Accounts
from gateway.identity.identity import Identity
from gateway.identity.tokens import Bearer, Tokens
from gateway.limits.limits import Limits
from gateway.pictures.drawing import Drawing
from gateway.pictures.store import Pictures
from gateway.stream.fanout import Fanout
from gateway.stream.store import StreamStore
from gateway.views.ledger import LedgerViews
from gateway.views.others import MasterViews, OfferViews
from gateway.views.tasks import TaskViews
from gateway.views.tickets import TicketViews
from gateway.views.week import WeekViews

EXTENSION = "shiliu"


class Rpc(Protocol):
    """The client of the services."""

    def call(self, command: Any, meta: Meta, service: str | None = None) -> Outcome:
        """Ask and wait; raises the DomainError that was answered, TooLate, Busy, ServiceFault."""


class Readiness(Protocol):
    """Can this process do its work?"""

    def ready(self) -> Sequence[str]:
        """Why not; empty when it can."""

    def useless(self) -> Sequence[str]:
        """Why people should not even be sent here to read; empty when they may."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything a route may use."""

    settings: Settings
    rpc: Rpc
    project: Callable[[Sequence[Envelope]], None]
    tickets: TicketViews
    ledger: LedgerViews
    offers: OfferViews
    tasks: TaskViews
    weeks: WeekViews
    masters: MasterViews
    pictures: Pictures
    drawing: Drawing
    identity: Identity
    stream: StreamStore
    fanout: Fanout
    limits: Limits
    figures: Figures
    health: Readiness
    now: Callable[[], float]
    """Real time as the stack agrees on it, seconds since the epoch."""

    @property
    def accounts(self) -> Accounts:
        """Who may sign in."""
        return self.identity.accounts

    @property
    def tokens(self) -> Tokens:
        """What signs and reads tokens."""
        return self.identity.tokens


def desk() -> Desk:
    """The desk of the application that handles this request."""
    found: Desk = current_app.extensions[EXTENSION]
    return found


def actor() -> Actor:
    """Who asks."""
    return bearer().actor


def bearer() -> Bearer:
    """Who asks, and until when they may."""
    found: Bearer = g.bearer
    return found


def place() -> str:
    """From where somebody asks, hashed."""
    return desk().identity.places.of(request.environ.get("shiliu.address") or request.remote_addr)


def correlation_id() -> str:
    """The id that follows this request to the last notification."""
    found: str = g.correlation_id
    return found
