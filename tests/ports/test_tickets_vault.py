"""One suite each for persons, reveals and numbers, run on the fakes and on MongoDB alike."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from chassis.vault import Vault, VaultError
from contracts.commands.tickets import NewPerson
from contracts.errors import Invalid
from services.tickets.adapters.indexes import INDEXES
from services.tickets.adapters.mongo import BLOCK, MongoNumbers, MongoPersons, MongoReveals, PersonVault, Remembered
from services.tickets.application.ports import Numbers, Person, Persons, Reveal, Reveals
from services.tickets.application.ports import Vault as VaultPort
from tests.builders import COMMUNITY, NOON, TICKET_ID
from tests.rooms import MASTER_KEY
from tests.unit.tickets.fakes import FakeNumbers, FakePersons, FakeReveals, FakeVault

MOTHER = Person(
    id="p-1",
    community_id=COMMUNITY,
    known_to="a-daughter",
    details=NewPerson(name="阿依古丽·买买提", phone="000-1111-2222", address="1号楼2单元301"),
)
REVEAL = Reveal(
    community_id=COMMUNITY,
    ticket_id=TICKET_ID,
    at=NOON,
    account_id="a-duty",
    role="staff",
    reason="回访阿依古丽",
    sealed_for="p-1",
    concerns=("p-1", "a-daughter"),
)
TODAY = date(2026, 11, 21)


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Any:
    database = mongo[settings.db_prefix + "tickets"]
    migrate(database, INDEXES)
    return database


@pytest.fixture
def keys(db: Any, mongo: MongoClient[dict[str, Any]]) -> Vault:
    return Vault(mongo, db, MASTER_KEY)


@pytest.fixture(params=["fake", "mongo"])
def persons(request: pytest.FixtureRequest) -> Persons:
    if request.param == "fake":
        return FakePersons()
    return MongoPersons(request.getfixturevalue("db"), request.getfixturevalue("keys"))


@pytest.fixture(params=["fake", "mongo"])
def reveals(request: pytest.FixtureRequest) -> Reveals:
    if request.param == "fake":
        return FakeReveals()
    return MongoReveals(request.getfixturevalue("db"), request.getfixturevalue("keys"))


@pytest.fixture(params=["fake", "mongo"])
def numbers(request: pytest.FixtureRequest) -> Numbers:
    return FakeNumbers() if request.param == "fake" else MongoNumbers(request.getfixturevalue("db"))


@pytest.fixture(params=["fake", "mongo"])
def vault(request: pytest.FixtureRequest) -> VaultPort:
    return FakeVault() if request.param == "fake" else PersonVault(request.getfixturevalue("keys"))


def test_a_person_comes_back_whole_and_the_first_stays(persons: Persons) -> None:
    assert persons.get("p-1") is None
    persons.keep(MOTHER, NOON)
    persons.keep(replace(MOTHER, details=NewPerson(name="别人")), NOON)
    assert persons.get("p-1") == MOTHER


def test_reveals_are_read_oldest_first_by_order(reveals: Reveals) -> None:
    later = replace(REVEAL, at=NOON + timedelta(hours=1), reason=None, role="requester")
    for reveal in (REVEAL, replace(REVEAL, ticket_id="another"), later):
        reveals.add(reveal)
    assert list(reveals.of(COMMUNITY, TICKET_ID)) == [REVEAL, later]
    assert list(reveals.of("elsewhere", TICKET_ID)) == []


def test_numbers_never_repeat_within_a_day_and_community(numbers: Numbers) -> None:
    taken = [numbers.take(COMMUNITY, TODAY) for _ in range(2 * BLOCK + 3)]
    assert taken == list(range(1, 2 * BLOCK + 4))
    assert numbers.take(COMMUNITY, TODAY + timedelta(days=1)) == 1
    assert numbers.take("elsewhere", TODAY) == 1


def test_what_is_sealed_opens_only_in_its_context(vault: VaultPort) -> None:
    sealed = vault.seal("p-1", "石榴", "tickets/1/door_word")
    assert sealed is not None
    assert vault.open(sealed, "tickets/1/door_word") == "石榴"
    with pytest.raises((VaultError, ValueError)):
        vault.open(sealed, "tickets/2/door_word")


def test_whoever_is_erased_is_mute_everywhere(db: Any, keys: Vault) -> None:
    persons, reveals, vault = MongoPersons(db, keys), MongoReveals(db, keys), PersonVault(keys)
    persons.keep(MOTHER, NOON)
    reveals.add(REVEAL)
    sealed = vault.seal("p-1", "石榴", "tickets/1/door_word")
    keys.destroy("p-1")
    assert persons.get("p-1") is None
    assert [row.reason for row in reveals.of(COMMUNITY, TICKET_ID)] == [None]
    assert sealed is not None
    assert vault.open(sealed, "tickets/1/door_word") is None
    assert vault.seal("p-1", "石榴", "tickets/1/door_word") is None
    reveals.add(REVEAL)
    assert [row.reason for row in reveals.of(COMMUNITY, TICKET_ID)] == [None, None]


def test_a_person_reads_who_has_seen_what_is_theirs_newest_first_by_pages(db: Any, keys: Vault) -> None:
    reveals = MongoReveals(db, keys)
    rows = [replace(REVEAL, at=NOON + timedelta(minutes=n // 2), account_id=f"a-{n}") for n in range(5)]
    for row in rows:
        reveals.add(row)
    reveals.add(replace(REVEAL, concerns=("somebody else",)))
    first = reveals.about(COMMUNITY, ["a-daughter"], None, 3)
    second = reveals.about(COMMUNITY, ["a-daughter"], first[-1][0], 3)
    assert [row.account_id for _, row in (*first, *second)] == ["a-4", "a-3", "a-2", "a-1", "a-0"]
    assert [row for _, row in reveals.about(COMMUNITY, ["p-1"], None, 1)] == [rows[4]]
    assert reveals.about("elsewhere", ["p-1"], None, 9) == []
    with pytest.raises(Invalid):
        reveals.about(COMMUNITY, ["p-1"], "yesterday", 9)


def test_two_processes_share_a_day_without_a_common_number(db: Any) -> None:
    one, other = MongoNumbers(db), MongoNumbers(db)
    taken = [source.take(COMMUNITY, TODAY) for _ in range(BLOCK) for source in (one, other)]
    assert len(set(taken)) == 2 * BLOCK


def test_nothing_private_is_readable_in_the_database(db: Any, keys: Vault) -> None:
    MongoPersons(db, keys).keep(MOTHER, NOON)
    MongoReveals(db, keys).add(REVEAL)
    stored = repr([*db["persons"].find(), *db["reveals"].find()])
    for word in ("阿依古丽", "000-1111-2222", "301", "回访"):
        assert word not in stored
        assert repr(word.encode())[2:-1] not in stored


def test_masters_are_remembered_for_a_moment_and_missing_ones_asked_for_again() -> None:
    moment, rows = [0.0], {"a": 1}
    asked: list[str] = []

    class Source:
        def get(self, id: str) -> int | None:
            asked.append(id)
            return rows.get(id)

    remembered = Remembered(Source(), 2.0, lambda: moment[0])
    assert [remembered.get("a"), remembered.get("a"), remembered.get("b"), remembered.get("b")] == [1, 1, None, None]
    assert asked == ["a", "b", "b"]
    rows["a"] = 2
    moment[0] = 2.5
    assert remembered.get("a") == 2
