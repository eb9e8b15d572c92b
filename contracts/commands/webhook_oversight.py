"""Commands about all webhook endpoints of a community, for whoever administers it; answered by notify.

Each needs a secretary or administrator of the whole community; none of them ever shows a secret, or more of an address
than its host.
"""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.notify import NotifyCommand
from contracts.webhooks import DeliveryState


@dataclass(frozen=True, kw_only=True)
class ListAllEndpoints(NotifyCommand):
    """Every endpoint of the actor's community, the oldest first.

    Result: ``{"endpoints": [{"id", "account_id", "host", "event_types", "areas", "state", "stopped_for", "halt",
    "last_success_at", "failures", "failing_since", "resting_until", "created_at"}]}``; ``halt``: as of ReadEndpoint.
    """

    METHOD: ClassVar[str] = "list_all_endpoints"


@dataclass(frozen=True, kw_only=True)
class ReadAnyAttempts(NotifyCommand):
    """What was sent to one of them. Result: as of ReadAttempts."""

    METHOD: ClassVar[str] = "read_any_attempts"
    endpoint_id: str
    state: DeliveryState | None = None
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class HaltEndpoint(NotifyCommand):
    """Stop it: it hears nothing more, its owner is told, and only an administrator starts it again.

    ``reason`` is typed, sealed, and shown to the owner with the actor's account and role. Raises Conflict where it is
    stopped so already. Result: a row as of ListAllEndpoints.
    """

    METHOD: ClassVar[str] = "halt_endpoint"
    endpoint_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReleaseEndpoint(NotifyCommand):
    """Start it again; what it was disabled for before it was stopped stays. Its owner is told.

    Raises Conflict where no administrator stopped it. Result: a row as of ListAllEndpoints.
    """

    METHOD: ClassVar[str] = "release_endpoint"
    endpoint_id: str
