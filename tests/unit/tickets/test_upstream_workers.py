"""Reports are sent side by side, and what fails is told."""

import pytest
from eventlet import sleep

from services.tickets.adapters.upstream_wiring import WORKERS, side_by_side


def test_one_slow_office_keeps_no_other_waiting() -> None:
    begun: list[int] = []

    def run() -> None:
        begun.append(len(begun))
        while len(begun) < WORKERS:
            sleep(0)

    side_by_side(run)()
    assert begun == list(range(WORKERS))


def test_an_error_is_told_and_the_others_finish() -> None:
    done: list[int] = []

    def run() -> None:
        sleep(0)
        done.append(1)
        if len(done) == 1:
            raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError):
        side_by_side(run)()
    assert len(done) == WORKERS
