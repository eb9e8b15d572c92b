"""In which order the tests that start stacks are handed to the workers, and which of them stay with one worker."""

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadFileScheduling

SYSTEM = PurePosixPath("tests/system")


class StageScheduling(LoadFileScheduling):
    """Whole stages: with single files, both workers would start the stack that the files of a folder share."""

    def _split_scope(self, nodeid: str) -> str:
        return stage_of(nodeid)


def stage_of(nodeid: str) -> str:
    """What shares a stack with this test: its folder, where that is one of the system tests', else its file."""
    file = PurePosixPath(nodeid.partition("::")[0])
    return str(file.parent if file.parent.parent == SYSTEM else file)


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """What takes minutes begins before what takes less, which fills the gaps: no worker waits long for the other."""
    return sorted(items, key=lambda item: item.get_closest_marker("long") is None)
