"""The host's books of what clients hold without working: streams, polls that wait, answers that nobody took yet."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.greenthread import GreenThread

Free = Callable[[str], bool]
"""Does no bound per address hold for this one?"""


class Waiting:
    """Streams and requests that only wait: so many altogether, and so many of one address."""

    def __init__(self, most: int, most_of_one: int, free: Free) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._free = free
        self._places: dict[Any, str] = {}
        self._greenlets: dict[Any, GreenThread] = {}
        self._of: Counter[str] = Counter()

    def reserve(self, who: Any, address: str) -> bool:
        """Is there a place for *who*? It is theirs from now on, so that many who ask at once are not all told yes."""
        if who in self._places:
            return True
        crowded = self._of[address] >= self._most_of_one and not self._free(address)
        if crowded or len(self._places) >= self._most:
            return False
        self._take(who, address)
        return True

    def begin(self, who: Any, address: str) -> None:
        """It waits now, in this greenlet."""
        if who not in self._places:
            self._take(who, address)
        self._greenlets[who] = eventlet.getcurrent()

    def end(self, who: Any) -> bool:
        """Give the place back; did it wait?"""
        address = self._places.pop(who, None)
        if address is not None:
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]
        return self._greenlets.pop(who, None) is not None

    def interrupt(self, error: BaseException) -> None:
        """Raise *error* in all that wait."""
        for greenlet in list(self._greenlets.values()):
            eventlet.kill(greenlet, error)

    def __len__(self) -> int:
        return len(self._greenlets)

    def _take(self, who: Any, address: str) -> None:
        self._places[who] = address
        self._of[address] += 1


class Untaken:
    """Answers on their way: the work is done, the client reads, at whatever pace it likes."""

    def __init__(self, most_of_one: int, free: Free) -> None:
        self._most_of_one = most_of_one
        self._free = free
        self._sizes: dict[Any, tuple[str, int]] = {}
        self._of: Counter[str] = Counter()

    def has_room(self, address: str) -> bool:
        """May *address* ask for more, or has it to take first what it asked for?"""
        return self._of[address] < self._most_of_one or self._free(address)

    def begin(self, who: Any, address: str, size: int) -> None:
        """An answer of *size* bytes goes out."""
        self._sizes[who] = address, size
        self._of[address] += size

    def end(self, who: Any) -> None:
        """It is out, or the client gone."""
        address, size = self._sizes.pop(who, ("", 0))
        if address:
            self._of[address] -= size
            if self._of[address] <= 0:
                del self._of[address]

    def __len__(self) -> int:
        return len(self._sizes)
