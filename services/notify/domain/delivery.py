"""A delivery: one event for one endpoint, tried until it is taken; what an answer means, and when to try again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.webhooks import DeliveryState, GivenUp

JITTER = 0.2
LONGEST_ASKED = 86_400.0
"""Seconds that one delivery waits at most because the endpoint asked for it."""
MOST_ATTEMPTS = 20
"""So many are kept of one delivery, the newest."""
_GONE, _TOO_MANY = 410, 429


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try, in real time; no bodies. ``status`` is the class of the answer's status (``2xx``), None without one."""

    at: datetime
    milliseconds: int
    status: str | None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """``id`` is event + endpoint, so that no endpoint gets an event twice as two things.

    ``audience`` says who may hear of it (contracts/hearing.py); None of a test, which is for whoever asked for it.
    ``community_id`` is the event's: to a block's chief the endpoint's may be another. ``stored_at``, ``next_at`` and
    the attempts are real time; ``message`` is what is sent, the same at every try.
    """

    id: str
    community_id: str
    endpoint_id: str
    event_id: str
    message: Mapping[str, Any]
    audience: Mapping[str, Any] | None
    stored_at: datetime
    next_at: datetime | None
    state: DeliveryState = DeliveryState.WAITING
    reason: GivenUp | None = None
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Told:
    """What came of one try. ``failure`` is a code where no answer came; ``asked``: seconds by Retry-After."""

    status: int | None = None
    failure: str | None = None
    asked: float | None = None

    @property
    def taken(self) -> bool:
        """2xx is success, and nothing else: a redirect is followed by nobody."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The endpoint says that it is no more."""
        return self.status == _GONE

    @property
    def throttles(self) -> bool:
        """Has the endpoint too much to do, or is it away?"""
        return self.status is None or self.status == _TOO_MANY or self.status >= 500

    @property
    def status_class(self) -> str | None:
        """As attempts say it."""
        return None if self.status is None else f"{self.status // 100}xx"

    @property
    def reason(self) -> str | None:
        """A code, None where it was taken."""
        if self.taken:
            return None
        return self.failure if self.status is None else f"http-{self.status}"


def delivery_id(event_id: str, endpoint_id: str) -> str:
    """The key of a delivery."""
    return f"{event_id}:{endpoint_id}"


def tried(
    delivery: Delivery, told: Told, began: datetime, ended: datetime, delays: Sequence[float], chance: float
) -> Delivery:
    """After one try; *delays* are seconds before each further one, *chance* (0 to 1) spreads the next."""
    took = round((ended - began).total_seconds() * 1000)
    attempt = Attempt(at=began, milliseconds=max(0, took), status=told.status_class, reason=told.reason)
    attempts = (*delivery.attempts, attempt)[-MOST_ATTEMPTS:]
    after = replace(delivery, tries=delivery.tries + 1, attempts=attempts)
    if told.taken:
        return replace(after, state=DeliveryState.DELIVERED, next_at=None)
    if told.gone:
        return given_up(after, GivenUp.GONE)
    if delivery.tries >= len(delays):
        return given_up(after, GivenUp.TRIES)
    usual = delays[delivery.tries] * (1 + JITTER * (2 * chance - 1))
    wait = max(usual, min(told.asked or 0.0, LONGEST_ASKED))
    return replace(after, next_at=ended + timedelta(seconds=wait))


def given_up(delivery: Delivery, reason: GivenUp) -> Delivery:
    """It is not sent any more."""
    return replace(delivery, state=DeliveryState.GIVEN_UP, reason=reason, next_at=None)
