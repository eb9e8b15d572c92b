"""What sending needs of the store: what is due, whose it is meanwhile, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from services.notify.application.ports import Delivery
from services.notify.application.sending_ports import Sent
from services.notify.domain.attempts import Attempt
from services.notify.domain.message import DeliveryStatus

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a leased message is after a look at it, or a try.

    ``sent`` settles the attempt that was begun. ``retry_in`` are seconds of real time until it is looked at again;
    None: it is over. ``wait_until`` moves it in business time, ``put_off`` says why; None leaves them as they are.
    Of one that went out: at ``told_at`` (business time), ``late`` seconds of real time after it was due, by ``way``.
    """

    delivery: Delivery
    status: DeliveryStatus
    reason: str | None = None
    sent: Sent | None = None
    retry_in: float | None = None
    wait_until: datetime | None = None
    put_off: str | None = None
    told_at: datetime | None = None
    late: float = 0.0
    way: str | None = None


class Outbox(Protocol):
    """The messages that wait to go out. Leases and tries are by the database's own clock."""

    def due(self, now: datetime, most: int, channels: Sequence[str]) -> Sequence[Delivery]:
        """Those by *channels* whose time has come at *now* (business time) and that are nobody's; they stay free.

        What is urgent first, then the oldest. One that cannot be read is left for a while, so that it stops no other.
        """

    def put_together(self, recipients: Sequence[tuple[str, str]], now: datetime) -> Sequence[Delivery]:
        """All that was put off to digests of these (community, recipient), is due and nobody's, however many."""

    def stopped(self, deliveries: Sequence[Delivery]) -> Mapping[str, str]:
        """Of those that something overtook, why, by their ids."""

    def read(self, message_ids: Sequence[str]) -> frozenset[str]:
        """Which of these lie read in an inbox."""

    def keep_back(self, reasons: Mapping[str, str]) -> None:
        """Suppress those that still wait and are nobody's, each for its reason."""

    def take(self, message_ids: Sequence[str], seconds: float) -> Sequence[Delivery]:
        """Lease those that still wait and are nobody's; nobody else gets them for so many seconds."""

    def begin(self, attempts: Sequence[tuple[Delivery, Attempt]], seconds: float) -> frozenset[str]:
        """Write down each try before it is made; one that was begun before and never settled is lost.

        Gives the ids of those whose lease still stands, and for so many seconds from now: only these may be tried.
        """

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Write down what came of it, of those whose lease still holds."""


class Turns(Protocol):
    """Of several instances one looks after something."""

    def take(self, name: str) -> bool:
        """Is it ours, for some time from now? Asked again it is ours for longer, unless another got it."""

    def give_back(self, name: str) -> None:
        """Another may have it at once."""


class Pool(Protocol):
    """Does several things at the same time."""

    def __call__(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        """What each of them gives, in their order; none of them may raise."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """So many tries by one way, which settle by themselves what came of them."""

    way: str
    tries: int
    act: Callable[[], None]


class Lanes(Protocol):
    """A lane for each way out, so that one whose provider hangs holds up no other."""

    def take(self, way: str) -> bool:
        """May one more try by it be under way here? It counts from now on, until its work is done."""

    def give_back(self, way: str) -> None:
        """It was not made after all."""

    def go(self, works: Sequence[Work]) -> None:
        """Do all of it side by side; comes back when it is done, but for ways that take their time: these go on."""
