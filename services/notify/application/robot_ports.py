"""What robots of chat groups need of the world: where they are kept, what waits for them, what areas are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from contracts.words import Text
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.robot import Robot


@dataclass(frozen=True, kw_only=True)
class Access:
    """What lets us write into a group: WeCom's key, DingTalk's token with its secret, an address of Apprise."""

    key: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody typed about a robot; None where it stays as it was."""

    label: str | None = field(default=None, repr=False)
    access: Access | None = None


class Robots(Protocol):
    """The registered robots; what was typed about them is sealed."""

    def add(self, robot: Robot, typed: Typed, command: tuple[str, str]) -> Robot:
        """Keep a new one; the one that the same command made is given back. Raises KeyReused.

        Conflict where that one was removed since.
        """

    def get(self, community_id: str, id: str) -> Robot | None:
        """One of a community."""

    def of(self, community_id: str) -> Sequence[Robot]:
        """All of a community, oldest first."""

    def line(self, access: Access) -> str:
        """What stands for a key, telling nothing of it; the same for the same one."""

    def label(self, robot: Robot) -> str:
        """What staff call it."""

    def find(self, ids: Sequence[str]) -> Sequence[Robot]:
        """Those of these that there are."""

    def access(self, id: str) -> Access | None:
        """Its key; None where there is no such robot."""

    def change(self, robot: Robot, typed: Typed) -> bool:
        """Store *robot* over its revision before, one more now; False where somebody was quicker."""

    def remove(self, robot: Robot) -> bool:
        """Forget it, with its key, at this revision; False where somebody was quicker."""

    def failed(self, id: str, reason: str, most: int) -> bool:
        """Count one more failure for good; at *most* it is broken. Says whether it broke by this one."""

    def worked(self, id: str) -> None:
        """The failures before do not count any more."""


@dataclass(frozen=True, kw_only=True)
class Try:
    """One attempt, in real time. ``digest`` names the merged message that it was part of."""

    at: datetime
    status: DeliveryStatus
    reason: str | None = None
    digest: str | None = None


@dataclass(frozen=True, kw_only=True)
class GroupLetter:
    """One message for one robot: codes and references, no full text. ``next_at`` is None once it came to an end.

    ``overflow``: it came while there was no room, and goes with others in one. ``digest``: it is part of that one.
    Moments are real time.
    """

    id: str
    robot_id: str
    community_id: str
    message_id: str
    template: str
    version: int
    category: Category
    thread: str
    number: str
    item: Text | None
    urgency: str | None
    grid: str | None
    urgent: bool
    at: datetime
    next_at: datetime | None
    status: DeliveryStatus = DeliveryStatus.QUEUED
    reason: str | None = None
    tries: int = 0
    overflow: bool = False
    said: Mapping[str, Any] = field(default_factory=dict)
    """What else the community's own words for groups may say: codes and days."""
    digest: str | None = None
    attempts: tuple[Try, ...] = ()

    @property
    def failed(self) -> bool:
        """Is it over, and nobody was told?"""
        return self.next_at is None and self.status not in (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)


class GroupLetters(Protocol):
    """What waits for robots, and what became of it."""

    def put(self, letters: Sequence[GroupLetter]) -> None:
        """Store new ones; those that are there stay as they are."""

    def due(self, now: datetime) -> Sequence[str]:
        """Robots for which something waits whose time has come."""

    def waiting(self, robot_id: str, limit: int) -> Sequence[GroupLetter]:
        """What waits for a robot, its time come or not: what is urgent first, then the oldest."""

    def begin(self, letters: Sequence[GroupLetter], at: datetime, digest: str | None) -> None:
        """Note before the provider is asked that these are tried now, as one where *digest* is named."""

    def settle(
        self, letters: Sequence[GroupLetter], last: Try, next_at: datetime | None, *, counts: bool = True
    ) -> None:
        """Note what came of the try that was begun; with *next_at* they wait for another. *counts* as one of few."""

    def put_off(self, robot_id: str, until: datetime) -> None:
        """Nothing of what waits for this robot is tried before *until*; it is too much for one by one then."""

    def give_up(self, robot_id: str, reason: str) -> Sequence[GroupLetter]:
        """Nothing more is sent to this robot: what waited, now suppressed."""

    def all_of(self, message_ids: Sequence[str]) -> Sequence[GroupLetter]:
        """What these messages became, robot by robot."""

    def newest(self, robot_id: str, limit: int) -> Sequence[GroupLetter]:
        """Of a robot, the newest first."""


class AreaNames(Protocol):
    """A replica of the areas: where they lie and what they are called."""

    def name(self, area_id: str) -> Text | None:
        """None where it is not known."""

    def path(self, community_id: str, area_id: str) -> tuple[str, ...] | None:
        """From the root to it; None where there is no such area in the community."""
