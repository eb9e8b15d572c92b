"""Bounded waits: a test waits for a condition, never for a time; the bound is for a machine that is very busy."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_EVERY = 0.01


def wait_until(condition: Callable[[], T], seconds: float = 30.0, message: str = "") -> T:
    """Ask *condition* until it gives something true, and return that.

    Raises AssertionError after *seconds*, naming *message* (or the condition) and what was seen last.
    """
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:g} s: {message or condition} (last seen: {found!r})")
        time.sleep(LOOK_EVERY)
