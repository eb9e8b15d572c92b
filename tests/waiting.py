"""Bounded waits: a test waits for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

R = TypeVar("R")


def wait_until(condition: Callable[[], R], seconds: float = 10.0) -> R:
    """Ask *condition* until it gives something true, and return that; AssertionError after *seconds*."""
    end = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        assert time.monotonic() < end, f"not within {seconds} s: {condition}"
        time.sleep(0.01)
