"""One try to reach somebody outside the platform: when, by which way, what came of it; no address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.message import DeliveryStatus

LOST = "lost"
"""Whoever tried ended in the middle of it: nobody knows whether it went out, and it is tried again."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """``began`` and ``settled`` are real time by the database's clock.

    ``reference`` is the provider's own id; ``robot`` says which group it went to. ``override``: it went out in the
    quiet hours of whom it is for. ``again``: the one before it was lost.
    """

    way: str
    robot: str | None = None
    began: datetime | None = None
    settled: datetime | None = None
    status: DeliveryStatus = DeliveryStatus.SENDING
    reason: str | None = None
    reference: str | None = None
    override: bool = False
    again: bool = False

    @property
    def target(self) -> str:
        """What it tried: a way to a person, or one of several groups."""
        return self.robot or self.way

    @property
    def failed_for_now(self) -> bool:
        """Did it fail for now, or get lost?"""
        return self.settled is None or self.status is DeliveryStatus.FAILED_TEMPORARY


SUCCESS = frozenset({DeliveryStatus.SENT, DeliveryStatus.DELIVERED})
_OVER = frozenset({DeliveryStatus.FAILED_PERMANENT, DeliveryStatus.SUPPRESSED})


def failures(attempts: Sequence[Attempt], target: str) -> int:
    """How often it failed for now."""
    return sum(one.failed_for_now for one in attempts if one.target == target)


def spent(attempts: Sequence[Attempt], most: int) -> frozenset[str]:
    """The targets that are of no more use: they failed for good, or for now as often as one may try."""
    over = {one.target for one in attempts if one.status in _OVER}
    return frozenset(over | {one.target for one in attempts if failures(attempts, one.target) >= most})
