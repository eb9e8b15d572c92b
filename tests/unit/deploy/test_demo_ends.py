"""However a demo ends, what it started ends with it: its stack, and with the stack what is played beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from deploy.demo import commands
from deploy.demo.watching import StoryError
from deploy.stack.failure import StackError


class FakeStack:
    """What the command needs of a stack to end it; ``ran`` says whether it ran before."""

    ran = False
    downs = 0

    def __init__(self, _plan: Any) -> None:
        self.plan = self

    def processes(self) -> list[str]:
        return ["tickets"]

    def running(self, _instance: str) -> bool:
        return FakeStack.ran

    def down(self, _say: Any) -> None:
        FakeStack.downs += 1


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def play(what: type[BaseException] | None, *, once: bool, ran: bool) -> int:
        def run(*_: Any) -> bool:
            if what is not None:
                raise what("in the middle of it")
            return True

        monkeypatch.setattr(commands, "Stack", FakeStack)
        monkeypatch.setattr(commands, "_run", run)
        monkeypatch.setattr(commands, "_your_turn", lambda *_: None)
        FakeStack.ran, FakeStack.downs = ran, 0
        try:
            commands.demo(once=once)
        except (KeyboardInterrupt, StackError):
            assert what is not None
        return FakeStack.downs

    return play


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("what", [KeyboardInterrupt, StoryError])
def test_a_story_that_is_broken_off_leaves_nothing_running(
    ended: Callable[..., int], what: type[BaseException], once: bool
) -> None:
    assert ended(what, once=once, ran=False) == 1


def test_a_story_that_was_told_leaves_the_platform_for_whoever_wants_to_try_it(ended: Callable[..., int]) -> None:
    assert ended(None, once=False, ran=False) == 0
    assert ended(None, once=True, ran=False) == 1


def test_what_ran_before_goes_on(ended: Callable[..., int]) -> None:
    assert ended(KeyboardInterrupt, once=True, ran=True) == ended(None, once=True, ran=True) == 0
