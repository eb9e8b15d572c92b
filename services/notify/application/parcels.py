"""A parcel is what goes out in one try: one letter, or several in one, to one address after another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.notify.application.outbox_ports import Outcome
from services.notify.application.ports import Delivery
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.attempts import SUCCESS, Attempt, failures, spent
from services.notify.domain.message import GROUP, DeliveryStatus

RETRY_SECONDS = (5.0, 60.0, 600.0)
"""Waits before the second, third and fourth try by one way that failed for now; then that way is of no more use."""
MOST_TRIES = len(RETRY_SECONDS) + 1
LEASE_SECONDS = 120.0
"""So long a message is one worker's: longer than all tries of one look may take."""
JITTER = 0.2
LONGEST_WAIT = 86_400.0
ON_THE_PILE = DeliveryStatus.QUEUED
"""What a post answers that only prints: it is there to be brought, and no machine tries again."""
NO_REASON = "refused"
"""Where the provider gave none."""
LONGEST_REFERENCE = 200


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """``addresses`` are those that are left to try, the first of them now.

    ``letters`` are the same words in the form for each way, ``locale`` is what whoever reads them wants. ``failed`` is
    what failed for now in this look, ``taken`` what was taken, by which ``way``.
    """

    deliveries: tuple[Delivery, ...]
    letters: Mapping[str, Letter]
    addresses: tuple[Address, ...]
    locale: str
    override: bool = False
    failed: Sent | None = None
    taken: Sent | None = None
    way: str | None = None

    @property
    def first(self) -> Delivery:
        """Whose tries count."""
        return self.deliveries[0]

    @property
    def to_all(self) -> bool:
        """Does every address get it? Else the first that takes it is enough."""
        return _to_all(self.first)

    @property
    def letter(self) -> Letter:
        """The words for where it goes now."""
        return self.letters[self.address.way]

    @property
    def address(self) -> Address:
        """Where it goes now."""
        return self.addresses[0]

    @property
    def attempt(self) -> Attempt:
        """The try that is begun now."""
        lost = any(one.settled is None for one in self.first.attempts)
        robot = self.address.value if self.to_all else None
        return Attempt(way=self.address.way, robot=robot, override=self.override, again=lost)

    def only(self, ours: frozenset[str]) -> "Parcel | None":
        """Without what another sender has by now, who tells it; None where nothing is left."""
        left = tuple(one for one in self.deliveries if one.message.id in ours)
        return replace(self, deliveries=left) if left else None

    def after(self, sent: Sent, at: datetime) -> "Parcel":
        """What is left to do when the try gave *sent*; no address is left where there is nothing."""
        tried = replace(self.attempt, status=sent.status, settled=at, reason=sent.reason)
        attempts = (*self.first.attempts, tried)
        over = tried.target in spent(attempts, MOST_TRIES)
        good = sent.status in SUCCESS or sent.status is ON_THE_PILE
        later = sent.status is DeliveryStatus.FAILED_TEMPORARY and not over
        next_at_once = self.to_all or (not good and (over or self.letter.urgent))
        return replace(
            self,
            deliveries=tuple(replace(one, attempts=(*one.attempts, tried)) for one in self.deliveries),
            addresses=self.addresses[1:] if next_at_once else (),
            failed=sent if later else self.failed,
            taken=sent if good else self.taken,
            way=tried.way if good else self.way,
        )

    def outcome(self, delivery: Delivery, sent: Sent, *, at: datetime, pace: float, chance: float) -> Outcome:
        """What one of its messages is, now that the last try gave *sent*; *pace*: business seconds in a real one."""
        if self.addresses:
            return Outcome(delivery=delivery, status=DeliveryStatus.SENDING, sent=sent, retry_in=LEASE_SECONDS)
        if self.failed is not None and (self.taken is None or self.to_all):
            tries = max(failures(self.first.attempts, one.target) for one in self.first.attempts)
            wait = retry_seconds(tries, self.failed.retry_after, chance)
            status = DeliveryStatus.FAILED_TEMPORARY
            return Outcome(delivery=delivery, status=status, reason=self.failed.reason, sent=sent, retry_in=wait)
        if self.taken is not None:
            late = max(0.0, (at - delivery.wait_until).total_seconds() / pace)
            status = self.taken.status
            if status is ON_THE_PILE:  # nobody has it yet: whoever takes it, and brings it, says so later
                return Outcome(delivery=delivery, status=status, sent=sent)
            return Outcome(delivery=delivery, status=status, sent=sent, told_at=at, late=late, way=self.way)
        status = sent.status if sent.status is DeliveryStatus.SUPPRESSED else DeliveryStatus.FAILED_PERMANENT
        return Outcome(delivery=delivery, status=status, reason=sent.reason or NO_REASON, sent=sent)


def open_addresses(delivery: Delivery, addresses: Sequence[Address]) -> tuple[Address, ...]:
    """Without those that have it already, or that are of no more use."""
    over = spent(delivery.attempts, MOST_TRIES)
    done = {one.target for one in delivery.attempts if one.status in SUCCESS}
    to_all = _to_all(delivery)
    return tuple(one for one in addresses if (one.value if to_all else one.way) not in over | done)


def _to_all(delivery: Delivery) -> bool:
    return delivery.message.channel == GROUP


def storable(sent: Sent) -> Sent:
    """Without a reference that cannot be kept: an odd one must not undo the record of a whole batch."""
    reference = sent.reference
    if reference is None:
        return sent
    kept = len(reference) <= LONGEST_REFERENCE and not any("\ud800" <= char <= "\udfff" for char in reference)
    return sent if kept else replace(sent, reference=None)


def retry_seconds(failures: int, asked_for: float | None, chance: float) -> float:
    """How long to wait after so many failures; *chance* from 0 to 1 takes or adds up to a fifth."""
    usual = RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1] * (1 + JITTER * (2 * chance - 1))
    return max(usual, min(asked_for or 0.0, LONGEST_WAIT))
