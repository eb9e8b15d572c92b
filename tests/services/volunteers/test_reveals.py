"""What is private of members is read by staff, for a reason, and every reading is a row that the member reads."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.gear import offline
from chassis.migrations import base_indexes, migrate
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.volunteers import ReadRevealsOfMember, RevealDeclined, RevealMember
from contracts.errors import Invalid, NotFound, Refused
from contracts.recusal import Recusal
from contracts.words import OfferStatus
from services.volunteers.adapters.indexes import AGGREGATES, INDEXES
from services.volunteers.adapters.privacy import MemberVault
from services.volunteers.adapters.reveals import MongoMemberReveals, VaultContacts
from services.volunteers.adapters.sealed import member_context
from services.volunteers.application.reveals import MemberReveal, Reveals
from services.volunteers.domain.demand import Demand
from services.volunteers.service import NAME, build
from tests.builders import COMMUNITY, NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.fakes.clock import FixedClock
from tests.unit.volunteers.builders import a_demand, a_member, an_offer

OFFICER = an_actor(Role.DUTY)
DESK = an_actor(Role.DISPATCHER, account_id="a-desk")
HER = a_member_actor("m1")


class Areas:
    """Every area is at the root of itself."""

    def path(self, area_id: str) -> tuple[str, ...]:
        return (area_id,)


class Rows(dict[str, Any]):
    """Aggregates by id."""


class House:
    def __init__(self, settings: Settings, mongo: MongoClient[dict[str, Any]]) -> None:
        self.db = mongo[settings.db_prefix + NAME]
        migrate(self.db, [*base_indexes(AGGREGATES), *INDEXES])
        self.vault = Vault(mongo, self.db, settings.master_key)
        self.log = MongoMemberReveals(self.db, self.vault)
        sealed = {
            field: self.vault.seal("m1", text, member_context("m1", field))
            for field, text in (("name", "何桂芳"), ("phone", "000-1234"))
        }
        self.members = Rows(m1=a_member("m1", display_name="何阿姨"), m2=a_member("m2", display_name="老李"))
        self.demands = Rows({TICKET_ID: a_demand()})
        self.db["members"].insert_one({"_id": "m1", "community_id": COMMUNITY, "external_no": "1", "sealed": sealed})
        self.clock = FixedClock(NOON)
        contacts = VaultContacts(self.db, self.vault)
        self.privacy = MemberVault(self.vault)
        self.reveals = Reveals(
            self.members,
            self.demands,
            Areas(),
            contacts,
            self.log,
            self.clock,
            self.privacy,  # type: ignore[arg-type]
        )

    def declined(self, *members: str, **changes: Any) -> Demand:
        offers = tuple(
            an_offer(n + 1, member_id=member, status=OfferStatus.DECLINED if member in members else OfferStatus.EXPIRED)
            for n, member in enumerate(("m1", "m2", "m3"))
        )
        self.demands[TICKET_ID] = demand = replace(a_demand(), offers=offers, **changes)
        return demand

    def member(self, actor: Actor, reason: str = "核对电话", key: str = "k-1", member: str = "m1") -> Any:
        meta = replace(a_meta(actor, command_id=key), created_id=key, body_hash=f"hash-{len(reason)}")
        return self.reveals.reveal_member(Call(RevealMember(member_id=member, reason=reason), meta)).result

    def who_declined(self, actor: Actor, reason: str = "重复派单", key: str = "k-2") -> Any:
        meta = replace(a_meta(actor, command_id=key), created_id=key)
        return self.reveals.reveal_declined(Call(RevealDeclined(demand_id=TICKET_ID, reason=reason), meta)).result

    def read(self, actor: Actor, **page: Any) -> Any:
        return self.reveals.read_of_member(Call(ReadRevealsOfMember(**page), a_meta(actor))).result["reveals"]


@pytest.fixture
def house(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> House:
    return House(settings, mongo)


def test_staff_read_a_phone_and_the_member_reads_who_and_why(house: House) -> None:
    assert house.member(OFFICER) == {"name": "何桂芳", "phone": "000-1234"}
    (row,) = house.read(HER)
    told = (row["account_id"], row["role"], row["reason"], row["part"], row["ticket_id"])
    assert told == (OFFICER.account_id, "staff", "核对电话", "contact", None)
    assert house.read(a_member_actor("m2")) == house.read(an_actor(Role.RESIDENT)) == []


def test_a_repeated_request_is_one_row(house: House) -> None:
    for _ in range(3):
        house.member(OFFICER)
    house.member(OFFICER, key="k-9")
    assert len(house.read(HER)) == 2


def test_whoever_looks_again_later_has_looked_twice_whatever_the_key_says(house: House) -> None:
    """One key kept for ever would show a phone for ever with one row."""
    house.member(OFFICER)
    house.clock.advance(minutes=10)
    house.member(OFFICER)
    assert len(house.read(HER)) == 2


def test_another_reason_under_the_same_key_is_another_row(house: House) -> None:
    house.member(OFFICER)
    house.member(OFFICER, reason="好奇")
    assert {row["reason"] for row in house.read(HER)} == {"核对电话", "好奇"}


def test_who_declines_between_two_looks_with_one_key_reads_of_the_second(house: House) -> None:
    """m1 was asked first and declines last."""
    house.declined("m2")
    house.who_declined(DESK)
    house.declined("m1", "m2")
    house.who_declined(DESK)
    assert [row["part"] for row in house.read(a_member_actor("m1"))] == ["declined"]
    assert [row["part"] for row in house.read(a_member_actor("m2"))] == ["declined"]


def test_nobody_is_revealed_who_was_erased(house: House) -> None:
    house.members["m1"] = replace(house.members["m1"], erased=True, home_area="")
    with pytest.raises(NotFound):
        house.member(an_actor(Role.ADMIN))
    assert house.db["reveals"].count_documents({}) == 0


def test_the_reason_is_sealed_for_the_member_and_goes_with_them(house: House) -> None:
    house.member(OFFICER)
    assert "核对".encode() not in repr(list(house.db["reveals"].find())).encode()
    house.vault.destroy("m1")
    assert [row["reason"] for row in house.read(HER)] == [None]
    assert house.member(OFFICER, key="k-3") == {"name": None, "phone": None}


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_shown_and_nothing_logged(house: House, reason: str) -> None:
    house.declined("m1")
    for ask in (house.member, house.who_declined):
        with pytest.raises(Refused, match="reason-needed"):
            ask(DESK, reason)
    assert house.db["reveals"].count_documents({}) == 0


@pytest.mark.parametrize(
    "stranger",
    [
        HER,
        an_actor(Role.RESIDENT),
        an_actor(Role.CLIENT),
        an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "another-grid"),)),
        an_actor(Role.ADMIN, community_id="elsewhere"),
    ],
)
def test_nobody_else_can_tell_that_there_is_a_member(house: House, stranger: Actor) -> None:
    with pytest.raises(NotFound):
        house.member(stranger)
    with pytest.raises(NotFound):
        house.member(stranger, member="nobody")
    assert house.db["reveals"].count_documents({}) == 0


def test_who_declined_is_for_dispatchers_and_each_of_them_reads_it(house: House) -> None:
    house.declined("m1", "m2")
    assert house.who_declined(DESK) == {
        "declined": [{"member_id": "m1", "display_name": "何阿姨"}, {"member_id": "m2", "display_name": "老李"}],
        "returned": [],
    }
    for member in ("m1", "m2"):
        (row,) = house.read(a_member_actor(member))
        assert (row["part"], row["ticket_id"], row["reason"]) == ("declined", TICKET_ID, "重复派单")
    assert house.read(a_member_actor("m3")) == []


def test_who_only_did_not_answer_is_not_among_them(house: House) -> None:
    house.declined()
    assert house.who_declined(DESK) == {"declined": [], "returned": []}


def test_duty_staff_and_whose_own_case_it_is_do_not_read_who_declined(house: House) -> None:
    house.declined("m1")
    with pytest.raises(NotFound):
        house.who_declined(OFFICER)
    house.declined("m1", recused=Recusal(members=("m7",)))
    with pytest.raises(NotFound):
        house.who_declined(replace(DESK, member_id="m7"))
    assert house.read(HER) == []


def test_the_newest_comes_first_page_by_page(house: House) -> None:
    for number in range(5):
        house.member(OFFICER, reason=f"{number}", key=f"k-{number}")
        house.clock.advance(minutes=1)
    first = house.read(HER, limit=2)
    second = house.read(HER, limit=2, before=first[-1]["mark"])
    third = house.read(HER, limit=2, before=second[-1]["mark"])
    assert [row["reason"] for row in (*first, *second, *third)] == ["4", "3", "2", "1", "0"]
    with pytest.raises(Invalid):
        house.read(HER, before="yesterday")


def test_rows_of_two_years_ago_are_there_and_of_four_are_forgotten(house: House, settings: Settings) -> None:
    """Three years, by the real time in the row's id."""
    reveal = MemberReveal(community_id=COMMUNITY, member_id="m1", at=NOON, account_id="a", reason="old", part="contact")
    house.log.add("k-old", [reveal])
    with offline(build, settings, NAME) as (resources, parts):
        retention = resources.retention(parts.retention)
        assert retention.run()["reveals"] == 0
        moved = replace(settings, retention_reveals_days=0.0)
    with offline(build, moved, NAME) as (resources, parts):
        assert resources.retention(parts.retention).run()["reveals"] == 1
