"""Every test process is cooperative, as the services are; the fixtures live in tests/rooms.py."""

import gc
import signal

import pytest

gc.disable()  # what is imported and collected stays: looking it through again and again took a quarter of that time

from tests import green  # noqa: E402

green.patch()

from xdist.remote import Producer  # noqa: E402  what these import is to be patched

from tests.properties import budget  # noqa: E402
from tests.stages import StageScheduling, longest_first  # noqa: E402

budget.prepare()

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell's background starts its jobs deaf to Ctrl-C, and so would be every command that a test interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["tests.rooms"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> StageScheduling | None:
    """Where files stay together, what shares their stack does, too."""
    return StageScheduling(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same order for all workers."""
    items[:] = longest_first(items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """All tests are known; in the process that only hands them out, too."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """The last thing a test process does."""
    green.release_worker()
