"""Recipients to try a way out on, as GOV.UK Notify has them: what is sent to one of these reaches no provider.

In development always, in production where ``test_recipients`` says so. docs/channels.md lists them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from services.notify.adapters.aliyun_sms import phone_number
from services.notify.adapters.verdicts import later, never
from services.notify.application.sending_ports import Address, Letter, Post, Receipts, Sent
from services.notify.domain.message import DeliveryStatus

SOON_SECONDS, LATE_SECONDS, SLOW_SECONDS = 1.0, 60.0, 5.0
REPORTED, AGAIN_SECONDS = 4, 5.0
"""So often a receipt comes, and after how long again."""
MAIL_HOST = "@trial.invalid"
OPENID = "trial-"


class Trial(StrEnum):
    """How a recipient behaves."""

    SUCCEEDS = "succeeds"
    """Taken; where the way has receipts, delivered a second later."""
    LATE = "late"
    """Taken; delivered a minute later."""
    FAILS_FOR_NOW = "fails-for-now"
    FAILS_FOR_GOOD = "fails-for-good"
    SLOW = "slow"
    """Taken after five seconds."""
    FAILS_LATER = "fails-later"
    """Taken; a second later a receipt says that it failed for good."""


PHONES: Mapping[str, Trial] = {
    "00000000001": Trial.SUCCEEDS,
    "00000000002": Trial.LATE,
    "00000000003": Trial.FAILS_FOR_NOW,
    "00000000004": Trial.FAILS_FOR_GOOD,
    "00000000005": Trial.SLOW,
    "00000000006": Trial.FAILS_LATER,
}
_BY_NAME = {trial.value: trial for trial in Trial}


@dataclass(frozen=True)
class _Report:
    seconds: float
    sent: Sent


_DELIVERED = Sent(status=DeliveryStatus.DELIVERED)
_REPORTS: Mapping[Trial, _Report] = {
    Trial.SUCCEEDS: _Report(SOON_SECONDS, _DELIVERED),
    Trial.SLOW: _Report(SOON_SECONDS, _DELIVERED),
    Trial.LATE: _Report(LATE_SECONDS, _DELIVERED),
    Trial.FAILS_LATER: _Report(SOON_SECONDS, never("trial-failed-later").sent()),
}


def trial_of(address: Address) -> Trial | None:
    """How this one behaves; None: it is somebody."""
    if address.way == "sms":
        return PHONES.get(phone_number(address.value))
    if address.way == "email":
        name, host, rest = address.value.partition(MAIL_HOST)
        return _BY_NAME.get(name) if host and not rest else None
    return _BY_NAME.get(address.value.removeprefix(OPENID)) if address.value.startswith(OPENID) else None


class TrialPost:
    """A ``Post`` before another: it answers for the reserved recipients, and passes everybody else on.

    ``after`` does something so many seconds later, ``sleep`` waits.
    """

    def __init__(
        self,
        post: Post,
        receipts: Receipts,
        after: Callable[[float, Callable[[], object]], object],
        sleep: Callable[[float], object],
    ) -> None:
        self._post = post
        self._receipts = receipts
        self._after = after
        self._sleep = sleep

    @property
    def way(self) -> str:
        """See ``Post``."""
        return self._post.way

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``."""
        trial = trial_of(address)
        if trial is None:
            return self._post.send(letter, address)
        if trial is Trial.FAILS_FOR_NOW:
            return later("trial-fails-for-now").sent()
        if trial is Trial.FAILS_FOR_GOOD:
            return never("trial-fails-for-good").sent()
        if trial is Trial.SLOW:
            self._sleep(SLOW_SECONDS)
        reference = f"trial-{sha256(letter.message_id.encode()).hexdigest()[:32]}"
        report = _REPORTS[trial]
        if self.way == "sms":
            self._report(report.seconds, reference, report.sent, REPORTED)
        return Sent(status=DeliveryStatus.SENT, reference=reference)

    def _report(self, seconds: float, reference: str, sent: Sent, times: int) -> None:
        """As providers do: a receipt of which nobody knows yet comes again."""

        def report() -> None:
            if not self._receipts.settle(reference, sent) and times > 1:
                self._report(AGAIN_SECONDS, reference, sent, times - 1)

        self._after(seconds, report)
