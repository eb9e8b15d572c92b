"""Start order does not matter: whoever is first waits, and says every few seconds for what."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.system.stops.birth import Birth

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.slow, pytest.mark.timeout(240)]

FEW_SECONDS = timedelta(seconds=15)
"""Between two lines; they come every three seconds, and later where the machine is busy."""


@pytest.mark.parametrize("missing", ["waiting for the database", "run ./shiliu migrate"])
def test_every_process_waits_alive_and_not_ready_and_says_for_what(birth: Birth, missing: str) -> None:
    step = birth.steps[missing]
    assert set(step.alive.values()) == {True}
    assert {name: answer.ready for name, answer in step.readiness.items()} == dict.fromkeys(birth.town.instances, False)
    assert [name for name, answer in step.readiness.items() if not any(missing in why for why in answer.reasons)] == []


def test_the_wait_is_told_every_few_seconds(birth: Birth) -> None:
    moments = birth.steps["waiting for the database"].moments
    gaps = [later - earlier for told in moments.values() for earlier, later in pairwise(told)]
    assert len(gaps) >= len(birth.town.instances)
    assert max(gaps) < FEW_SECONDS


def test_all_come_to_life_without_a_restart(birth: Birth) -> None:
    assert birth.pids_after == birth.pids_before
    assert len(birth.pids_after) == len(birth.town.instances) == 9
