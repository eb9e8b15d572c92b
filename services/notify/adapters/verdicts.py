"""What a table of provider's answers holds, and how what is in no table is told."""

import re
from dataclasses import dataclass

from chassis.outgoing import Failure
from services.notify.application.sending_ports import Sent
from services.notify.domain.message import DeliveryStatus

_ODD = re.compile(r"[^A-Za-z0-9._:-]")
_LONGEST = 60


@dataclass(frozen=True)
class Verdict:
    """One row: our status, our reason (a code, stable), and after how many seconds to come again, if that is known."""

    status: DeliveryStatus
    reason: str
    wait: float | None = None

    def sent(self, wait: float | None = None) -> Sent:
        """As an answer; *wait*: what the provider itself said."""
        return Sent(status=self.status, reason=self.reason, retry_after=self.wait if wait is None else wait)


def later(reason: str, wait: float | None = None) -> Verdict:
    """It may succeed when it is tried again."""
    return Verdict(DeliveryStatus.FAILED_TEMPORARY, reason, wait)


def never(reason: str) -> Verdict:
    """It will not succeed, however often it is tried."""
    return Verdict(DeliveryStatus.FAILED_PERMANENT, reason)


def unknown(way: str, code: object) -> Verdict:
    """An answer that no table has: for now only, and named, so that somebody can look it up."""
    return later(f"{way}-unknown:{_ODD.sub('', str(code))[:_LONGEST]}")


def no_answer(failure: Failure) -> Sent:
    """Nothing came back. After a time-out or a broken connection the provider may have taken it all the same."""
    return later(f"provider-{failure.value}").sent()
