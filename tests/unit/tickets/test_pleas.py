"""What somebody writes by SMS: kept sealed, told to staff, read on purpose, answered or told again and again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role, notify_actor, system_actor
from contracts.commands import Call
from contracts.commands.pleas import HandlePlea, ReadPleas, RevealPlea, TakePlea
from contracts.errors import Invalid, NotFound
from contracts.events import Event
from contracts.events.pleas import PleaHandled, PleaOverdue, PleaReceived
from contracts.lifecycle import IllegalTransition
from contracts.pleas import PleaOutcome, PleaState
from contracts.schemas.wire import event_data
from services.tickets.adapters.pleas import ways_to_write
from services.tickets.application.plea_ports import Home
from services.tickets.application.pleas import PLEA, READS, PleaCases
from services.tickets.application.pleas_in import RespondBy, TakingPleas
from services.tickets.domain.person import Person
from services.tickets.domain.pleas import FEW_TIMES, MOST_AN_HOUR, Plea
from tests.builders import AREA_PATH, COMMUNITY, NOON, TICKET_ID, a_meta, an_actor
from tests.unit.tickets.builders import a_community, a_ticket, some_time_limits
from tests.unit.tickets.fakes import FakeTickets
from tests.unit.tickets.house import House

PHONE, WORDS, DANGER = "13800138000", "我妈摔了,3号楼502", "我妈 昏倒 了"
OFFICER = an_actor(account_id="a-officer", grants=(Grant(Role.DUTY, "another-grid"),))
ELSEWHERE = replace(an_actor(Role.SECRETARY), community_id="elsewhere")


class Pleas(FakeTickets):
    """The pleas; the hash of a phone is the phone turned round."""

    rows: dict[str, Any]

    def with_sequence(self, sequence: str) -> Plea | None:
        return next((one for one in self.rows.values() if sequence in [text.sequence for text in one.texts]), None)

    def waiting_from(self, community_id: str, phone_key: str) -> Plea | None:
        found = (one for one in self.rows.values() if (one.community_id, one.phone_key) == (community_id, phone_key))
        return next((one for one in found if one.state is PleaState.WAITING), None)

    def phone_key(self, phone: str) -> str:
        return phone[::-1]

    def of(self, community_id: str, before: str | None, open_only: bool, limit: int) -> Sequence[tuple[str, Plea]]:
        known = sorted((one.id, one) for one in self.rows.values() if one.community_id == community_id)
        shown = [pair for pair in known if not open_only or pair[1].state is PleaState.WAITING]
        return [pair for pair in reversed(shown) if before is None or pair[0] < before][:limit]


@dataclass
class World:
    """A community, and another one; ``homes`` are where the phone is known."""

    house: House = field(default_factory=House)
    pleas: Pleas = field(default_factory=Pleas)
    homes: tuple[Home, ...] = ()
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        house = self.house
        for id in self.others:
            house.communities[id] = a_community(id=id)
        by = RespondBy(some_time_limits())
        self.incoming = TakingPleas(
            self.pleas,  # type: ignore[arg-type]
            self,
            house.communities,
            house.areas,
            house.people,
            house.vault,
            by,
            house.clock,
        )
        self.cases = PleaCases(
            self.pleas,  # type: ignore[arg-type]
            house.communities,
            house.tickets,
            house.reveals,
            house.vault,
            by,
            house.clock,
        )

    def of(self, phone: str) -> Sequence[Home]:
        return self.homes if phone == PHONE else ()

    def communities(self) -> Sequence[str]:
        return sorted(self.house.communities)

    def write(self, text: str = WORDS, sequence: str = "1", **changes: Any) -> Any:
        command = TakePlea(**{"phone": PHONE, "text": text, "sequence": sequence, **changes})
        meta = a_meta(notify_actor(""), command_id=f"sms-{sequence}", created_id=f"plea-{sequence}")
        return self.incoming.take(Call(command, meta)).result

    def handle(self, outcome: PleaOutcome, ticket_id: str | None = None, who: Actor = OFFICER) -> Any:
        command = HandlePlea(plea_id="plea-1", outcome=outcome, ticket_id=ticket_id)
        return self.cases.handle(Call(command, a_meta(who, command_id=f"handle-{outcome}"))).result

    def reveal(self, who: Actor = OFFICER, **changes: Any) -> Any:
        return self.cases.reveal(Call(RevealPlea(**{"plea_id": "plea-1", **changes}), a_meta(who))).result

    def passes(self, **time: float) -> None:
        self.house.clock.advance(**time)
        for plea in list(self.pleas.rows.values()):
            for due in plea.deadlines():
                if due.at <= self.house.clock.now():
                    self.cases.fire(plea.id, due)
                    self.cases.fire(plea.id, due)

    @property
    def one(self) -> Plea:
        found = self.pleas.rows["plea-1"]
        assert isinstance(found, Plea)
        return found

    @property
    def events(self) -> list[Event]:
        return self.pleas.events


def test_words_and_number_are_sealed_and_no_event_holds_them() -> None:
    world = World()
    assert world.write() == {"plea_id": "plea-1", "community_id": COMMUNITY, "kept": True, "danger": False}
    (event,) = world.events
    told = str(event_data(event, world.one.snapshot()))
    assert "502" not in told
    assert PHONE not in told
    assert PHONE.encode() not in (world.one.phone or b"")
    assert WORDS.encode() not in (world.one.texts[0].words or b"")
    assert world.house.vault.sealed_for == ["plea-1", "plea-1"], "the plea's own key, which an erasure destroys"


def test_staff_of_the_whole_community_read_it_and_each_reading_is_on_record() -> None:
    home = Home(COMMUNITY, ("p-1",))
    world = World(homes=(home,))
    world.write(account_ids=("a-1",), asked_about=TICKET_ID)
    shown = world.reveal()
    assert (shown["phone"], [one["text"] for one in shown["texts"]]) == (PHONE, [WORDS])
    assert shown["asked_about"] == TICKET_ID
    (row,) = world.house.reveals.rows
    assert (row.reason, row.part, row.concerns) == (READS, PLEA, ("p-1", "a-1"))
    assert [one["account_id"] for one in shown["read_by"]] == [OFFICER.account_id]


@pytest.mark.parametrize("who", [an_actor(Role.RESIDENT), an_actor(Role.MEMBER), ELSEWHERE, an_actor(Role.CLIENT)])
def test_nobody_else_learns_that_it_is_there(who: Actor) -> None:
    world = World()
    world.write()
    with pytest.raises(NotFound):
        world.reveal(who)
    with pytest.raises(NotFound):
        world.handle(PleaOutcome.ANSWERED, who=who)
    assert world.cases.read(Call(ReadPleas(), a_meta(who))).result["items"] == []
    assert world.house.reveals.rows == []


def test_the_same_push_is_kept_once_also_after_it_was_answered() -> None:
    world = World()
    world.write()
    world.write()
    world.handle(PleaOutcome.ANSWERED)
    assert world.write()["plea_id"] == "plea-1"
    assert len(world.pleas.rows) == 1
    assert [type(event) for event in world.events] == [PleaReceived, PleaHandled]


def test_what_one_phone_writes_is_one_plea_until_somebody_answered() -> None:
    world = World()
    world.write("在吗", "1")
    world.write(WORDS, "2")
    assert [one["text"] for one in world.reveal()["texts"]] == ["在吗", WORDS]
    world.handle(PleaOutcome.ANSWERED)
    assert world.write("又有事", "3")["plea_id"] == "plea-3"


def test_danger_is_answered_within_minutes_and_the_rest_within_working_hours() -> None:
    world = World()
    world.write()
    monday = NOON + timedelta(days=2)
    assert world.one.respond_by > monday - timedelta(hours=6), "written on a Saturday"
    world.write(DANGER, "2")
    assert world.one.respond_by == NOON + timedelta(minutes=15)
    assert [event.danger for event in world.events if isinstance(event, PleaReceived)] == [False, True]
    assert world.one.danger


def test_what_nobody_answers_is_told_again_and_again() -> None:
    world = World()
    world.write(DANGER)
    world.passes(minutes=16)
    world.passes(minutes=16)
    assert [type(event) for event in world.events] == [PleaReceived, PleaOverdue, PleaOverdue]
    for _ in range(FEW_TIMES):
        world.passes(minutes=16)
    assert world.one.respond_by > world.house.clock.now() + timedelta(hours=23), "in the end once a day"
    world.handle(PleaOutcome.RESCUE)
    assert world.one.deadlines() == ()


def test_who_writes_without_end_is_counted_and_danger_comes_through_all_the_same() -> None:
    world = World()
    for number in range(1, MOST_AN_HOUR + 4):
        kept = world.write(f"第{number}条", str(number))["kept"]
        assert kept is (number <= MOST_AN_HOUR)
    assert (len(world.one.texts), world.one.unkept, len(world.events)) == (MOST_AN_HOUR, 3, MOST_AN_HOUR)
    assert world.write(DANGER, "99") == {"plea_id": "plea-1", "community_id": COMMUNITY, "kept": True, "danger": True}
    world.house.clock.advance(hours=2)
    assert world.write("现在呢", "100")["kept"]


def test_an_order_that_was_made_of_it_is_named_and_has_to_be_theirs() -> None:
    world = World()
    world.write()
    world.house.tickets.holding(a_ticket())
    for outcome, ticket_id, code in (
        (PleaOutcome.ORDERED, None, "ticket-needed"),
        (PleaOutcome.NOTHING, TICKET_ID, "no-ticket"),
        (PleaOutcome.ORDERED, "nobody-has-it", "no-such-ticket"),
        (PleaOutcome.ERASED, None, "not-to-choose"),
    ):
        with pytest.raises(Invalid) as refused:
            world.handle(outcome, ticket_id, an_actor(Role.DISPATCHER))
        assert refused.value.code == code
    assert world.handle(PleaOutcome.ORDERED, TICKET_ID, an_actor(Role.DISPATCHER))["state"] == "handled"
    with pytest.raises(IllegalTransition):
        world.handle(PleaOutcome.ANSWERED)


def test_it_lies_in_the_grid_of_whoever_has_the_phone_else_in_the_community() -> None:
    world = World(homes=(Home(COMMUNITY, ("p-1",)),))
    world.house.people.rows["p-1"] = Person(id="p-1", community_id=COMMUNITY, area_path=AREA_PATH)
    world.write()
    assert world.one.area_path == AREA_PATH
    world.write(sequence="2", phone="13900139000")
    assert world.pleas.rows["plea-2"].area_path == AREA_PATH[:-1]


@pytest.mark.parametrize(
    ("named", "homes", "whose", "guessed"),
    [
        ("b", (), "b", False),
        (None, ("b",), "b", False),
        (None, ("b", COMMUNITY), "b", True),
        (None, (), "b", True),
        ("unheard-of", ("b",), "b", True),
    ],
)
def test_whose_it_is_where_there_are_several(
    named: str | None, homes: tuple[str, ...], whose: str, *, guessed: bool
) -> None:
    world = World(others=("b",), homes=tuple(Home(id, ("p",)) for id in homes))
    assert world.write(community_id=named)["community_id"] == whose
    assert world.one.guessed is guessed


def test_only_notify_brings_one() -> None:
    world = World()
    command = TakePlea(phone=PHONE, text=WORDS, sequence="1")
    for who in (an_actor(Role.ADMIN), system_actor(COMMUNITY)):
        with pytest.raises(NotFound):
            world.incoming.take(Call(command, a_meta(who)))


def test_an_erasure_ends_what_waits_once() -> None:
    world = World()
    world.write()
    world.cases.erase("plea-1")
    world.cases.erase("plea-1")
    assert world.one.outcome is PleaOutcome.ERASED
    assert [type(event) for event in world.events] == [PleaReceived, PleaHandled]


@pytest.mark.parametrize("written", [PHONE, f"86{PHONE}", f"+86 {PHONE[:3]}-{PHONE[3:]}", f"0086{PHONE}"])
def test_a_number_is_one_number_however_it_is_written(written: str) -> None:
    assert ways_to_write(written) == ways_to_write(PHONE)


def test_nothing_of_it_shows_in_a_log() -> None:
    shown = repr(TakePlea(phone=PHONE, text=WORDS, sequence="1"))
    assert PHONE not in shown
    assert WORDS not in shown
