"""One count: how often somebody asked in the window that runs and in the one before.

A sliding window made of two fixed ones: of the window before, so much counts as still lies within the last ``seconds``.
So nobody gets twice the quota around the end of a window, and a count is two numbers that instances can add up.
"""

import math
from dataclasses import dataclass

from gateway.limits.policy import Quota


@dataclass(frozen=True)
class Standing:
    """Whether one more was let through; how many more would be now; in how many seconds there is more room."""

    quota: Quota
    allowed: bool
    remaining: int
    reset: int


class Window:
    """The count of one key in this process, and what the others told of theirs."""

    __slots__ = ("before", "late", "number", "shared", "unsent")

    def __init__(self, number: int) -> None:
        self.number = number
        self.shared = 0
        """What all instances counted in this window, as last read; ours is among it."""
        self.unsent = 0
        """Ours that is not among it yet."""
        self.before = 0
        """All of the window before."""
        self.late = 0
        """Ours of the window before that the others do not know yet."""

    @property
    def now(self) -> int:
        """All that is known of this window."""
        return self.shared + self.unsent

    def hit(self, quota: Quota, moment: float) -> Standing:
        """One more at *moment* (seconds since the epoch); what is refused does not count."""
        self.roll(quota, moment)
        spent = moment / quota.seconds - self.number
        room = quota.requests - self._used(spent)
        if room < 1:
            return Standing(quota, False, 0, self._until_room(quota, spent))
        self.unsent += 1
        return Standing(quota, True, math.floor(room - 1), math.ceil((1 - spent) * quota.seconds))

    def check(self, quota: Quota, moment: float) -> Standing:
        """Was the last one, which is counted already, one too many?"""
        spent = moment / quota.seconds - self.number
        room = quota.requests - self._used(spent)
        reset = self._until_room(quota, spent) if room < 0 else math.ceil((1 - spent) * quota.seconds)
        return Standing(quota, room >= 0, max(0, math.floor(room)), reset)

    def roll(self, quota: Quota, moment: float) -> None:
        """Go on to the window that *moment* is in."""
        number = int(moment // quota.seconds)
        if number > self.number:
            next_one = number == self.number + 1
            self.before = self.now if next_one else 0
            self.late = self.unsent if next_one else 0
            self.number, self.shared, self.unsent = number, 0, 0

    def take(self) -> tuple[int, int]:
        """Ours of this window and of the one before that the others do not know; they are told now."""
        taken = self.unsent, self.late
        self.shared += self.unsent
        self.unsent = self.late = 0
        return taken

    def put_back(self, number: int, taken: tuple[int, int]) -> None:
        """They could not be told what was *taken* in window *number*."""
        if number == self.number:
            self.shared -= taken[0]
            self.unsent += taken[0]
            self.late += taken[1]

    def hear(self, number: int, shared: int | None, before: int) -> None:
        """What all together counted in window *number* (None: nothing was told) and before it."""
        if number == self.number:
            self.shared = self.shared if shared is None else shared
            self.before = max(self.before, before)

    def _used(self, spent: float) -> float:
        return self.before * (1 - spent) + self.now

    def _until_room(self, quota: Quota, spent: float) -> int:
        """Seconds until one more fits; exact as long as nobody else asks meanwhile."""
        wanted = quota.requests - 1
        if self.now <= wanted:
            windows = 1 - (wanted - self.now) / self.before - spent
        else:
            windows = 1 - spent + (1 - wanted / self.now)
        return max(1, math.ceil(windows * quota.seconds))
