"""A process whose wall clock is wrong while its steady clock is right: Debian's libfaketime, where it is installed."""

from pathlib import Path

import pytest

HOUR = 3_600
_LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))

needs_libfaketime = pytest.mark.skipif(not _LIBRARIES, reason="libfaketime is not installed (Debian: faketime)")


def faked_clock(seconds: int) -> dict[str, str]:
    """The environment of a process whose wall clock is off by so many *seconds*; empty for none."""
    if not seconds:
        return {}
    return {"LD_PRELOAD": str(_LIBRARIES[0]), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
