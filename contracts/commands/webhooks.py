"""Commands about webhook endpoints, answered by notify; whoever asks reaches their own account's endpoints alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from contracts.commands.notify import NotifyCommand
from contracts.webhooks import DeliveryState


@dataclass(frozen=True, kw_only=True)
class OpenEndpoint(NotifyCommand):
    """A new endpoint. Result: as ReadEndpoint, with ``secret``, which is told this once.

    ``event_types``: types of events, beginnings (``shiliu.ticket.*``) or ``*``; ``areas``: ids that exist and lie where
    the actor may look, which the gateway has seen to; none: everywhere. ``url`` and ``description`` are sealed.
    """

    METHOD: ClassVar[str] = "open_endpoint"
    url: str
    event_types: tuple[str, ...]
    areas: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListEndpoints(NotifyCommand):
    """Result: ``{"endpoints": [as of ReadEndpoint]}``."""

    METHOD: ClassVar[str] = "list_endpoints"


@dataclass(frozen=True, kw_only=True)
class ReadEndpoint(NotifyCommand):
    """Result: ``{"id", "url", "description", "event_types", "areas", "state", "stopped_for", "halt": {"by", "role",
    "at", "reason"} | None, "last_success_at", "failures", "failing_since", "resting_until", "revision", "created_at",
    "secrets": [{"made_at", "ends_at"}], "replay": {"id", "since", "until", "state", "progress", "found"} | None}``.

    ``halt``: which account stopped it for the community, in which role, when and why.
    """

    METHOD: ClassVar[str] = "read_endpoint"
    endpoint_id: str


@dataclass(frozen=True, kw_only=True)
class ChangeEndpoint(NotifyCommand):
    """Another address, filter or description; what is None stays. ``forget_description``: it has none any more.

    ``revision`` is of what the actor saw; raises Conflict ``changed-meanwhile``. Result: as of ReadEndpoint.
    """

    METHOD: ClassVar[str] = "change_endpoint"
    endpoint_id: str
    revision: str
    url: str | None = None
    event_types: tuple[str, ...] | None = None
    areas: tuple[str, ...] | None = None
    description: str | None = None
    forget_description: bool = False


@dataclass(frozen=True, kw_only=True)
class DeleteEndpoint(NotifyCommand):
    """It hears nothing more; what waited for it is given up. Result: ``{"done": true}``."""

    METHOD: ClassVar[str] = "delete_endpoint"
    endpoint_id: str


@dataclass(frozen=True, kw_only=True)
class RotateSecret(NotifyCommand):
    """A further secret, told this once; those before it sign beside it for ``overlap_hours`` more.

    Result: as of ReadEndpoint, with ``secret``.
    """

    METHOD: ClassVar[str] = "rotate_secret"
    endpoint_id: str
    overlap_hours: float = 24.0


@dataclass(frozen=True, kw_only=True)
class SetEndpoint(NotifyCommand):
    """Enable or disable it. Result: as of ReadEndpoint."""

    METHOD: ClassVar[str] = "set_endpoint"
    endpoint_id: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class SendTest(NotifyCommand):
    """Send it a test event. Result: ``{"event_id"}``."""

    METHOD: ClassVar[str] = "send_test"
    endpoint_id: str


@dataclass(frozen=True, kw_only=True)
class ReadAttempts(NotifyCommand):
    """What was sent to it, the newest first. ``before`` is the ``next`` of the page before.

    Result: ``{"deliveries": [{"event_id", "type", "time", "state", "reason", "tries", "next_at",
    "attempts": [{"at", "status", "milliseconds", "reason"}]}], "next"}``; ``status`` is a class (``2xx``), or None.
    """

    METHOD: ClassVar[str] = "read_attempts"
    endpoint_id: str
    state: DeliveryState | None = None
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class Replay(NotifyCommand):
    """Send again: one event, or all that the filters choose of those told from ``since`` to before ``until``.

    Both are business time, 14 days apart at most, and so old at most. One time is read at once: raises Conflict while
    another one runs. Result: ``{"replay": as of ReadEndpoint}``; ``progress`` is how much of the time is read, in
    percent, ``found`` how much of it was chosen.
    """

    METHOD: ClassVar[str] = "replay"
    endpoint_id: str
    event_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SwitchReplay(NotifyCommand):
    """Stop reading the newest time (what was chosen is sent all the same), or go on where it was stopped.

    Where it is so already nothing changes; raises Conflict where it is done, or there is none. Result: as of Replay.
    """

    METHOD: ClassVar[str] = "switch_replay"
    endpoint_id: str
    running: bool
