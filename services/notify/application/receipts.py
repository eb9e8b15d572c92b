"""What a provider says later of a short message: delivered, or failed in the end."""

from collections.abc import Callable, Collection

from contracts.commands import Call, Outcome
from contracts.commands.posts import TakeSmsReceipts
from services.notify.application.consents import only_the_platform
from services.notify.application.sending_ports import Receipts, Sent


class TakeReceipts:
    """``take_sms_receipts``. ``unkept``: purposes whose messages are stored nowhere, so that no receipt finds them."""

    def __init__(self, receipts: Receipts, read: Callable[[bool, str], Sent], unkept: Collection[str]) -> None:
        self._receipts = receipts
        self._read = read
        self._unkept = frozenset(unkept)

    def take(self, call: Call[TakeSmsReceipts]) -> Outcome:
        """See ``TakeSmsReceipts``; the same receipt may come often."""
        only_the_platform(call)
        known = unknown = 0
        for one in call.command.receipts:
            if one.purpose in self._unkept or self._receipts.settle(one.reference, self._read(one.success, one.code)):
                known += 1
            else:
                unknown += 1
        return Outcome({"known": known, "unknown": unknown})
