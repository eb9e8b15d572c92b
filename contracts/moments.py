"""How a moment is written wherever text crosses a border."""

from datetime import UTC, datetime


def time_text(moment: datetime) -> str:
    """The wire form of a moment: UTC, to the millisecond, ``2026-11-21T08:05:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
