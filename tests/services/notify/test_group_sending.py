"""Robots' letters in the real database: within what a robot takes, the overflow in one, nothing lost or dropped."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.errors import KeyReused
from contracts.groups import GroupAudience, RobotKind, RobotState
from contracts.words import Text
from services.notify.adapters.group_letters import LETTER_INDEXES, MongoGroupLetters
from services.notify.adapters.robot_store import ROBOT_INDEXES, MongoRobots
from services.notify.adapters.words import YamlTemplates
from services.notify.application.group_post import AreaGroups, GroupPost
from services.notify.application.group_sending import GroupSending
from services.notify.application.group_words import GroupWords
from services.notify.application.robot_ports import Access, GroupLetter, Typed
from services.notify.application.sending_ports import Address, Letter, Limit, Sent
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.robot import Robot
from tests.builders import AREA_PATH, COMMUNITY
from tests.builders_of_robots import KEY, NOW, ROBOT, a_group_letter, a_letter, a_robot
from tests.rooms import MASTER_KEY

Db = Database[dict[str, Any]]
SENT = Sent(status=DeliveryStatus.SENT)
TOO_FAST = Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason="throttled", retry_after=60.0)
BUSY = Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason="provider-busy")
BAD_KEY = Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="bad-key")


class Died(Exception):
    """The process ended here."""


class Group:
    """What a group heard; ``answers`` are given first, then everything is taken."""

    way = "wecom"

    def __init__(self) -> None:
        self.told: list[Letter] = []
        self.answers: list[Sent | BaseException] = []

    def send(self, letter: Letter, address: Address) -> Sent:
        answer = self.answers.pop(0) if self.answers else SENT
        if isinstance(answer, BaseException):
            self.told.append(letter)
            raise answer
        if answer.status is DeliveryStatus.SENT:
            self.told.append(letter)
        return answer


class World:
    """A clock that is set, a budget that is set, and the real store around a robot's sender."""

    def __init__(self, db: Db) -> None:
        self.now = NOW + timedelta(hours=1)
        self.room = 1_000
        self.group = Group()
        self.alarms: list[tuple[str, str]] = []
        self.failed: list[tuple[str, str | None]] = []
        self.ours = True
        self.letters = MongoGroupLetters(db)
        self.robots = MongoRobots(db, Vault(db.client, db, MASTER_KEY))
        self.sending = GroupSending(
            robots=self.robots,
            letters=self.letters,
            words=GroupWords(self, YamlTemplates()),
            posts={"wecom": self.group},
            budgets=self,
            limit=Limit(most=20, seconds=60),
            receipts=self,
            turns=self,
            alarm=lambda robot, reason, letter: self.alarms.append((robot.id, reason)),
            now=lambda: self.now,
            chance=lambda: 0.5,
            most_failures=3,
        )

    def name(self, area_id: str) -> Text | None:
        return Text(zh="第一网格", en="Grid 1")

    def path(self, community_id: str, area_id: str) -> tuple[str, ...] | None:
        return AREA_PATH

    def take(self, key: str, most: int = 0, seconds: int = 0) -> Any:
        if most == 0:  # a turn, not a budget
            return self.ours
        if self.room < 1:
            return 30.0
        self.room -= 1
        return 0.0

    def give_back(self, robot_id: str) -> None: ...

    def settle(self, reference: str, sent: Sent) -> bool:
        self.failed.append((reference, sent.reason))
        return True

    def add(self, robot: Robot) -> None:
        self.robots.add(robot, Typed(label="大门群", access=Access(key=KEY)), (f"c-{robot.id}", "h"))

    def after(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.serve(self.sending)

    @staticmethod
    def serve(sending: GroupSending) -> None:
        """One look of the loop."""
        for robot_id in sending.ready():
            sending.serve(robot_id)

    def outcomes(self) -> Mapping[str, tuple[str, str | None]]:
        return {one.number[-4:]: (one.status.value, one.reason) for one in self.letters.newest(ROBOT, 500)}

    @property
    def texts(self) -> Sequence[str]:
        return [f"{one.title}\n{one.body}" for one in self.group.told]


@pytest.fixture
def world(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Iterator[World]:
    db = mongo[f"{settings.db_prefix}notify"]
    migrate(db, (*LETTER_INDEXES, *ROBOT_INDEXES))
    for name in ("robots", "group_letters"):
        db[name].delete_many({})
    world = World(db)
    world.add(a_robot())
    yield world
    for name in ("robots", "group_letters"):
        db[name].delete_many({})


def test_what_there_is_room_for_goes_one_by_one_and_once(world: World) -> None:
    letters = [a_group_letter(n) for n in range(1, 4)]
    world.letters.put(letters)
    world.letters.put(letters)
    world.serve(world.sending)
    world.after(3_600)

    assert world.texts == [f"紧急单\n「燃气异味」 第一网格 NC-261123-{n:04}" for n in range(1, 4)]
    assert set(world.outcomes().values()) == {("sent", None)}


def test_what_is_urgent_goes_first(world: World) -> None:
    world.letters.put([a_group_letter(1), a_group_letter(2, urgent=True)])
    world.serve(world.sending)
    assert [one.number[-1] for one in world.group.told] == ["2", "1"]
    assert world.texts[0].startswith("【急】")


def test_what_is_too_much_goes_in_one_when_there_is_room(world: World) -> None:
    world.room = 20
    world.letters.put([a_group_letter(n) for n in range(1, 28)])
    world.serve(world.sending)
    assert len(world.texts) == 20
    world.after(1)
    assert len(world.texts) == 20  # no room yet, and nobody asks the provider

    world.room = 5
    world.after(30)
    assert len(world.texts) == 21
    merged = world.texts[-1]
    assert merged.startswith("另有 7 条:")
    assert [line[-4:] for line in merged.splitlines()[1:]] == [f"{n:04}" for n in range(21, 28)]
    outcomes = world.outcomes()
    assert len(outcomes) == 27
    assert [outcomes[f"{n:04}"] for n in (20, 21, 27)] == [("sent", None), ("sent", "merged"), ("sent", "merged")]
    digests = {one.digest for one in world.letters.newest(ROBOT, 7)}
    assert len(digests) == 1
    assert {one.attempts[-1].digest for one in world.letters.newest(ROBOT, 7)} == digests
    assert world.room == 4


def test_one_that_waited_alone_goes_as_it_is(world: World) -> None:
    world.room = 0
    world.letters.put([a_group_letter()])
    world.serve(world.sending)
    world.room = 1
    world.after(30)
    assert world.texts == ["紧急单\n「燃气异味」 第一网格 NC-261123-0001"]


def test_a_provider_that_wants_a_pause_gets_it_and_then_one_message(world: World) -> None:
    world.group.answers = [SENT, TOO_FAST]
    world.letters.put([a_group_letter(n) for n in range(1, 6)])
    world.serve(world.sending)
    world.after(59)
    assert len(world.texts) == 1
    world.group.answers = [TOO_FAST] * 10
    for _ in range(10):
        world.after(61)  # a pause is no failure, however often
    world.letters.put([a_group_letter(6, next_at=world.now)])
    world.after(61)

    assert len(world.texts) == 2
    assert world.texts[1].startswith("另有 5 条:")
    assert {status for status, _ in world.outcomes().values()} == {"sent"}
    assert world.alarms == []


@pytest.mark.parametrize("died_in", ["a digest", "one message"])
def test_who_dies_between_merging_and_sending_loses_nothing(world: World, died_in: str) -> None:
    several = died_in == "a digest"
    world.room = 0
    world.letters.put([a_group_letter(n) for n in range(1, 4 if several else 2)])
    world.serve(world.sending)
    world.room = 100
    world.group.answers = [_Killed()]
    with pytest.raises(_Killed):
        world.after(30)
    before = len(world.texts)
    world.letters.put([a_group_letter(9, next_at=world.now)])
    world.after(1)

    # The same once more, as it was; what came later goes by itself.
    assert world.texts[before] == world.texts[before - 1]
    assert world.group.told[before].message_id == world.group.told[before - 1].message_id
    assert world.texts[before + 1 :] == ["紧急单\n「燃气异味」 第一网格 NC-261123-0009"]
    assert {status for status, _ in world.outcomes().values()} == {"sent"}


class _Killed(BaseException):
    """No error that anybody catches."""


def test_a_failure_for_now_is_tried_again_and_at_last_counts_against_the_robot(world: World) -> None:
    world.group.answers = [BUSY, BUSY]
    world.letters.put([a_group_letter()])
    world.serve(world.sending)
    for wait in (5, 60):
        world.after(wait - 1)
        world.after(1)
    assert world.outcomes() == {"0001": ("sent", None)}
    assert [one.status.value for one in world.letters.newest(ROBOT, 1)[0].attempts] == [
        "failed_temporary",
        "failed_temporary",
        "sent",
    ]

    world.group.answers = [BUSY] * 5
    world.letters.put([a_group_letter(2, next_at=world.now)])
    world.serve(world.sending)
    for wait in (5, 60, 600, 3_600):
        world.after(wait)
    assert world.outcomes()["0002"] == ("failed_permanent", "provider-busy")
    assert world.failed == [("e-2:alarm:group", "provider-busy")]
    assert [one.failures for one in world.robots.of(COMMUNITY)] == [1]


def test_a_key_that_is_wrong_turns_the_robot_off_and_says_so_once(world: World) -> None:
    world.group.answers = [BAD_KEY] * 10
    world.letters.put([a_group_letter(n) for n in range(1, 6)])
    for _ in range(4):
        world.after(1)

    (robot,) = world.robots.of(COMMUNITY)
    assert (robot.state, robot.reason, robot.failures) == (RobotState.BROKEN, "bad-key", 3)
    assert world.alarms == [(ROBOT, "bad-key")]
    outcomes = world.outcomes()
    assert [outcomes[f"000{n}"] for n in range(1, 6)] == [("failed_permanent", "bad-key")] * 3 + [
        ("suppressed", "robot-broken")
    ] * 2
    assert {message for message, _ in world.failed} == {f"e-{n}:alarm:group" for n in range(1, 6)}
    assert world.texts == []


def test_success_forgets_failures_and_content_is_no_fault_of_the_robot(world: World) -> None:
    refused = Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="content-refused")
    world.group.answers = [BAD_KEY, BAD_KEY, SENT, BAD_KEY, BAD_KEY, *[refused] * 5]
    world.letters.put([a_group_letter(n) for n in range(1, 11)])
    for _ in range(3):
        world.after(1)
    (robot,) = world.robots.of(COMMUNITY)
    assert (robot.state, robot.failures) == (RobotState.ON, 2)


def test_a_driver_that_raises_is_a_try_that_failed(world: World) -> None:
    world.group.answers = [Died()]
    world.letters.put([a_group_letter()])
    world.serve(world.sending)
    assert world.outcomes() == {"0001": ("failed_temporary", "Died")}
    world.after(5)
    assert world.outcomes() == {"0001": ("sent", None)}


def test_what_waits_for_a_robot_that_is_off_or_gone_is_not_kept(world: World) -> None:
    world.letters.put([a_group_letter(), a_group_letter(2, id="x", robot_id="another", message_id="m-2")])
    (robot,) = world.robots.of(COMMUNITY)
    assert world.robots.remove(robot)
    world.serve(world.sending)
    assert world.outcomes() == {"0001": ("suppressed", "robot-off")}
    assert {message for message, _ in world.failed} == {"e-1:alarm:group", "m-2"}
    assert world.robots.access(ROBOT) is None


def test_another_instance_looks_after_a_robot(world: World) -> None:
    world.ours = False
    world.letters.put([a_group_letter()])
    world.serve(world.sending)
    assert world.texts == []
    assert world.outcomes() == {"0001": ("queued", None)}


def test_a_message_is_told_if_one_of_its_robots_told_it(world: World) -> None:
    world.group.answers = [BAD_KEY, SENT]
    other = a_group_letter(1, id=f"e-1:alarm:group:{ROBOT}x", robot_id=f"{ROBOT}x")
    world.add(a_robot(id=f"{ROBOT}x"))
    world.letters.put([a_group_letter(), other])
    world.serve(world.sending)
    assert world.failed == [] or world.failed == [("e-1:alarm:group", "bad-key")]
    assert len(world.texts) == 1


PARAMS = {"item": {"zh": "燃气异味", "en": "Smell of gas"}, "urgency": "emergency", "grid": AREA_PATH[-1]}


def told(world: World, category: Category, area_path: Sequence[str], **params: Any) -> list[GroupLetter]:
    """What is stored for robots when this goes to the groups of an area."""
    addresses = AreaGroups(world.robots).of(COMMUNITY, area_path, category)
    post = GroupPost(world.robots, world.letters, lambda: world.now)
    for address in addresses:
        post.send(a_letter(category=category, params={**PARAMS, **params}), address)
    return [*world.letters.all_of(["e-1:alarm:group"])]


BOTH = ["staff", "residents"]


@pytest.mark.parametrize(
    ("robot", "path", "groups", "heard"),
    [
        ({}, AREA_PATH, BOTH, True),
        ({"area_id": AREA_PATH[-1]}, AREA_PATH, BOTH, True),
        ({"area_id": AREA_PATH[-1]}, AREA_PATH[:-1], BOTH, False),
        ({"area_id": "elsewhere"}, AREA_PATH, BOTH, False),
        ({"categories": (Category.ALARM,)}, AREA_PATH, BOTH, True),
        ({"categories": (Category.COMMUNITY,)}, AREA_PATH, BOTH, False),
        ({"audience": GroupAudience.RESIDENTS}, AREA_PATH, BOTH, True),
        ({"audience": GroupAudience.RESIDENTS}, AREA_PATH, ["staff"], False),
        ({"audience": GroupAudience.STAFF}, AREA_PATH, ["residents"], False),
        ({"state": RobotState.OFF}, AREA_PATH, BOTH, False),
        ({"state": RobotState.BROKEN}, AREA_PATH, BOTH, False),
        ({}, AREA_PATH, [], False),
    ],
)
def test_a_robot_hears_what_is_for_its_group(
    world: World, robot: dict[str, Any], path: Sequence[str], groups: list[str], heard: bool
) -> None:
    (before,) = world.robots.of(COMMUNITY)
    world.robots.remove(before)
    world.add(a_robot(id="r-2", **robot))
    assert [one.robot_id for one in told(world, Category.ALARM, path, groups=groups)] == (["r-2"] if heard else [])


def test_a_message_that_does_not_say_who_may_read_it_is_for_nobody(world: World) -> None:
    (address,) = AreaGroups(world.robots).of(COMMUNITY, AREA_PATH, Category.ALARM)
    post = GroupPost(world.robots, world.letters, lambda: world.now)
    sent = post.send(a_letter(params=PARAMS), address)
    assert (sent.status, sent.reason) == (DeliveryStatus.SUPPRESSED, "no-robot")


def test_each_robot_has_a_letter_of_its_own_and_nothing_of_anybody_in_it(world: World) -> None:
    world.add(a_robot(id="r-2", kind=RobotKind.DINGTALK))
    canary = {"names": ["王小明"], "why": [{"zh": "王小明", "en": "x"}], "reason": "王小明", "groups": BOTH}
    letters = told(world, Category.ALARM, AREA_PATH, **canary)
    assert {one.robot_id for one in letters} == {ROBOT, "r-2"}
    assert "王小明" not in repr(letters)


def test_the_same_command_registers_once_and_another_body_is_refused(world: World) -> None:
    again = world.robots.add(a_robot(rev=7), Typed(label="x", access=Access(key="k")), (f"c-{ROBOT}", "h"))
    assert again.rev == 1
    with pytest.raises(KeyReused):
        world.robots.add(a_robot(), Typed(label="x", access=Access(key="k")), (f"c-{ROBOT}", "other"))
    assert world.robots.access(ROBOT) == Access(key=KEY)


def test_what_is_typed_about_a_robot_is_sealed(world: World, mongo: MongoClient[dict[str, Any]]) -> None:
    (robot,) = world.robots.of(COMMUNITY)
    assert world.robots.label(robot) == "大门群"
    assert world.robots.change(robot, Typed(label="后门群", access=Access(key="k2", secret="s2")))
    assert not world.robots.change(robot, Typed(label="谁快谁的"))
    (after,) = world.robots.of(COMMUNITY)
    assert (world.robots.label(after), world.robots.access(ROBOT)) == ("后门群", Access(key="k2", secret="s2"))
    assert world.robots.line(Access(key="k2")) == world.robots.line(Access(key="k2", secret="x"))
    stored = repr(list(world.letters._rows.database["robots"].find()))
    assert not [one for one in ("大门群", "后门群", KEY, "k2", "s2") if f"'{one}'" in stored]
