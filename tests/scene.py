"""Where and when the tests live."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
"""Noon in 石榴里 on the day the tests live in."""

COMMUNITY = "shiliuli"
AREA_PATH = ("slc", "slc-hs", "sll", "sll-g1")
