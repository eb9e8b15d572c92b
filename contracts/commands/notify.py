"""Reads and commands to notify: a person's inbox and the delivery log."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.words import CodePurpose


class NotifyCommand:
    """Answered by notify."""

    SERVICE: ClassVar[str] = "notify"
    METHOD: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class ReadInbox(NotifyCommand):
    """The actor's own messages, newest first, rendered in ``locale`` (zh-CN or en).

    Result: ``{"items": [{"id", "at", "ticket_id", "number", "title", "body", "urgent", "read_at", "acknowledged_at"}],
    "next": cursor | None, "unread": int}``.
    """

    METHOD: ClassVar[str] = "read_inbox"
    cursor: str | None = None
    limit: int = 20
    locale: str = "zh-CN"


@dataclass(frozen=True, kw_only=True)
class MarkRead(NotifyCommand):
    """The actor has read one of their messages. Result: ``{"read_at"}``."""

    METHOD: ClassVar[str] = "mark_read"
    message_id: str


@dataclass(frozen=True, kw_only=True)
class Acknowledge(NotifyCommand):
    """The actor says of one of their messages that they know: more than having seen it, and reading it, too.

    Result: ``{"read_at", "acknowledged_at"}``, both of the first time.
    """

    METHOD: ClassVar[str] = "acknowledge"
    message_id: str


@dataclass(frozen=True, kw_only=True)
class ReadMyNotices(NotifyCommand):
    """Why the actor did, or did not, get each message about an order, in words of both languages.

    Result: ``{"notices": [{"id", "at", "title", "category", "channel", "status", "reason", "read_at", "why": {"zh",
    "en"}}]}``, oldest first; none where nothing was to be told to them.
    """

    METHOD: ClassVar[str] = "read_my_notices"
    ticket_id: str
    locale: str = "zh-CN"


@dataclass(frozen=True, kw_only=True)
class ReadDeliveries(NotifyCommand):
    """Staff: what was told about an order, by which channel and way, with what success.

    Result: ``{"deliveries": [{"id", "at", "event_type", "rule", "audience", "channel", "category", "status", "reason",
    "tries", "not_before", "put_off", "acknowledged_at", "attempts": [{"way", "began", "settled", "status", "reason",
    "override", "again"}]}]}`` (audience is the kind of recipient, never a name; attempts are in real time;
    ``acknowledged_at`` is when the first of them said that they know, of an invitation never told).
    """

    METHOD: ClassVar[str] = "read_deliveries"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class ReadPunctuality(NotifyCommand):
    """Staff: the share of messages that went out within ten seconds of being due, by way and day, of the last days.

    Result: ``{"within_seconds", "days": [{"way", "day", "sent", "in_time", "share"}]}``, newest day first.
    """

    METHOD: ClassVar[str] = "read_punctuality"
    days: int = 14


@dataclass(frozen=True, kw_only=True)
class SendCode(NotifyCommand):
    """The platform tells a person a one-time code, at once; neither the code nor the phone is kept.

    With ``email`` it goes there and not to the ``phone``, which is empty then.

    Result: ``{"status", "reason"}`` as the channel answered (sent, delivered, failed_temporary, failed_permanent,
    suppressed).
    """

    METHOD: ClassVar[str] = "send_code"
    phone: str
    email: str | None = None
    code: str
    purpose: CodePurpose
    minutes: int
    locale: str = "zh-CN"
