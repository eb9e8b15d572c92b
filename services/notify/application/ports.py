"""What the use cases of notify need of the world."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts.events import AnyReceived
from contracts.recusal import Recusal
from services.notify.domain.attempts import Attempt
from services.notify.domain.audience import Recipients
from services.notify.domain.message import DeliveryStatus, Message
from services.notify.domain.overtaking import Overtaking
from services.notify.domain.template import PACKAGED, Form


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A message as it lies in an inbox, with when whoever asks read it, and said that they know."""

    message: Message
    read_at: datetime | None
    acknowledged_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """When somebody read a message first, and when they said first that they know."""

    read_at: datetime
    acknowledged_at: datetime


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A message with what became of it.

    ``wait_until`` (business time) is when it goes out at the earliest, later than the message's own where it was
    ``put_off``; ``lease`` says whose it is while it is sent. ``tries`` counts those that were settled. ``told_at``
    (business time) is when it went out, ``acknowledged_at`` when the first of its readers said that they know.
    """

    message: Message
    status: DeliveryStatus
    reason: str | None
    tries: int
    wait_until: datetime
    attempts: tuple[Attempt, ...] = ()
    put_off: str | None = None
    lease: str | None = None
    told_at: datetime | None = None
    acknowledged_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A message in words; ``locale`` is the one it is in, ``dir`` how that runs, as HTML says it."""

    title: str
    body: str
    locale: str = "zh-CN"
    dir: str = "ltr"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of something that one person was to hear, and when they read it."""

    delivery: Delivery
    read_at: datetime | None


class Messages(Protocol):
    """The stored messages and their inboxes."""

    def add(self, messages: Sequence[Message], overtakings: Sequence[Overtaking] = ()) -> None:
        """Store messages, and what overtakes others; those already there stay as they are."""

    def inbox(
        self, community_id: str, recipients: Recipients, account_id: str, cursor: str | None, limit: int
    ) -> tuple[list[Entry], str | None]:
        """In-app messages of the recipients, newest first, and the cursor of the next page. Raises Invalid."""

    def unread(self, community_id: str, recipients: Recipients, account_id: str) -> int:
        """How many in-app messages the account has not read."""

    def mark_read(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> datetime | None:
        """Note the first reading by this account and give its time; None when there is no such message for them."""

    def acknowledge(self, message_id: str, recipients: Recipients, account_id: str, now: datetime) -> Known | None:
        """Note the first time that this account says that it knows, which is reading, too; None as for reading."""

    def deliveries(self, community_id: str, thread: str) -> list[Delivery]:
        """Everything that was told about one order, oldest first."""

    def told(self, community_id: str, recipients: Recipients, thread: str, account_id: str) -> list[Told]:
        """What was told, or was to be told, to the recipients about one thing, oldest first."""

    def silence(self, community_id: str, threads: Sequence[str], rules: Sequence[str], reason: str) -> None:
        """Keep back what waits to be sent of these orders under these rules."""

    def forget(self, community_id: str, threads: Sequence[str], rules: Sequence[str]) -> None:
        """Delete what was told of these orders under these rules."""

    def recuse(self, community_id: str, thread: str, recused: Recusal, theirs: Sequence[str], reason: str) -> None:
        """What many were told of this is for none of *recused* any more; what waits for *theirs* is kept back."""


class Resting(Protocol):
    """Whose account rests since they died; ids alone."""

    def keep(self, events: Sequence[AnyReceived]) -> None:
        """Keep what persons' events say of their own accounts; the newest of each person counts."""

    def holds(self, recipient: str) -> bool:
        """Is it the account of somebody who died, or them as a member?"""

    def among(self, recipients: Iterable[str]) -> frozenset[str]:
        """Which of these are?"""


class Templates(Protocol):
    """The words of messages, by template and locale."""

    def render(
        self,
        template: str,
        locale: str,
        params: Mapping[str, Any],
        version: int | None = None,
        *,
        community_id: str = PACKAGED,
        form: Form = Form.LETTER,
    ) -> Rendered:
        """The message in words: of a *version* as the community has it (None: the one that holds now).

        *locale* may name several, between commas, the dearest first; what nobody wrote in any of them is in zh-CN.
        """

    def newest(self, community_id: str, template: str) -> int:
        """The version that holds now where somebody of this community is told."""


class Clock(Protocol):
    """Business time."""

    def now(self) -> datetime:
        """Now, in UTC."""
