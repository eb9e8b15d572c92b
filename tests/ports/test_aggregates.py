"""One suite for both stores of aggregates: the Mongo one and the one in memory that other tests use.

Interleavings are made inside ``decide``: it runs between reading and writing.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest
from pymongo import MongoClient

from chassis.aggregates import Aggregates
from chassis.change import MEMORY
from chassis.journal import TRIES, Journal
from chassis.mongo import database
from chassis.settings import Settings
from contracts.actor import Role, system_actor
from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.errors import Busy, Conflict, KeyReused
from contracts.events.masters import MemberPublished, TeamPublished
from contracts.words import Text
from tests.builders import COMMUNITY, a_meta, an_actor
from tests.fakes.aggregates import InMemoryAggregates, InMemoryJournal
from tests.fakes.clock import FixedClock
from tests.fakes.crews import Crew, CrewCodec, Helper, HelperCodec, join, take_seat

BOUND = 5
ID = "crew-1"
SYSTEM = system_actor(COMMUNITY)


class AnyAggregates(Protocol):
    """What the application's ports ask of a store."""

    def get(self, id: str) -> Any: ...

    def apply(self, id: str, meta: Meta, decide: Callable[[Any], Any]) -> Outcome: ...


@dataclass
class Store:
    """One implementation, and a look under its lid."""

    journal: Any
    crews: AnyAggregates
    helpers: AnyAggregates
    clock: FixedClock
    doc: Callable[[str], dict[str, Any]]
    relay: Callable[[str], None]

    def join(self, member: str, *, command: str | None = None, events: int = 1) -> Outcome:
        """A member joins the crew by a command of its own."""
        return self.crews.apply(
            ID, a_meta(command_id=command or member), lambda crew: join(crew, member, events=events)
        )


@pytest.fixture(params=["memory", "mongo"])
def store(request: pytest.FixtureRequest) -> Store:
    return _in_memory() if request.param == "memory" else _on_mongo(request)


def _in_memory() -> Store:
    journal = InMemoryJournal(clock := FixedClock(), outbox_bound=BOUND)
    crews, helpers = InMemoryAggregates(journal, CrewCodec()), InMemoryAggregates(journal, HelperCodec())
    return Store(journal, crews, helpers, clock, crews.document, crews.relay)


def _on_mongo(request: pytest.FixtureRequest) -> Store:
    settings: Settings = request.getfixturevalue("settings")
    client: MongoClient[dict[str, Any]] = request.getfixturevalue("mongo")
    db = database(client, settings, "gear")
    journal = Journal(db, clock := FixedClock(), outbox_bound=BOUND, pause=lambda seconds: None)
    crews, helpers = Aggregates(journal, CrewCodec()), Aggregates(journal, HelperCodec())

    def relay(id: str) -> None:
        db.crews.update_one({"_id": id}, {"$set": {"outbox": []}, "$unset": {"pending": ""}})

    return Store(journal, crews, helpers, clock, lambda id: db.crews.find_one({"_id": id}) or {}, relay)


def test_a_first_command_creates_the_aggregate_and_queues_its_event(store: Store) -> None:
    assert store.crews.get(ID) is None
    outcome = store.join("a")

    assert store.crews.get(ID) == Crew(ID, members=("a",))
    assert outcome.result == {"count": 1}
    doc = store.doc(ID)
    assert (doc["rev"], doc["version"], doc["schema"], doc["pending"]) == (1, 1, 1, True)
    assert doc["outbox"] == [envelope.to_wire() for envelope in outcome.envelopes]


def test_the_envelope_says_who_caused_it_and_what_is_now(store: Store) -> None:
    meta = a_meta(command_id="c-1", correlation_id="k-1", causation_id="e-0", traceparent="00-ab-cd-01")
    [envelope] = store.crews.apply(ID, meta, lambda crew: join(crew, "a")).envelopes

    assert (envelope.type, envelope.source) == (TeamPublished.TYPE, TeamPublished.SOURCE)
    assert (envelope.subject, envelope.aggregatetype, envelope.communityid) == (ID, "team", COMMUNITY)
    assert (envelope.correlationid, envelope.causationid, envelope.traceparent) == ("k-1", "e-0", "00-ab-cd-01")
    assert envelope.time == "2026-11-21T00:00:00.000Z"
    assert envelope.data["snapshot"]["member_ids"] == ["a"]


def test_a_command_without_a_cause_is_its_own(store: Store) -> None:
    [envelope] = store.join("a", command="c-1").envelopes
    assert envelope.causationid == "c-1"


def test_two_events_of_one_command_have_a_version_each_and_the_same_snapshot(store: Store) -> None:
    store.join("a")
    first, second = store.join("b", events=2).envelopes

    assert (first.aggregateversion, second.aggregateversion) == (2, 3)
    assert first.id != second.id
    assert first.data["snapshot"] == second.data["snapshot"]
    assert store.doc(ID)["version"] == 3
    assert [wire["aggregateversion"] for wire in store.doc(ID)["outbox"]] == [1, 2, 3]


def test_a_repeated_command_gets_the_stored_answer_and_causes_nothing(store: Store) -> None:
    store.join("a", command="c-1")
    store.join("b", command="c-2")
    repeated = store.join("a", command="c-1")

    assert repeated == Outcome({"count": 1})
    assert store.doc(ID)["rev"] == 2


def test_a_used_key_with_another_body_is_refused(store: Store) -> None:
    store.join("a", command="c-1")
    with pytest.raises(KeyReused):
        store.crews.apply(ID, a_meta(command_id="c-1", body_hash="other"), lambda crew: join(crew, "b"))


def test_the_last_commands_are_remembered(store: Store) -> None:
    for number in range(MEMORY + 1):
        store.join("a", command=f"c-{number}", events=0)

    assert [entry["id"] for entry in store.doc(ID)["commands"]] == [f"c-{n}" for n in range(1, MEMORY + 1)]


def test_nothing_to_do_writes_nothing(store: Store) -> None:
    assert store.crews.apply(ID, a_meta(), lambda crew: None) == Outcome()
    assert store.crews.get(ID) is None


def test_the_platforms_own_repeat_that_changes_nothing_writes_nothing(store: Store) -> None:
    store.join("a")
    before = store.doc(ID)
    outcome = store.crews.apply(ID, a_meta(SYSTEM, "event-1"), lambda crew: Decided(crew, result={"seen": True}))

    assert outcome == Outcome({"seen": True})
    assert store.doc(ID) == before


def test_a_persons_command_that_changes_nothing_is_remembered(store: Store) -> None:
    store.join("a")
    store.crews.apply(ID, a_meta(command_id="c-2"), lambda crew: Decided(crew, result={"n": 1}))
    again = store.crews.apply(ID, a_meta(command_id="c-2"), lambda crew: Decided(crew, result={"n": 2}))

    assert again.result == {"n": 1}
    assert (store.doc(ID)["rev"], store.doc(ID)["version"]) == (2, 1)


def test_a_change_without_event_guards_too(store: Store) -> None:
    """``version`` would let two writers through that tell nothing; ``rev`` grows with every write."""
    store.join("a")
    tries: list[Crew] = []

    def rename(crew: Crew) -> Decided[Crew]:
        tries.append(crew)
        if len(tries) == 1:
            quiet = a_meta(SYSTEM, "other")
            store.crews.apply(ID, quiet, lambda other: Decided(replace(other, members=("a", "b"))))
        return Decided(replace(crew, name="夜巡队"))

    store.crews.apply(ID, a_meta(command_id="c-2"), rename)

    assert len(tries) == 2
    assert store.crews.get(ID) == Crew(ID, "夜巡队", ("a", "b"))
    assert (store.doc(ID)["rev"], store.doc(ID)["version"]) == (3, 1)


def test_two_creations_of_one_id_become_one(store: Store) -> None:
    seen: list[Crew | None] = []

    def create(crew: Crew | None) -> Decided[Crew]:
        seen.append(crew)
        if len(seen) == 1:
            store.join("a")
        return join(crew, "b")

    store.crews.apply(ID, a_meta(command_id="c-2"), create)

    assert seen == [None, Crew(ID, members=("a",))]
    assert store.doc(ID)["version"] == 2


def test_whoever_always_loses_is_told_to_try_again(store: Store) -> None:
    store.join("a")
    numbers = iter(range(100))

    def lose(crew: Crew) -> Decided[Crew]:
        store.crews.apply(ID, a_meta(command_id=f"o-{next(numbers)}"), lambda other: Decided(other))
        return join(crew, "b")

    with pytest.raises(Conflict) as refusal:
        store.crews.apply(ID, a_meta(command_id="c-2"), lose)
    assert refusal.value.code == "try-again"
    assert next(numbers) == TRIES


def test_what_the_relay_took_away_meanwhile_stays_away(store: Store) -> None:
    """Naive: load, append to the outbox, write it back whole; the published event would be there again."""
    store.join("a")

    def relayed_meanwhile(crew: Crew) -> Decided[Crew]:
        store.relay(ID)
        return join(crew, "b")

    [second] = store.crews.apply(ID, a_meta(command_id="c-2"), relayed_meanwhile).envelopes

    assert [wire["id"] for wire in store.doc(ID)["outbox"]] == [second.id]
    assert store.doc(ID)["pending"] is True


def test_a_full_outbox_refuses_events_and_only_events(store: Store) -> None:
    store.join("a", events=BOUND)
    with pytest.raises(Busy):
        store.join("b")
    assert store.crews.get(ID) == Crew(ID, members=("a",))

    store.join("c", events=0)
    store.relay(ID)
    store.join("b")
    assert store.crews.get(ID) == Crew(ID, members=("a", "c", "b"))


def test_a_refusal_writes_nothing(store: Store) -> None:
    store.join("a")
    before = store.doc(ID)

    def refuse(crew: Crew) -> Decided[Crew]:
        raise Conflict("no", Text("不行", "no"))

    with pytest.raises(Conflict):
        store.crews.apply(ID, a_meta(command_id="c-2"), refuse)
    assert store.doc(ID) == before


def test_an_event_that_breaks_its_schema_is_never_stored(store: Store) -> None:
    with pytest.raises(ValueError, match="breaks its schema"):
        store.join("a\x00b")
    assert store.crews.get(ID) is None


def test_a_deadline_is_set_and_cleared_with_the_state(store: Store) -> None:
    until = store.clock.advance(hours=1)
    store.crews.apply(ID, a_meta(command_id="c-1"), lambda crew: Decided(Crew(ID, until=until)))
    assert (store.doc(ID)["due"], store.doc(ID)["next_due"]) == ([{"key": "meet", "at": until}], until)

    store.crews.apply(ID, a_meta(command_id="c-2"), lambda crew: Decided(replace(crew, until=None)))
    assert store.doc(ID)["due"] == []
    assert "next_due" not in store.doc(ID)


def test_a_field_that_is_gone_is_removed(store: Store) -> None:
    store.crews.apply(ID, a_meta(command_id="c-1"), lambda crew: Decided(Crew(ID, note="带梯子")))
    assert store.doc(ID)["note"] == "带梯子"
    store.crews.apply(ID, a_meta(command_id="c-2"), lambda crew: Decided(replace(crew, note=None)))
    assert "note" not in store.doc(ID)


def seat(store: Store, crew: str, helper: str, command: str, **changes: Any) -> Outcome:
    """A helper takes a seat: the transaction of two."""
    meta = a_meta(an_actor(Role.MEMBER), command, **changes)
    targets = [(store.crews, crew), (store.helpers, helper)]
    outcome: Outcome = store.journal.apply_together(meta, targets, lambda both: take_seat(*both))
    return outcome


@pytest.fixture
def crew_and_helper(store: Store) -> Store:
    for id in (ID, "crew-2"):
        store.crews.apply(id, a_meta(command_id="c-0"), lambda crew, id=id: Decided(Crew(id)))  # type: ignore[misc]
    store.helpers.apply("h", a_meta(command_id="c-0"), lambda helper: Decided(Helper("h")))
    return store


def test_two_documents_change_together_each_with_its_own_events(crew_and_helper: Store) -> None:
    store = crew_and_helper
    outcome = seat(store, ID, "h", "c-1")

    assert outcome.result == {"seat": 1}
    assert [envelope.type for envelope in outcome.envelopes] == [TeamPublished.TYPE, MemberPublished.TYPE]
    assert [envelope.subject for envelope in outcome.envelopes] == [ID, "h"]
    assert store.crews.get(ID) == Crew(ID, members=("h",))
    assert store.helpers.get("h") == Helper("h", holding=(ID,))


def test_a_repeat_of_both_is_remembered_by_the_first(crew_and_helper: Store) -> None:
    store = crew_and_helper
    seat(store, ID, "h", "c-1")

    assert seat(store, ID, "h", "c-1") == Outcome({"seat": 1})
    with pytest.raises(KeyReused):
        seat(store, ID, "h", "c-1", body_hash="other")
    assert store.helpers.get("h") == Helper("h", holding=(ID,))


def test_neither_changes_when_one_may_not(crew_and_helper: Store) -> None:
    store = crew_and_helper
    seat(store, ID, "h", "c-1")
    before = store.doc("crew-2")

    with pytest.raises(Conflict):
        seat(store, "crew-2", "h", "c-2")
    assert store.doc("crew-2") == before
    assert store.helpers.get("h") == Helper("h", holding=(ID,))


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (Decided(Helper("h", holding=("\ud800",))), ValueError),
        (Decided(Helper("h", holding=("x",)), (MemberPublished(),) * (BOUND + 1)), Busy),
    ],
)
def test_neither_changes_when_the_second_cannot_be_written(
    crew_and_helper: Store, broken: Decided[Helper], error: type[Exception]
) -> None:
    store = crew_and_helper
    targets = [(store.crews, ID), (store.helpers, "h")]
    with pytest.raises(error):
        store.journal.apply_together(a_meta(command_id="c-1"), targets, lambda both: [take_seat(*both)[0], broken])
    assert store.crews.get(ID) == Crew(ID)


def test_seats_and_capacity_hold_when_two_orders_meet(crew_and_helper: Store) -> None:
    """Naive: each order's own guard passes, and the helper of capacity 1 holds two seats."""
    store = crew_and_helper
    tries: list[Any] = []

    def while_another_is_first(both: Any) -> Any:
        tries.append(both)
        if len(tries) == 1:
            seat(store, "crew-2", "h", "c-2")
        return take_seat(*both)

    targets = [(store.crews, ID), (store.helpers, "h")]
    with pytest.raises(Conflict) as refusal:
        store.journal.apply_together(a_meta(command_id="c-1"), targets, while_another_is_first)

    assert refusal.value.code == "capacity-full"
    assert store.helpers.get("h") == Helper("h", holding=("crew-2",))
    assert store.crews.get(ID) == Crew(ID)


def test_one_of_two_may_be_left_alone(crew_and_helper: Store) -> None:
    store = crew_and_helper
    targets = [(store.crews, ID), (store.helpers, "h")]

    def only_the_second(both: Any) -> Any:
        return [None, Decided(replace(both[1], capacity=2))]

    store.journal.apply_together(a_meta(SYSTEM, "c-1"), targets, only_the_second)
    assert store.helpers.get("h") == Helper("h", capacity=2)
    assert store.doc(ID)["commands"][-1]["id"] == "c-1"

    rev = store.doc(ID)["rev"]
    assert store.journal.apply_together(a_meta(SYSTEM, "c-2"), targets, lambda both: [None, None]) == Outcome()
    assert store.doc(ID)["rev"] == rev


def test_both_may_be_new(store: Store) -> None:
    targets = [(store.crews, ID), (store.helpers, "h")]
    store.journal.apply_together(
        a_meta(), targets, lambda both: [Decided(Crew(ID)), Decided(Helper("h"), (MemberPublished(),))]
    )
    assert (store.crews.get(ID), store.helpers.get("h")) == (Crew(ID), Helper("h"))
