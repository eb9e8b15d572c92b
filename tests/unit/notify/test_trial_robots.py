"""A robot with a reserved key reaches no provider, and every other one does."""

from typing import Any

import pytest

from contracts.groups import RobotKind
from services.notify.adapters.trial_recipients import SLOW_SECONDS
from services.notify.adapters.trial_robots import TrialRobotPost
from services.notify.application.robot_ports import Access
from tests.builders_of_robots import Keys, a_letter, a_robot, to
from tests.fakes.sending import FakePost


@pytest.mark.parametrize("way", ["wecom", "dingtalk"])
@pytest.mark.parametrize(
    ("key", "status", "reached", "slept"),
    [
        ("trial-succeeds", "sent", 0, []),
        ("trial-slow", "sent", 0, [SLOW_SECONDS]),
        ("trial-fails-for-now", "failed_temporary", 0, []),
        ("trial-fails-for-good", "failed_permanent", 0, []),
        ("a-real-key", "sent", 1, []),
    ],
)
def test_a_reserved_key_behaves_as_it_says(way: str, key: str, status: str, reached: int, slept: list[float]) -> None:
    naps: list[float] = []
    post = FakePost(way)
    held: Any = Keys(Access(key=key))
    receipts: Any = None
    sent = TrialRobotPost(post, held, receipts, naps.append).send(a_letter(), to(a_robot(kind=RobotKind(way))))
    assert (sent.status.value, len(post.letters), naps) == (status, reached, slept)
