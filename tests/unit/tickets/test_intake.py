"""Taking orders in: what a pasted chat may be about, and who is on the phone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.intake import ReadCaller, ReadPasted
from contracts.commands.tickets import CancelTicket, NewPerson
from contracts.errors import Invalid
from contracts.recusal import Recusal
from contracts.words import Given, Nature, Origin, Permit, SubjectKind, Text, Urgency
from services.tickets.adapters.areas_file import read_areas
from services.tickets.adapters.sources import Kind, open_sources
from services.tickets.domain.area import Area
from services.tickets.domain.danger import NOTICE
from services.tickets.domain.delegation import Delegation
from services.tickets.domain.likely_items import likely_items
from services.tickets.domain.person import Person
from services.tickets.domain.spoken_places import likely_places
from tests.builders import COMMUNITY, NOON, TICKET_ID, a_meta, an_actor
from tests.unit.tickets.builders import a_building, an_item
from tests.unit.tickets.fakes import FakeRows
from tests.unit.tickets.house import House

OFFICER = an_actor(Role.DUTY)
DEMO = Path(__file__).parents[3] / "deploy" / "demo" / "data"
MOTHER = NewPerson(name="阿依古丽·买买提", phone="000-1111-2222", address="1号楼2单元301", form_of_address="阿姨")
ITEMS = [
    an_item(id="tap", code="M1", name=Text("水电小修(龙头、灯泡)", "Small repairs: taps, bulbs")),
    an_item(id="cable", code="M7", name=Text("飞线充电", "Charging by a cable from a window")),
    an_item(id="hair", code="C3", name=Text("上门理发", "Haircut at home")),
    an_item(id="wash", code="C4", name=Text("上门洗头", "Hair washed at home")),
    an_item(
        id="gas",
        code="E4",
        name=Text("燃气异味", "Smell of gas"),
        urgency=Urgency.EMERGENCY,
        danger_words=("煤气味",),
    ),
]


@pytest.fixture(scope="module")
def town() -> list[Area]:
    """The demo's areas: several compounds have a house number 3."""
    sources, _ = open_sources([DEMO / "areas.geojson"])
    areas, problems = read_areas(sources[Kind.AREAS], "shiliuli", {})
    assert not problems
    return areas


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("3号楼门口又有人飞线充电", "cable"),
        ("厨房水龙头滴水", "tap"),
        ("想理发,腿脚不便", "hair"),
        ("my TAPS are dripping", "tap"),
        ("有煤气味", "gas"),
    ],
)
def test_the_likeliest_item_comes_first(text: str, first: str) -> None:
    assert likely_items(text, ITEMS)[0].item.id == first


@pytest.mark.parametrize("text", ["你好", "", "wifi", "收到,谢谢大家🙏"])
def test_what_is_like_nothing_proposes_nothing(text: str) -> None:
    assert likely_items(text, ITEMS) == []


def test_what_people_call_it_counts_like_its_name() -> None:
    bills = an_item(id="bills", code="C2", name=Text("代交水电费", "Paying bills"), keywords=("电费", "缴费"))

    assert likely_items("帮我交一下电费", [*ITEMS, bills])[0].item.id == "bills"
    assert likely_items("帮我交一下电费", [*ITEMS, replace(bills, keywords=())]) == []


def test_a_retired_item_is_not_proposed() -> None:
    house = House(items=FakeRows.of(replace(ITEMS[1], retired=True)))

    assert paste(house, "有人飞线充电")["items"] == []


def test_a_piece_that_many_share_tells_little() -> None:
    """上门 is in two items: alone it is no reason to propose either."""
    assert likely_items("请上门", ITEMS) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("和平苑3号楼2单元门口", ["heping-3-2"]),
        ("惠滋小院三栋二单元", ["huizi-3-2"]),
        ("惠滋小院 三 栋 2 单元", ["huizi-3-2"]),
        ("布市商住楼1-2-301 马桶堵了", ["bushi-1-2"]),
        ("学苑小区2号楼有马蜂窝", ["xueyuan-2"]),
        ("heping court, building 3, UNIT 2", ["heping-3-2"]),
        ("第二网格有人种菜", ["sll-g2"]),
        ("回民巷井盖松了", ["huimin"]),
        ("和平苑十三号楼", ["heping"]),
        ("3号楼2单元灯不亮", ["heping-3-2", "huizi-3-2", "zhannan-3-2"]),
        ("二单元停电", []),
        ("电话 000-1234", []),
    ],
)
def test_a_place_is_found_as_people_name_it(town: list[Area], text: str, found: list[str]) -> None:
    assert [area.id for area in likely_places(text, town)] == found


def paste(house: House, text: str, actor: Actor = OFFICER) -> Any:
    return house.pasting.read(Call(ReadPasted(text=text), a_meta(actor))).result


def test_a_pasted_text_proposes_item_place_and_urgency_and_leaves_nothing() -> None:
    building = replace(a_building(), name=Text("1号楼", "Building 1"))
    house = House(items=FakeRows.of(*ITEMS), areas=FakeRows.of(building))

    found = paste(house, "1号楼厨房龙头滴水")

    assert found["items"] == [
        {"item_id": "tap", "name": {"zh": ITEMS[0].name.zh, "en": ITEMS[0].name.en}, "likeness": 1.0}
    ]
    assert found["areas"] == [{"area_id": "heping-1", "name": {"zh": "1号楼", "en": "Building 1"}}]
    assert (found["urgency"], found["danger"]) == (Urgency.ORDINARY, None)
    assert (house.tickets.writes, house.vault.sealed_for, house.reveals.rows) == (0, [], [])


@pytest.mark.parametrize("text", ["群里说1号楼有人昏倒了", "1号楼有煤气味"])
def test_danger_in_a_pasted_text_is_said_first(text: str) -> None:
    found = paste(House(items=FakeRows.of(*ITEMS)), text)

    assert found["urgency"] == Urgency.EMERGENCY
    assert found["danger"] == {"zh": NOTICE.zh, "en": NOTICE.en, "call": ["120", "119", "110"]}


def test_places_are_proposed_where_the_officer_works() -> None:
    elsewhere = an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g9"),))

    building = replace(a_building(), name=Text("1号楼", "Building 1"))
    house = House(items=FakeRows.of(*ITEMS), areas=FakeRows.of(building))

    assert paste(house, "1号楼龙头滴水", elsewhere)["areas"] == []


def test_an_empty_paste_names_its_field() -> None:
    with pytest.raises(Invalid, match="text-needed") as refused:
        paste(House(), " \n ")
    assert refused.value.field == "text"


def ring(house: House, phone: str = "000 1111 2222", actor: Actor = OFFICER, accounts: tuple[str, ...] = ()) -> Any:
    command = ReadCaller(phone=phone, account_ids=accounts)
    return house.calling.read(Call(command, a_meta(actor, "ring-1"))).result["people"]


def ordered() -> House:
    """She rang before: one order is open, one was cancelled."""
    house = House()
    house.place(OFFICER, "t-1", beneficiary=MOTHER, origin=Origin.PHONE)
    house.place(OFFICER, "t-2", beneficiary_id="t-1.p", origin=Origin.PHONE)
    command = CancelTicket(ticket_id="t-1", reason_code="no_need", go_to="nobody")
    house.steps.cancel(Call(command, a_meta(OFFICER, "cancel-1")))
    return house


def test_who_rings_is_known_by_the_number_with_open_orders_first() -> None:
    (person,) = ring(ordered())

    assert (person["person_id"], person["name"], person["form_of_address"]) == ("t-1.p", MOTHER.name, "阿姨")
    assert [(one["ticket_id"], one["status"]) for one in person["orders"]] == [
        ("t-2", "accepted"),
        ("t-1", "cancelled"),
    ]


def test_each_person_shown_is_a_reveal_that_concerns_them() -> None:
    house = ordered()
    ring(house)

    (row,) = house.reveals.rows
    assert (row.part, row.account_id, row.concerns) == ("caller", OFFICER.account_id, ("t-1.p",))
    assert row.reason


@pytest.mark.parametrize("phone", ["000-9999-0000", "01111-2222"])
def test_another_number_is_nobody_and_nothing_is_logged(phone: str) -> None:
    house = ordered()

    assert ring(house, phone) == []
    assert house.reveals.rows == []


def test_staff_of_another_grid_know_nobody() -> None:
    assert ring(ordered(), actor=an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g9"),))) == []


def test_a_number_of_too_few_digits_names_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        ring(House(), "12-34")
    assert refused.value.field == "phone"


def test_the_household_is_whose_account_it_is_and_whom_that_account_acts_for() -> None:
    house = House()
    daughter = an_actor(account_id="a-daughter")
    house.place(daughter, "t-1")
    elder = Person(id="p-elder", community_id=COMMUNITY, area_path=())
    given = Delegation(
        id="d-1",
        account_id="a-daughter",
        may=(Permit.ORDER,),
        how=Given.CALL,
        witnessed_by=OFFICER.account_id,
        given_at=NOON,
        renew_by=NOON + timedelta(days=365),
    )
    house.people.rows[elder.id] = replace(elder, delegations=(given,))
    house.place(OFFICER, "t-2", beneficiary_id=elder.id, origin=Origin.PHONE)

    people = ring(house, "000-5555-0000", accounts=("a-daughter",))

    assert {one["person_id"]: [order["ticket_id"] for order in one["orders"]] for one in people} == {
        "a-daughter": ["t-1"],
        "p-elder": ["t-2"],
    }


def test_who_made_a_complaint_is_not_found_by_their_number() -> None:
    """Neither the order nor, where they are known by nothing else, the person."""
    house = House(items=FakeRows.of(an_item(id="complaint", nature=Nature.COMPLAINT), an_item()))
    house.place(OFFICER, "t-1", item_id="complaint", beneficiary=MOTHER, subject_kind=SubjectKind.OTHER)

    assert ring(house) == []
    house.place(an_actor(account_id="a-her"), "t-2", item_id="complaint", subject_kind=SubjectKind.OTHER)
    (her,) = ring(house, accounts=("a-her",))
    assert her["orders"] == []


def test_who_is_recused_does_not_find_the_order() -> None:
    house = ordered()
    ticket = house.tickets.rows["t-2"]
    house.tickets.rows["t-2"] = replace(ticket, recused=Recusal(staff=(OFFICER.account_id,)))

    (person,) = ring(house)

    assert [one["ticket_id"] for one in person["orders"]] == ["t-1"]
    assert TICKET_ID not in str(person)
