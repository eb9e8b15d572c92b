"""The world outside as sending sees it, in memory: posts that answer as told, wishes, contacts, groups, budgets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from services.notify.adapters.words import YamlTemplates
from services.notify.application.outbox_ports import Lanes, Work
from services.notify.application.sending import Sending
from services.notify.application.sending_ports import Address, ContactsAway, Letter, Limit, Outside, Sent, Wish
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.own_calendar import OwnCalendar
from tests.fakes.messages import FakeMessages
from tests.fakes.resting import FakeResting

T = TypeVar("T")
WISH = Wish(
    locale="zh-CN",
    ways=("wechat", "sms", "email"),
    muted=frozenset(),
    digests={},
    quiet=None,
    digest_at=time(18),
)
"""Of whoever is awake and wants to hear everything."""
TAKEN = Sent(status=DeliveryStatus.SENT, reference="r-1")
TEMPLATES = YamlTemplates()
ZONE = ZoneInfo("Asia/Shanghai")


class FakePost:
    """Answers with what it was given, the last of it for ever; keeps what it was asked to send."""

    def __init__(self, way: str, *answers: Sent | Exception) -> None:
        self.way = way
        self.answers = list(answers) or [TAKEN]
        self.letters: list[Letter] = []
        self.addresses: list[Address] = []

    def send(self, letter: Letter, address: Address) -> Sent:
        self.letters.append(letter)
        self.addresses.append(address)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class FakeOutside:
    """Everybody has all ``ways``, wishes what ``wish`` says and is awake; every area has the robots ``robots``."""

    posts: dict[str, FakePost] = field(default_factory=dict)
    ways: Sequence[str] = ("sms",)
    wish: Wish = WISH
    robots: Sequence[str] = ()
    away: bool = False
    sight: bool = True
    limits: dict[str, Sequence[Limit]] = field(default_factory=dict)
    room: float = 0.0
    taken: list[str] = field(default_factory=list)

    def of(self, *whose: Any) -> Any:
        if len(whose) == 1:
            return OwnCalendar(zone=ZONE)
        if len(whose) == 3:
            assert isinstance(whose[2], Category)
            return tuple(Address(way="wecom", value=robot) for robot in self.robots)
        if self.away:
            raise ContactsAway
        return tuple(Address(way=way, value=f"{way}:{whose[1]}") for way in self.ways)

    def zone(self, community_id: str) -> ZoneInfo:
        return ZONE

    def sees(self, message: Any) -> bool:
        if self.away:
            raise ContactsAway
        return self.sight

    def take(self, key: str, most: int, seconds: int) -> float:
        self.taken.append(key)
        return self.room

    @property
    def outside(self) -> Outside:
        return Outside(
            posts=self.posts,
            contacts=self,
            groups=self,
            wishes=_Wishes(self),
            calendars=self,
            onlookers=self,
            budgets=self,
            limits=self.limits,
        )


class _Wishes:
    def __init__(self, outside: FakeOutside) -> None:
        self._outside = outside

    def of(self, community_id: str, recipient: str) -> Wish:
        return self._outside.wish

    def language(self, community_id: str, recipient: str) -> str | None:
        return None


class FakeTurns:
    """Everything is ours but what ``others`` have."""

    def __init__(self) -> None:
        self.others: set[str] = set()
        self.held: list[str] = []

    def take(self, name: str) -> bool:
        if name in self.others:
            return False
        self.held.append(name)
        return True

    def give_back(self, name: str) -> None:
        self.held.remove(name)


class NoLanes:
    """Every way has room but those that are ``full``; each work is done when it is begun."""

    def __init__(self) -> None:
        self.full: set[str] = set()

    def take(self, way: str) -> bool:
        return way not in self.full

    def give_back(self, way: str) -> None: ...

    def go(self, works: Sequence[Work]) -> None:
        for work in works:
            work.act()


def in_turn(calls: Sequence[Callable[[], T]]) -> list[T]:
    return [call() for call in calls]


def sending(
    messages: FakeMessages,
    outside: FakeOutside,
    clock: Any,
    resting: FakeResting | None = None,
    turns: FakeTurns | None = None,
    elapsed: Callable[[], float] = lambda: 0.0,
    chance: Callable[[], float] = lambda: 0.5,
    lanes: Lanes | None = None,
) -> Sending:
    """What sends, on fakes; nothing is left to chance."""
    return Sending(
        outbox=messages,
        turns=turns or FakeTurns(),
        templates=TEMPLATES,
        resting=resting or FakeResting(),
        outside=outside.outside,
        clock=clock,
        pace=1.0,
        chance=chance,
        at_once=in_turn,
        lanes=lanes or NoLanes(),
        elapsed=elapsed,
    )
