"""How the played office answers: as it should, or as such offices do on their bad days."""

from collections import deque
from enum import StrEnum


class Mood(StrEnum):
    """One way of answering."""

    FINE = "fine"
    FAIL = "fail"
    """500."""
    BUSY = "busy"
    """503, come back in a second."""
    SLOW = "slow"
    """Takes what is sent, and answers when nobody waits any more."""
    GARBAGE = "garbage"
    """200, and no JSON."""
    ERROR_IN_200 = "error_in_200"
    """200 around an error: nothing was taken."""
    NEVER = "never"
    """200 around the code that it will never take this."""
    HANG_UP = "hang_up"
    """The connection is cut without a word, after it was written down."""
    ELSEWHERE = "elsewhere"
    """A redirect, which nobody has to follow."""
    LOCKED = "locked"
    """401, though the signature is right."""


class Moods:
    """One after the other, then the last for good: ``fail:3,fine`` fails three times."""

    def __init__(self, script: str = Mood.FINE) -> None:
        self._next: deque[Mood] = deque()
        self._last = Mood.FINE
        self.set(script)

    def set(self, script: str) -> None:
        """Raises ValueError for what is no mood, and for no number of times."""
        moods: list[Mood] = []
        for part in script.split(","):
            name, _, times = part.strip().partition(":")
            moods += [Mood(name)] * (int(times) if times else 1)
        if not moods:
            raise ValueError("no mood")
        self._next, self._last = deque(moods), moods[-1]

    def next(self) -> Mood:
        """For the answer that is due."""
        return self._next.popleft() if self._next else self._last
