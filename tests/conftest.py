"""Every test process is cooperative, as the services are; the fixtures live in tests/rooms.py."""

import gc
import signal

import pytest

gc.disable()  # what is imported and collected stays: looking it through again and again took a quarter of that time

from tests import green  # noqa: E402

green.patch()

from tests.properties import budget  # noqa: E402  what it imports is to be patched

budget.prepare()

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background starts its jobs deaf to Ctrl-C, and so would be every command that a test interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["tests.rooms"]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """All tests are known; in the process that only hands them out, too."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """The last thing a test process does."""
    green.release_worker()
