"""Robots to try groups on: one whose key is ``trial-`` and how it behaves reaches no provider; docs/channels.md."""

from collections.abc import Callable

from services.notify.adapters.trial_recipients import TrialPost, trial_of
from services.notify.application.robot_ports import Robots
from services.notify.application.sending_ports import Address, Letter, Post, Receipts, Sent


class TrialRobotPost:
    """A ``Post`` before a robots' one. An address there is a robot's id: what is reserved is its key."""

    def __init__(self, post: Post, robots: Robots, receipts: Receipts, sleep: Callable[[float], object]) -> None:
        self._post = post
        self._robots = robots
        self._trial = TrialPost(post, receipts, _no_receipts, sleep)

    @property
    def way(self) -> str:
        """See ``Post``."""
        return self._post.way

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``."""
        access = self._robots.access(address.value)
        reserved = None if access is None else Address(way=self.way, value=access.key)
        if reserved is None or trial_of(reserved) is None:
            return self._post.send(letter, address)
        return self._trial.send(letter, reserved)


def _no_receipts(_seconds: float, _report: Callable[[], object]) -> None:
    """Groups have none."""
