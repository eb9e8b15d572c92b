"""The views' one helper on a real MongoDB: the newest of each source stays, whatever the order and the crowd."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from chassis.mongo import Document, database
from chassis.projection import Projection, project
from chassis.settings import Settings


@pytest.fixture
def view(mongo: MongoClient[Document], settings: Settings) -> Collection[Document]:
    return database(mongo, settings, "gear").view


def row(view: Collection[Document], id: str = "t-1") -> dict[str, Any]:
    """The row as it is now."""
    return view.find_one({"_id": id}) or {}


def ticket(version: int, *, id: str = "t-1", **fields: Any) -> Projection:
    return Projection(id, "ticket", version, {"status": f"s{version}", **fields})


def test_each_source_has_its_own_part_and_its_own_version(view: Collection[Document]) -> None:
    """Naive: one version for the row; after ticket 9, demand 3 would count as old."""
    project(view, [ticket(9)])
    project(view, [Projection("t-1", "demand", 3, {"wave": 1})])

    assert row(view) == {"_id": "t-1", "ticket": {"v": 9, "status": "s9"}, "demand": {"v": 3, "wave": 1}}


def test_what_is_not_newer_changes_nothing(view: Collection[Document]) -> None:
    project(view, [ticket(2)])
    before = row(view)
    project(view, [ticket(1)])
    project(view, [ticket(2, status="another")])

    assert row(view) == before


def test_a_row_that_cannot_be_written_stops_none_after_it(view: Collection[Document]) -> None:
    """Naive: an ordered bulk ends at the first row that meets another's insert, and what follows is never written."""
    strict = view.database["strict"]
    strict.create_index("ticket.status", unique=True)
    project(strict, [ticket(1, id="t-1")])
    with pytest.raises(RuntimeError):
        project(strict, [ticket(1, id="t-2"), ticket(3, id="t-3")])

    assert row(strict, "t-3")["ticket"]["v"] == 3


def test_a_part_is_replaced_whole(view: Collection[Document]) -> None:
    project(view, [ticket(1, lead="m-1", place={"grid": "g1", "block": "b1"})])
    project(view, [ticket(2, place={"grid": "g2"})])

    assert row(view)["ticket"] == {"v": 2, "status": "s2", "place": {"grid": "g2"}}


def test_texts_that_look_like_fields_are_texts(view: Collection[Document]) -> None:
    """Naive: without $literal the name is looked up in the row, and lost."""
    fields = {"name": "$ticket", "sum": {"$add": [1, 2]}, "many": ["$$ROOT", "$x"]}
    project(view, [Projection("t-1", "ticket", 1, fields, {"community_id": "$secret"})])

    assert row(view)["ticket"] == {"v": 1, **fields}
    assert row(view)["community_id"] == "$secret"


def test_shared_fields_are_set_with_the_part_or_not_at_all(view: Collection[Document]) -> None:
    project(view, [Projection("t-1", "ticket", 2, {}, {"area_path": ["a", "b"], "community_id": "c"})])
    project(view, [Projection("t-1", "ticket", 1, {}, {"area_path": ["old"], "community_id": "c"})])
    assert row(view)["area_path"] == ["a", "b"]

    project(view, [Projection("t-1", "ticket", 3, {}, {"area_path": ["a", "c"]})])
    assert (row(view)["area_path"], row(view)["community_id"]) == (["a", "c"], "c")


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_any_order_within_one_batch_and_a_second_delivery_end_the_same(
    view: Collection[Document], order: tuple[int, ...]
) -> None:
    rows = [ticket(version) for version in order]
    project(view, rows)
    project(view, list(reversed(rows)))
    assert row(view)["ticket"] == {"v": 3, "status": "s3"}


def test_an_old_row_stops_none_of_its_batch(view: Collection[Document]) -> None:
    """Naive: an ordered bulk ends at the first row that meets a newer one."""
    project(view, [ticket(5, id="t-0")])
    project(view, [ticket(1, id="t-0"), *(ticket(1, id=f"t-{number}") for number in range(1, 20))])

    assert view.count_documents({"ticket.v": 1}) == 19
    assert row(view, "t-0")["ticket"]["v"] == 5


def test_nothing_is_a_batch_too(view: Collection[Document]) -> None:
    project(view, [])
    assert view.count_documents({}) == 0


def test_the_newest_stays_under_a_crowd_of_writers(view: Collection[Document]) -> None:
    """Naive: a filter on the version with upsert, duplicates swallowed; some rows stay on an old version for ever."""
    ids, versions, writers = range(60), range(1, 5), 20
    jobs = [ticket(version, id=f"t-{id}") for id in ids for version in versions] * 2
    jobs += [Projection(f"t-{id}", "demand", version, {"wave": version}) for id in ids for version in versions]
    random.Random(7).shuffle(jobs)
    batches = [jobs[start::60] for start in range(60)]

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(lambda batch: project(view, batch), batches))

    newest = {"$ne": versions[-1]}
    assert view.count_documents({}) == len(ids)
    assert list(view.find({"$or": [{"ticket.v": newest}, {"demand.v": newest}]})) == []
