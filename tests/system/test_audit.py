"""Each clause of the audit finds its faults, planted in what the real services made, and nothing where all is well."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.audit.audit import CLAUSES, audit, sentences, settled
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope
from tests.builders import COMMUNITY
from tests.system.auditing import (
    faults_of_cash,
    faults_of_copies,
    faults_of_counter,
    faults_of_dispatch,
    faults_of_harm,
    faults_of_hours,
    faults_of_intake,
    faults_of_ladder,
    faults_of_ledger,
    faults_of_merging,
    faults_of_messages,
    faults_of_orders,
    faults_of_pleas,
    faults_of_slips,
    faults_of_telling,
    faults_of_upstream,
    faults_of_visits,
    faults_of_webhooks,
    faults_of_words,
)
from tests.system.auditing.faults import FAULTS, ticket
from tests.system.auditing.world import Plant, World

pytestmark = pytest.mark.xdist_group("audit")
IN_FILES = (
    faults_of_cash,
    faults_of_copies,
    faults_of_counter,
    faults_of_dispatch,
    faults_of_harm,
    faults_of_hours,
    faults_of_intake,
    faults_of_ladder,
    faults_of_ledger,
    faults_of_merging,
    faults_of_messages,
    faults_of_orders,
    faults_of_pleas,
    faults_of_slips,
    faults_of_telling,
    faults_of_upstream,
    faults_of_visits,
    faults_of_webhooks,
    faults_of_words,
)
OF_QUEUES = {"queues", "dead_letters"}
OF_A_RUN = {"webhooks_unheard"}
"""Known only where a run has a receiver of its own."""


@pytest.fixture
def plant(world: World, tmp_path: Path) -> Iterator[Plant]:
    made = Plant(world, tmp_path)
    yield made
    made.undo()


@pytest.fixture
def databases(world: World) -> Iterator[Databases]:
    settings = world.settings
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as opened:
        yield opened


def found(databases: Databases, scope: Scope) -> dict[str, list[str]]:
    clauses = {name: clause for name, clause in CLAUSES.items() if name not in OF_QUEUES}
    return {
        name: [finding.clause for finding in some] for name, some in audit(databases, scope, clauses).items() if some
    }


def test_nothing_is_found_where_nothing_is_wrong(world: World, databases: Databases) -> None:
    assert found(databases, Scope(COMMUNITY, journal=world.journal)) == {}
    assert found(databases, Scope()) == {}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_with_all_that_follows_from_it(name: str, plant: Plant, databases: Databases) -> None:
    fault, expected = FAULTS[name]
    fault(plant)
    assert found(databases, Scope(COMMUNITY, journal=plant.journal)) == expected


def test_every_clause_has_a_fault_that_it_finds() -> None:
    assert all(expected for _, expected in FAULTS.values())
    planted = {clause for _, expected in FAULTS.values() for clause in expected}
    assert planted | OF_QUEUES | OF_A_RUN == CLAUSES.keys()


def test_what_the_receiver_of_a_run_did_not_hear_is_found(world: World, databases: Databases) -> None:
    sent = [row["event_id"] for row in world.of("notify").webhook_deliveries.find()]
    assert found(databases, Scope(COMMUNITY, heard=frozenset(sent))) == {}
    assert found(databases, Scope(COMMUNITY, heard=frozenset(sent[1:]))) == {"webhooks_unheard": ["webhook-unheard"]}


def test_a_message_that_was_forgotten_in_its_time_is_no_fault(plant: Plant, databases: Databases) -> None:
    rows, told = plant.world.of("notify").retention, plant.world.doc("notify", "messages", {"rule": "closed"})
    before = rows.find_one({"_id": "messages"})
    try:
        plant.remove("notify", "messages", told["_id"])
        assert list(found(databases, Scope(COMMUNITY))) == ["not_told"]
        tomorrow = datetime.now(UTC) + timedelta(days=2)
        rows.replace_one({"_id": "messages"}, {"last_run": tomorrow, "days": 1.0}, upsert=True)
        assert found(databases, Scope(COMMUNITY)) == {}
    finally:
        rows.delete_one({"_id": "messages"})
        if before is not None:
            rows.insert_one(before)


def test_a_message_that_was_suppressed_with_its_reason_is_no_fault(plant: Plant, databases: Databases) -> None:
    told = plant.world.doc("notify", "messages", {"rule": "closed"})
    plant.change("notify", "messages", told["_id"], {"$set": {"status": "suppressed", "reason": "no-such-channel"}})
    assert found(databases, Scope(COMMUNITY)) == {}


def test_another_communitys_faults_are_not_ours(plant: Plant, databases: Databases) -> None:
    ticket(plant).set(plant, status="completed", result="partly")
    assert found(databases, Scope("elsewhere")) == {}
    assert found(databases, Scope()) != {}


def test_without_a_journal_nothing_is_said_of_answers(plant: Plant, databases: Databases) -> None:
    plant.answer("POST", "/tickets", 201, id="01LOST", version=1, status="accepted")
    assert found(databases, Scope(COMMUNITY)) == {}
    with pytest.raises(FileNotFoundError):
        found(databases, Scope(COMMUNITY, journal=Path("nowhere.jsonl")))


def test_a_refusal_and_a_page_promise_nothing(plant: Plant, databases: Databases) -> None:
    order = ticket(plant).id
    plant.answer("POST", f"/tickets/{order}/confirm", 409, id="01LOST")
    plant.answer("GET", "/tickets?limit=5", 200, items=[])
    plant.answer("GET", "/members/m9", 404)
    assert found(databases, Scope(COMMUNITY, journal=plant.journal)) == {}


def test_settling_waits_for_what_is_on_its_way_and_no_longer_than_told(databases: Databases) -> None:
    looks = iter([[Finding("late", "x", "y")], [], []])
    assert settled(databases, Scope(), 10, {"late": lambda _d, _s: iter(next(looks))}) == {"late": []}
    never = {"never": lambda _d, _s: iter([Finding("never", "x", "y")])}
    assert settled(databases, Scope(), 0, never) == {"never": [Finding("never", "x", "y")]}


def test_what_broke_while_something_else_settled_is_found(databases: Databases) -> None:
    late = iter([[Finding("late", "x", "y")], [], [], []])
    sound = iter([[], [Finding("broke", "x", "y")], [], []])
    clauses = {"late": lambda _d, _s: iter(next(late)), "sound": lambda _d, _s: iter(next(sound))}
    assert settled(databases, Scope(), 10, clauses) == {"late": [], "sound": []}
    assert next(late, None) is next(sound, None) is None


def test_findings_are_told_in_sentences_a_few_of_each() -> None:
    some = [Finding("over-capacity", f"x{number}", "holds 1, can hold 0") for number in range(9)]
    told = list(sentences({"over_capacity": some, "leases": []}, most=3))
    assert told[0] == "over_capacity: x0: holds 1, can hold 0"
    assert told[3:] == ["over_capacity: … 6 more"]
