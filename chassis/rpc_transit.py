"""How long a request has been on its way, told without comparing the wall clocks of two machines.

A request says when it was sent by its sender's steady clock. The difference between that and the receiver's steady
clock at its arrival says nothing by itself, for the two began to count at different moments. But it is the same for
all requests of one sender, apart from the time that each was on its way. So what a request has above the least
difference seen, it has waited: in the broker's queue, on a frozen network, in a socket that nobody read.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from chassis.clock import elapsed_seconds

SERIES = "shiliu-series"
"""Header: requests with the same value may be compared."""
SENT = "shiliu-sent"
"""Header: milliseconds of the sender's steady clock."""

SERIES_SECONDS = 600.0
"""After this a sender begins anew: until then two steady clocks have parted by less than a tenth of a second."""
REMEMBERED = 1_000
"""Series that a receiver knows at most."""


class Stamps:
    """What a sender writes on its requests."""

    def __init__(self, elapsed: Callable[[], float] = elapsed_seconds) -> None:
        self._elapsed = elapsed
        self.renew()

    def headers(self) -> dict[str, Any]:
        """For a request that is sent now."""
        now = self._elapsed()
        if now - self._began >= SERIES_SECONDS:
            self.renew()
        return {SERIES: self._series, SENT: round(now * 1000)}

    def renew(self) -> None:
        """Forget what receivers know of this clock: for one that was found to have stood still."""
        self._series = uuid4().hex
        self._began = self._elapsed()


class Transit:
    """What a receiver knows of its senders' clocks."""

    def __init__(self) -> None:
        self._least: OrderedDict[str, float] = OrderedDict()

    def waited(self, headers: Mapping[str, Any], arrived: float) -> float:
        """Seconds that a request was on its way longer than the quickest of its series; 0 where nothing is known.

        *arrived*: seconds of this process's steady clock.
        """
        series, sent = headers.get(SERIES), headers.get(SENT)
        if not isinstance(series, str) or not isinstance(sent, int):
            return 0.0
        difference = arrived - sent / 1000
        self._least[series] = least = min(difference, self._least.get(series, difference))
        self._least.move_to_end(series)
        if len(self._least) > REMEMBERED:
            self._least.popitem(last=False)
        return difference - least
