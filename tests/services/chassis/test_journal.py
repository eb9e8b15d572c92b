"""What the store does on a real MongoDB: its cost, its guards under real concurrency, what it writes and tells."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import AutoReconnect
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from chassis.aggregates import Aggregates
from chassis.change import MEMORY
from chassis.journal import Journal, Target
from chassis.migrations import Index, base_indexes, migrate
from chassis.mongo import Document, connect, database
from chassis.settings import Settings
from contracts.commands import Outcome
from contracts.decisions import Decided
from contracts.errors import Conflict, DomainError
from tests.builders import a_meta
from tests.fakes.clock import FixedClock
from tests.fakes.crews import Crew, CrewCodec, Helper, HelperCodec, join, take_seat

ID = "crew-1"


class Overheard(CommandListener):
    """Every command that the driver sends."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.commands.append((event.command_name, event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Of no interest."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Of no interest."""


@pytest.fixture
def db(mongo: MongoClient[Document], settings: Settings) -> Database[Document]:
    db = database(mongo, settings, "gear")
    migrate(db, base_indexes(["crews", "helpers"]))
    return db


@pytest.fixture
def told() -> list[tuple[str, str, list[dict[str, Any]]]]:
    return []


@pytest.fixture
def journal(db: Database[Document], told: list[Any]) -> Journal:
    return Journal(db, FixedClock(), lambda collection, id, wires: told.append((collection, id, list(wires))))


@pytest.fixture
def crews(journal: Journal) -> Aggregates[Crew]:
    return Aggregates(journal, CrewCodec())


@pytest.fixture
def helpers(journal: Journal) -> Aggregates[Helper]:
    return Aggregates(journal, HelperCodec())


@pytest.fixture
def overheard(settings: Settings) -> Iterator[tuple[Overheard, Aggregates[Crew]]]:
    listener = Overheard()
    with MongoClient[Document](settings.mongo_url, tz_aware=True, w="majority", event_listeners=[listener]) as client:
        yield listener, Aggregates(Journal(database(client, settings, "gear"), FixedClock()), CrewCodec())


def test_every_write_waits_for_a_majority_and_the_journal(settings: Settings) -> None:
    with connect(settings) as client:
        assert client.write_concern.document == {"w": "majority", "j": True}


def test_a_command_costs_one_find_and_one_update(
    db: Database[Document], overheard: tuple[Overheard, Aggregates[Crew]]
) -> None:
    listener, crews = overheard
    crews.apply(ID, a_meta(command_id="c-1"), lambda crew: join(crew, "a"))
    listener.commands.clear()
    crews.apply(ID, a_meta(command_id="c-2"), lambda crew: join(crew, "b"))

    assert [name for name, _ in listener.commands] == ["find", "update"]
    find, update = (command for _, command in listener.commands)
    assert find["projection"] == {"outbox.data": 0}
    [write] = update["updates"]
    assert write["q"] == {"_id": ID, "rev": 1}
    assert set(write["u"]["$set"]) == {"rev", "version", "members", "pending"}
    assert set(write["u"]["$push"]) == {"outbox", "commands"}
    assert write["u"]["$push"]["commands"]["$slice"] == -MEMORY


def test_a_relay_that_pulls_meanwhile_loses_and_doubles_nothing(
    db: Database[Document], crews: Aggregates[Crew]
) -> None:
    """The relay never touches ``rev``, so the command's guard still holds: only ``$push`` is safe."""
    [first] = crews.apply(ID, a_meta(command_id="c-1"), lambda crew: join(crew, "a")).envelopes

    def pulled_meanwhile(crew: Crew | None) -> Decided[Crew]:
        db.crews.update_one({"_id": ID}, {"$pull": {"outbox": {"id": {"$in": [first.id]}}}, "$unset": {"pending": 1}})
        return join(crew, "b")

    [second] = crews.apply(ID, a_meta(command_id="c-2"), pulled_meanwhile).envelopes
    doc = db.crews.find_one({"_id": ID}) or {}
    assert [wire["id"] for wire in doc["outbox"]] == [second.id]
    assert doc["pending"] is True


def test_the_relay_is_told_what_waits_where_after_it_is_stored(
    db: Database[Document], told: list[Any], crews: Aggregates[Crew]
) -> None:
    outcome = crews.apply(ID, a_meta(), lambda crew: join(crew, "a", events=2))
    assert told == [("crews", ID, [envelope.to_wire() for envelope in outcome.envelopes])]
    assert told[0][2] == (db.crews.find_one({"_id": ID}) or {})["outbox"]

    crews.apply(ID, a_meta(command_id="c-2"), lambda crew: Decided(replace(crew or Crew(ID), name="夜巡队")))
    assert len(told) == 1


def test_the_relay_is_told_of_both_only_when_both_are_stored(
    told: list[Any], journal: Journal, crews: Aggregates[Crew], helpers: Aggregates[Helper]
) -> None:
    crews.apply(ID, a_meta(command_id="c-0"), lambda crew: Decided(Crew(ID)))
    helpers.apply("h", a_meta(command_id="c-0"), lambda helper: Decided(Helper("h")))
    targets: list[tuple[Target, str]] = [(crews, ID), (helpers, "h")]

    with pytest.raises(ValueError, match="surrogates"):
        journal.apply_together(
            a_meta(), targets, lambda both: [join(both[0], "a"), Decided(Helper("h", 1, ("\ud800",)))]
        )
    assert told == []

    journal.apply_together(a_meta(), targets, _take_seat)
    assert [(collection, id) for collection, id, _ in told] == [("crews", ID), ("helpers", "h")]


def test_fields_of_a_newer_program_are_left_alone(db: Database[Document], crews: Aggregates[Crew]) -> None:
    crews.apply(ID, a_meta(command_id="c-1"), lambda crew: join(crew, "a"))
    db.crews.update_one({"_id": ID}, {"$set": {"mood": "good"}, "$unset": {"until": ""}})
    crews.apply(ID, a_meta(command_id="c-2"), lambda crew: join(crew, "b"))

    doc = db.crews.find_one({"_id": ID}) or {}
    assert doc["mood"] == "good"
    assert doc["until"] is None, "a field that the older program did not write yet is added"


def test_another_documents_unique_value_is_a_conflict(mongo: MongoClient[Document], settings: Settings) -> None:
    db = database(mongo, settings, "gear_unique")
    migrate(db, [Index("crews", [("community_id", 1), ("name", 1)], unique=True)])
    crews = Aggregates(Journal(db, FixedClock()), CrewCodec())
    crews.apply(ID, a_meta(), lambda crew: Decided(Crew(ID)))
    with pytest.raises(Conflict) as refusal:
        crews.apply("crew-2", a_meta(), lambda crew: Decided(Crew("crew-2")))
    assert refusal.value.code == "already-exists"


def test_a_codec_must_not_write_the_fields_of_the_gear(journal: Journal) -> None:
    class Meddling(CrewCodec):
        def to_doc(self, aggregate: Crew) -> dict[str, Any]:
            return {"outbox": []}

    crews = Aggregates(journal, Meddling())
    with pytest.raises(TypeError, match="outbox"):
        crews.apply(ID, a_meta(), lambda crew: Decided(Crew(ID)))


@pytest.mark.parametrize("query", [{"pending": True}, {"next_due": {"$lte": FixedClock().now()}}])
def test_the_sweepers_and_the_deadlines_questions_use_their_index(
    mongo: MongoClient[Document], settings: Settings, query: dict[str, Any]
) -> None:
    """Naive: a partial index on ``outbox.0`` is accepted, and every look reads the whole collection."""
    db = database(mongo, settings, "gear_indexes")
    db.crews.drop()
    migrate(db, base_indexes(["crews"]))
    crews = Aggregates(Journal(db, FixedClock()), CrewCodec())
    for number in range(20):
        crews.apply(f"crew-{number}", a_meta(), lambda crew: join(crew, "a"))
    stages = list(_stages(db.crews.find(query).explain()["queryPlanner"]["winningPlan"]))
    assert "IXSCAN" in stages
    assert "COLLSCAN" not in stages


def _stages(plan: dict[str, Any]) -> Iterator[str]:
    plan = plan.get("queryPlan", plan)
    yield plan["stage"]
    if "inputStage" in plan:
        yield from _stages(plan["inputStage"])


def test_nobody_is_lost_when_many_write_at_once(db: Database[Document], crews: Aggregates[Crew]) -> None:
    done = _at_once([_joining(crews, f"m-{number}") for number in range(12)])

    joined = [member for member, refusal in done if refusal is None]
    crew = crews.get(ID) or Crew(ID)
    assert sorted(crew.members) == sorted(joined)
    doc = db.crews.find_one({"_id": ID}) or {}
    assert doc["rev"] == doc["version"] == len(joined)
    assert [wire["aggregateversion"] for wire in doc["outbox"]] == list(range(1, len(joined) + 1))


def test_the_same_command_many_times_at_once_is_done_once(db: Database[Document], crews: Aggregates[Crew]) -> None:
    done = _at_once([_joining(crews, "a", command="c-1") for _ in range(8)])

    assert [refusal for _, refusal in done if refusal is not None] == []
    assert crews.get(ID) == Crew(ID, members=("a",))


def test_one_seat_each_however_many_orders_race_for_a_helper(
    journal: Journal, crews: Aggregates[Crew], helpers: Aggregates[Helper]
) -> None:
    """Each order is another document, so that only the helper's own guard can hold the capacity."""
    for number in range(10):
        crews.apply(f"crew-{number}", a_meta(), lambda crew, number=number: Decided(Crew(f"crew-{number}")))  # type: ignore[misc]
    helpers.apply("h", a_meta(), lambda helper: Decided(Helper("h", capacity=2)))

    def taking(number: int) -> Callable[[], tuple[str, DomainError | None]]:
        def take() -> tuple[str, DomainError | None]:
            targets: list[tuple[Target, str]] = [(crews, f"crew-{number}"), (helpers, "h")]
            return f"crew-{number}", _refusal(
                lambda: journal.apply_together(a_meta(command_id=f"t-{number}"), targets, _take_seat)
            )

        return take

    done = _at_once([taking(number) for number in range(10)])

    seated = sorted(crew for crew, refusal in done if refusal is None)
    assert 1 <= len(seated) <= 2
    assert sorted((helpers.get("h") or Helper("h")).holding) == seated
    assert [id for id in (f"crew-{n}" for n in range(10)) if (crews.get(id) or Crew(id)).members] == seated


@pytest.mark.parametrize("committed", [True, False])
def test_a_commit_whose_answer_was_lost_is_done_once(
    monkeypatch: pytest.MonkeyPatch,
    journal: Journal,
    crews: Aggregates[Crew],
    helpers: Aggregates[Helper],
    committed: bool,
) -> None:
    """Naive: decide again on what the lost commit left, and seat the helper twice."""
    crews.apply(ID, a_meta(command_id="c-0"), lambda crew: Decided(Crew(ID)))
    helpers.apply("h", a_meta(command_id="c-0"), lambda helper: Decided(Helper("h", capacity=2)))
    commit = ClientSession.commit_transaction
    answers = [lambda: AutoReconnect("connection lost", {"errorLabels": ["UnknownTransactionCommitResult"]})]

    def without_an_answer(session: ClientSession) -> None:
        if committed or not answers:
            commit(session)
        if answers:
            raise answers.pop()()

    monkeypatch.setattr(ClientSession, "commit_transaction", without_an_answer)
    targets: list[tuple[Target, str]] = [(crews, ID), (helpers, "h")]
    outcome = journal.apply_together(a_meta(), targets, _take_seat)

    assert outcome.result == {"seat": 1}
    assert crews.get(ID) == Crew(ID, members=("h",))
    assert helpers.get("h") == Helper("h", 2, (ID,))


def test_a_database_that_stays_away_is_not_asked_for_ever(
    monkeypatch: pytest.MonkeyPatch, journal: Journal, crews: Aggregates[Crew], helpers: Aggregates[Helper]
) -> None:
    asked: list[int] = []

    def away(session: ClientSession, *_: object) -> None:
        asked.append(1)
        raise AutoReconnect("no primary", {"errorLabels": ["TransientTransactionError"]})

    monkeypatch.setattr(ClientSession, "start_transaction", away)
    with pytest.raises(AutoReconnect):
        journal.apply_together(a_meta(), [(crews, ID), (helpers, "h")], _take_seat)
    assert len(asked) == 2


def _take_seat(both: Sequence[Any]) -> list[Decided[Any] | None]:
    crew, helper = both
    return take_seat(crew, helper)


def _joining(crews: Aggregates[Crew], member: str, command: str = "") -> Callable[[], tuple[str, DomainError | None]]:
    meta = a_meta(command_id=command or member)
    return lambda: (member, _refusal(lambda: crews.apply(ID, meta, lambda crew: join(crew, member))))


def _refusal(act: Callable[[], Outcome]) -> DomainError | None:
    try:
        act()
    except DomainError as error:
        return error
    return None


def _at_once(acts: list[Callable[[], tuple[str, DomainError | None]]]) -> list[tuple[str, DomainError | None]]:
    """Run all together, begun at one moment."""
    barrier = threading.Barrier(len(acts))

    def one(act: Callable[[], tuple[str, DomainError | None]]) -> tuple[str, DomainError | None]:
        barrier.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))
