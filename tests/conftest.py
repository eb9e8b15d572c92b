"""Every test process is cooperative, as the services are; the fixtures live in tests/rooms.py."""

from tests import green

green.patch()

pytest_plugins = ["tests.rooms"]


def pytest_unconfigure() -> None:
    """The last thing a test process does."""
    green.release_worker()
