"""Tests that share a stack stay with one worker."""

import pytest

from tests.stages import stage_of


@pytest.mark.parametrize(
    ("test", "stage"),
    [
        ("tests/system/stops/test_sign_out.py::test_a[b::c]", "tests/system/stops"),
        ("tests/system/stops/test_start_order.py::test_d", "tests/system/stops"),
        ("tests/system/test_story.py::test_e", "tests/system/test_story.py"),
        ("tests/chaos/test_chaos.py::test_f", "tests/chaos/test_chaos.py"),
        ("tests/services/chassis/test_alarm.py::test_g", "tests/services/chassis/test_alarm.py"),
    ],
)
def test_a_folder_of_the_system_tests_is_one_stage_and_elsewhere_each_file(test: str, stage: str) -> None:
    assert stage_of(test) == stage
