"""A pytest plugin: writes how the tests ended to the file that SHILIU_TEST_COUNTS names.

It is loaded before the tests make their process cooperative, so it imports nothing that opens sockets.
"""

import json
import os
from pathlib import Path

import pytest

FILE = "SHILIU_TEST_COUNTS"
OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Runs in the process that reports, not in xdist's workers."""
    file = os.environ.get(FILE)
    if file:
        counts = {outcome: len(terminalreporter.getreports(outcome)) for outcome in OUTCOMES}
        Path(file).write_text(json.dumps(counts), encoding="utf-8")
