"""Sends what waits for robots: within what each takes, the overflow in one, and nothing twice but by a crash.

A robot's letters are looked after by one instance at a time. Whatever is about to be tried is written down before, with
the digest that it is part of; who dies in the middle leaves a digest that is sent again as it was. Once there was no
room, or the provider wanted a pause, all that waits goes out as one message as soon as it may.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from contracts.groups import RobotState
from services.notify.application.group_words import GroupWords
from services.notify.application.outbox_ports import Turns
from services.notify.application.robot_ports import GroupLetter, GroupLetters, Robots, Try
from services.notify.application.sending_ports import Address, Budgets, Letter, Limit, Post, Receipts, Sent
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.robot import Robot

RETRY_SECONDS = (5.0, 60.0, 600.0, 3_600.0)
JITTER = 0.2
MOST_IN_ONE = 5_000
"""Messages that one digest is about, most of them as a number; those beyond go with the next."""
MERGED = "merged"
BROKEN = "robot-broken"
OFF = "robot-off"
CONTENT = frozenset({"content-refused", "content-too-long", "kind-refused"})
"""Refusals that are about what was said: the robot itself is well."""
_GOOD = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)


Alarm = Callable[[Robot, str, GroupLetter], None]
"""Tells staff that a robot broke, why, and at which letter."""


class GroupSending:
    """``now`` is real time; ``chance`` gives 0 to 1; ``most_failures`` for good, one after the other, break a robot."""

    def __init__(
        self,
        *,
        robots: Robots,
        letters: GroupLetters,
        words: GroupWords,
        posts: Mapping[str, Post],
        budgets: Budgets,
        limit: Limit,
        receipts: Receipts,
        turns: Turns,
        alarm: Alarm,
        now: Callable[[], datetime],
        chance: Callable[[], float],
        most_failures: int,
    ) -> None:
        self._robots = robots
        self._letters = letters
        self._words = words
        self._posts = posts
        self._budgets = budgets
        self._limit = limit
        self._receipts = receipts
        self._turns = turns
        self._alarm = alarm
        self._now = now
        self._chance = chance
        self._most_failures = most_failures

    def ready(self) -> Sequence[str]:
        """The robots for which something may go now."""
        return self._letters.due(self._now())

    def serve(self, robot_id: str) -> None:
        """Send what may go now by one robot, unless another instance does."""
        if self._turns.take(robot_id):
            try:
                while self._turns.take(robot_id) and self._step(robot_id):
                    pass
            finally:
                self._turns.give_back(robot_id)

    def _step(self, robot_id: str) -> bool:
        """One message, or several in one; says whether there may be more to do at once."""
        waiting = self._letters.waiting(robot_id, MOST_IN_ONE)
        now = self._now()
        due = [one for one in waiting if one.next_at is not None and one.next_at <= now]
        if not due:
            return False
        robot = next(iter(self._robots.find([robot_id])), None)
        if robot is None or robot.state is not RobotState.ON:
            self._give_up(robot_id, OFF if robot is None or robot.state is RobotState.OFF else BROKEN)
            return False
        wait = self._budgets.take(robot.budget, self._limit.most, self._limit.seconds)
        if wait > 0:
            self._letters.put_off(robot_id, now + timedelta(seconds=wait))
            return False
        return self._try(robot, *_together(due))

    def _try(self, robot: Robot, letters: Sequence[GroupLetter], digest: str | None) -> bool:
        began = self._now()
        self._letters.begin(letters, began, digest)
        sent = self._send(robot, self._words.of(robot, letters, digest))
        if sent.status in _GOOD:
            self._end(letters, Try(at=began, status=sent.status, reason=digest and MERGED, digest=digest))
            self._robots.worked(robot.id)
            return True
        last = Try(at=began, status=DeliveryStatus.FAILED_TEMPORARY, reason=sent.reason, digest=digest)
        wait = self._wait(letters, sent)
        if wait is not None:
            until = self._now() + timedelta(seconds=wait)
            self._letters.settle(letters, last, until, counts=sent.retry_after is None)
            self._letters.put_off(robot.id, until)
            return False
        self._end(letters, Try(at=began, status=DeliveryStatus.FAILED_PERMANENT, reason=sent.reason, digest=digest))
        return sent.reason in CONTENT or not self._broke(robot, sent.reason or "refused", letters[0])

    def _send(self, robot: Robot, letter: Letter) -> Sent:
        post = self._posts.get(robot.kind.value)
        if post is None:
            return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="no-such-way")
        try:
            return post.send(letter, Address(way=robot.kind.value, value=robot.id))
        except Exception as error:  # noqa: BLE001  whatever a driver raises is a try that failed, and is counted
            return Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=type(error).__name__)

    def _wait(self, letters: Sequence[GroupLetter], sent: Sent) -> float | None:
        """Seconds until the next try; None where there is none. A pause that the provider asked for is no failure."""
        if sent.status is not DeliveryStatus.FAILED_TEMPORARY:
            return None
        if sent.retry_after is not None:
            return max(1.0, sent.retry_after)
        failures = max(one.tries for one in letters)
        if failures >= len(RETRY_SECONDS):
            return None
        return RETRY_SECONDS[failures] * (1 + JITTER * (2 * self._chance() - 1))

    def _broke(self, robot: Robot, reason: str, letter: GroupLetter) -> bool:
        if not self._robots.failed(robot.id, reason, self._most_failures):
            return False
        self._alarm(robot, reason, letter)
        self._give_up(robot.id, BROKEN)
        return True

    def _give_up(self, robot_id: str, reason: str) -> None:
        given_up = self._letters.give_up(robot_id, reason)
        self._tell_senders(given_up, reason)

    def _end(self, letters: Sequence[GroupLetter], last: Try) -> None:
        self._letters.settle(letters, last, None)
        if last.status is DeliveryStatus.FAILED_PERMANENT:
            self._tell_senders(letters, last.reason)

    def _tell_senders(self, letters: Sequence[GroupLetter], reason: str | None) -> None:
        """A message that no robot could tell in the end has failed."""
        by_message: dict[str, list[GroupLetter]] = {}
        for one in self._letters.all_of(list(dict.fromkeys(letter.message_id for letter in letters))):
            by_message.setdefault(one.message_id, []).append(one)
        for message_id, told in by_message.items():
            if all(one.failed for one in told):
                self._receipts.settle(message_id, Sent(status=DeliveryStatus.FAILED_PERMANENT, reason=reason))


def _together(due: Sequence[GroupLetter]) -> tuple[Sequence[GroupLetter], str | None]:
    """What goes now: a digest that was begun and got lost, as it was; all where there was too much; else the first."""
    begun = next((one.digest for one in due if one.digest and one.status is DeliveryStatus.SENDING), None)
    if begun is not None:
        return [one for one in due if one.digest == begun and one.status is DeliveryStatus.SENDING], begun
    too_much = [one for one in due if one.overflow]
    if len(too_much) > 1:
        return due, _digest_id(due)
    return due[:1], None


def _digest_id(letters: Sequence[GroupLetter]) -> str:
    """The same for the same letters."""
    told = "\n".join(sorted(f"{one.id} {len(one.attempts)}" for one in letters))
    return f"digest:{hashlib.sha256(told.encode()).hexdigest()[:32]}"
