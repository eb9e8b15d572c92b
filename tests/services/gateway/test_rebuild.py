"""Views are set right from the event stores, however damaged, while events go on coming."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chassis import rebuild
from chassis.ids import earlier
from chassis.rebuild import PROGRESS, Report
from contracts.envelope import Envelope
from contracts.events.tickets import TicketCancelled
from contracts.words import TicketStatus
from gateway.identity.accounts import NewAccount
from gateway.views.rebuild import OWNERS
from tests.builders import (
    COMMUNITY,
    a_ticket_snapshot,
)
from tests.services.gateway.rebuilding import ALL, House, Stores, event, masters, order


@pytest.fixture
def house(db: Any, mongo: Any, settings: Any) -> House:
    made = House(db, Stores(mongo, settings.db_prefix))
    made.happen(*masters(), *(told for number in range(12) for told in order(f"t{number:02}", ended=number % 2 == 0)))
    made.accounts.open(NewAccount(community_id=COMMUNITY, login="desk", grants=(), id="a-desk"))
    made.accounts.open(NewAccount(community_id=COMMUNITY, login="li", grants=(), member_id="m1"))
    return made


Damage = Callable[[Any], object]
DAMAGES: dict[str, Damage] = {
    "a row is missing": lambda rows: rows.delete_one({"_id": rows.find_one()["_id"]}),
    "all rows are missing": lambda rows: rows.delete_many({}),
    "a row nobody supports": lambda rows: rows.insert_one({"_id": "zz", "community_id": "c", "ticket": {"v": 3}}),
    "a row that is garbage": lambda rows: rows.insert_one({"_id": "zz", "community_id": "c"}),
    "a row with another kind of id": lambda rows: rows.insert_one({"x": 1}),
    "a version that never was": lambda rows: rows.update_one({}, [{"$set": {_part(rows): {"v": 99, "broken": True}}}]),
    "a version that is none": lambda rows: rows.update_one({}, [{"$set": {_part(rows): {"v": "x"}}}]),
    "an old version": lambda rows: rows.update_one({}, [{"$set": {f"{_part(rows)}.v": 0}}]),
    "other words under the right version": lambda rows: rows.update_one(
        {}, [{"$set": {f"{_part(rows)}.x": {"$literal": "$y"}}}]
    ),
    "a part that is no part": lambda rows: rows.update_one({}, [{"$set": {_part(rows): {"$literal": "$x"}}}]),
    "a part nobody supports": lambda rows: rows.update_one({}, [{"$set": {"junk": {"$literal": {"v": 3, "$x": 1}}}}]),
    "a field nobody knows": lambda rows: rows.update_one({}, [{"$set": {"junk": 1}}]),
    "another community": lambda rows: rows.update_one({}, [{"$set": {"community_id": "elsewhere"}}]),
    "no collection at all": lambda rows: rows.drop(),
}


def _part(rows: Any) -> str:
    names: dict[str, str] = {"tickets": "demand", "accounts": "member", "people": "person"}
    found: str = names.get(rows.name, rows.name.rstrip("s"))
    return found


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_every_view_is_as_before_after_any_damage(house: House, damage: Damage) -> None:
    whole = house.contents()
    own = {"own": {"$exists": False}}
    for view in ALL:
        # What staff entered of their accounts is in no event: nothing can bring it back, and nothing may take it.
        rows = house.db[view] if view != "accounts" else _Only(house.db[view], own)
        damage(rows)
    assert house.contents() != whole
    house.rebuild()
    assert house.contents() == whole
    again = house.rebuild()
    assert again == Report(read=again.read), "nothing is left to do"
    assert [name for name in house.db.list_collection_names() if name.endswith(".rebuild")] == []


class _Only:
    """A collection of which only some rows are within reach."""

    def __init__(self, rows: Any, those: dict[str, Any]) -> None:
        self._rows, self._those, self.name = rows, those, rows.name

    def find_one(self) -> Any:
        return self._rows.find_one(self._those)

    def delete_one(self, query: Any) -> Any:
        return self._rows.delete_one(self._those | query)

    def delete_many(self, query: Any) -> Any:
        return self._rows.delete_many(self._those | query)

    def update_one(self, query: Any, change: Any) -> Any:
        return self._rows.update_one(self._those | query, change)

    def insert_one(self, row: Any) -> Any:
        return self._rows.insert_one(row)

    def drop(self) -> Any:
        return self._rows.delete_many(self._those)


def test_what_was_entered_here_stays_while_what_is_published_is_mended(house: House) -> None:
    whole = house.contents()
    house.db["accounts"].update_one({"_id": "m-m1"}, {"$unset": {"member": 1}})
    house.rebuild("accounts")
    assert house.contents() == whole
    assert house.accounts.by_login("desk") is not None


def test_rows_that_are_right_are_not_written(house: House) -> None:
    house.db["tickets"].delete_one({"_id": "t03"})
    report = house.rebuild()
    assert (report.added, report.mended, report.removed) == (1, 0, 0)


def test_nothing_is_served_half_empty_meanwhile(house: House) -> None:
    house.db["offers"].update_many({}, {"$set": {"offer.wave": 77}})
    seen: list[int] = []
    house.stores.while_reading = lambda: seen.append(house.db["offers"].count_documents({}))
    house.rebuild(tell=lambda step, report: seen.append(house.db["offers"].count_documents({})))
    assert set(seen) == {24}


def test_events_go_on_while_a_damaged_house_is_rebuilt(house: House) -> None:
    """Each event is heard, and stored a little later; or the other way round, in any order of ids."""
    rng = random.Random(7)
    clean = House(house.db.client[house.db.name + "_clean"], house.stores)
    for view in ALL:
        clean.db[view].drop()
    heard: list[Envelope] = [*_stored(house)]
    late: list[Envelope] = []
    coming = [told for number in range(12, 40) for told in order(f"t{number:02}", ended=number % 3 == 0)]
    for told in coming[::5]:  # some were made by a machine whose clock is behind
        coming[coming.index(told)] = replace(told, id=str(earlier(told.id, 7_200))[:16] + told.id[16:])
    rng.shuffle(coming)

    def go_on() -> None:
        for _ in range(rng.randrange(4)):
            if late and rng.random() < 0.6:
                house.stores.add(late.pop(rng.randrange(len(late))))
            elif coming:
                told = coming.pop()
                heard.append(told)
                house.hear(told)
                late.append(told)

    for view in ALL:
        house.db[view].update_many({"own": {"$exists": False}}, [{"$set": {f"{_part(house.db[view])}.x": 1}}])
        house.db[view].delete_many({"_id": {"$in": ["t01", "t02.o1", "g1", "i1", "m2", "m-m2", "team-1"]}})
    house.db["tickets"].insert_one({"_id": "zz", "ticket": {"v": 1}})
    house.stores.while_reading = house.hour.meanwhile = go_on
    house.rebuild(tell=lambda step, report: go_on())
    while coming or late:
        go_on()
    clean.accounts.open(NewAccount(community_id=COMMUNITY, login="desk", grants=(), id="a-desk"))
    clean.accounts.open(NewAccount(community_id=COMMUNITY, login="li", grants=(), member_id="m1"))
    clean.hear(*heard)
    assert house.contents() == clean.contents()


def _stored(house: House) -> list[Envelope]:
    return [envelope for owner in OWNERS for page in house.stores.pages(owner, None) for envelope in page]


def test_a_live_row_that_no_store_has_yet_is_not_taken_for_damage(house: House) -> None:
    """Its event is stored while we wait; it would be gone otherwise, since nobody tells it again."""
    told = order("t99")
    house.hear(*told)
    whole = house.contents()

    def stored_at_last() -> None:
        if house.hour.now > 20.0:
            house.stores.add(*told)

    house.hour.meanwhile = stored_at_last
    report = house.rebuild()
    assert house.contents() == whole
    assert report.removed == 0
    assert house.hour.now < 30.0, "as soon as it is stored there is nothing to wait for"


def test_a_row_that_changes_while_it_is_waited_for_has_all_the_patience_again(house: House) -> None:
    house.hear(*order("t99")[:1])

    def heard_later() -> None:
        if 25.0 < house.hour.now < 27.0:
            house.hear(*order("t99")[1:])
        if house.hour.now > 50.0:
            house.stores.add(*order("t99"))

    house.hour.meanwhile = heard_later
    report = house.rebuild("tickets")
    assert report.removed == 0


class Stopped(Exception):
    """Somebody stopped the rebuild."""


def test_a_rebuild_that_was_stopped_goes_on_and_misses_nothing_that_came_between(house: House) -> None:
    pages = 0

    def stop_after_some(step: str, report: Report) -> None:
        nonlocal pages
        pages += 1
        if pages == 6:  # all of tickets' events, and some of volunteers'
            raise Stopped

    house.db["tickets"].delete_many({})
    with pytest.raises(Stopped):
        house.rebuild("tickets", tell=stop_after_some, shape="one")
    began = house.hour.now
    house.happen(*order("t98"))
    whole_tickets = 13
    house.db["tickets"].delete_many({})
    house.stores.while_reading = lambda: None
    report = house.rebuild("tickets", shape="one")
    assert house.hour.now == began, "it does not wait again for what was on its way at the beginning"
    assert report.read > 0
    assert house.db["tickets"].count_documents({"ticket.v": {"$gt": 0}, "demand.v": 2}) == whole_tickets
    assert house.db[PROGRESS].count_documents({}) == 0


def test_what_another_version_of_the_code_began_is_begun_anew(house: House) -> None:
    def stop(step: str, report: Report) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        house.rebuild("tickets", tell=stop, shape="one")
    house.db["tickets.rebuild"].update_many({}, {"$set": {"ticket.shape": "one"}})
    whole = house.contents()
    house.rebuild("tickets", shape="two")
    assert house.contents() == whole


def test_an_event_that_comes_between_looking_and_writing_is_not_overwritten(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled = TicketCancelled(by_role="staff", reason_code="other", go_to=None, released=())
    newest = event(cancelled, a_ticket_snapshot(id="t01", number="NC-t01", status=TicketStatus.CANCELLED), 3)
    house.db["tickets"].update_one({"_id": "t01"}, {"$set": {"ticket.lead": "somebody"}})
    swap = rebuild._swap

    def heard_just_now(old: Any, new: Any) -> Any:
        house.happen(newest)
        return swap(old, new)

    monkeypatch.setattr(rebuild, "_swap", heard_just_now)
    seen: list[str] = []
    house.rebuild("tickets", tell=lambda step, report: seen.append(_status(house, "t01")))
    first = seen.index(TicketStatus.CANCELLED)
    assert set(seen[first:]) == {TicketStatus.CANCELLED}, "it never went back"
    assert set(seen[:first]) <= {TicketStatus.ACCEPTED}


def _status(house: House, name: str) -> str:
    found = house.db["tickets"].find_one({"_id": name}) or {"ticket": {"status": "gone"}}
    status: str = found["ticket"]["status"]
    return status


def test_what_was_stored_late_between_a_stop_and_the_next_run_is_read(house: House) -> None:
    def stop(step: str, report: Report) -> None:
        if report.read > 30:
            raise Stopped

    with pytest.raises(Stopped):
        house.rebuild("tickets", tell=stop, shape="one")
    first = _stored(house)[0].id
    late = [replace(told, id=str(earlier(first, 60))[:16] + told.id[16:]) for told in order("t98")]
    house.happen(*late)
    house.db["tickets"].delete_one({"_id": "t98"})
    house.rebuild("tickets", shape="one")
    assert house.db["tickets"].count_documents({"_id": "t98", "demand.v": 2}) == 1
