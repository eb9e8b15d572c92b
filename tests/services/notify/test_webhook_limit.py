"""A community has exactly so many endpoints, whatever races: on the real database, several processes at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.actor import Role
from contracts.errors import Conflict
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.webhook_endpoints import MongoEndpoints
from services.notify.domain.endpoint import Endpoint, Secret
from tests.builders import an_actor

MOST = 20
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def an_endpoint(id: str, community: str = "shiliuli") -> Endpoint:
    return Endpoint(
        id=id,
        community_id=community,
        owner=an_actor(Role.DISPATCHER, account_id="a-desk"),
        url=b"sealed",
        description=None,
        event_types=("*",),
        areas=(),
        secrets=(Secret(sealed=b"sealed", made_at=NOW),),
        created_at=NOW,
        hears_from=NOW,
    )


@pytest.fixture
def rows(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Any:
    db = mongo[settings.db_prefix + "notify"]
    migrate(db, INDEXES)
    return db["webhook_endpoints"]


@pytest.fixture
def processes(rows: Any) -> list[MongoEndpoints]:
    return [MongoEndpoints(rows.database) for _ in range(4)]


def race(processes: list[MongoEndpoints], ids: list[str]) -> list[str]:
    """Each id is opened by two processes at once; those that found room."""

    def attempt(place: int) -> str | None:
        id = ids[place % len(ids)]
        try:
            processes[place % len(processes)].add(an_endpoint(id), MOST)
        except Conflict:
            return None
        return id

    with ThreadPoolExecutor(16) as pool:
        return sorted({id for id in pool.map(attempt, range(2 * len(ids))) if id is not None})


def test_so_many_are_let_in_and_not_one_more_nor_fewer(rows: Any, processes: list[MongoEndpoints]) -> None:
    taken = race(processes, [f"e-{number:02}" for number in range(60)])
    assert len(taken) == MOST
    assert sorted(doc["_id"] for doc in rows.find()) == taken


@pytest.mark.parametrize("there", [MOST - 1, MOST])
def test_the_last_place_is_one_s(rows: Any, processes: list[MongoEndpoints], there: int) -> None:
    for number in range(there):
        processes[0].add(an_endpoint(f"there-{number}"), MOST)
    assert len(race(processes, ["one", "two", "three"])) == MOST - there
    assert rows.count_documents({}) == MOST


def test_what_was_deleted_leaves_room_and_another_community_has_its_own(
    rows: Any, processes: list[MongoEndpoints]
) -> None:
    endpoints = processes[0]
    for number in range(MOST):
        endpoints.add(an_endpoint(f"there-{number}"), MOST)
    assert endpoints.delete("there-7")
    assert endpoints.add(an_endpoint("instead"), MOST)
    assert endpoints.add(an_endpoint("elsewhere", "elsewhere"), MOST)
    with pytest.raises(Conflict):
        endpoints.add(an_endpoint("too-many"), MOST)


def test_those_of_an_older_version_count_and_get_their_places(rows: Any, processes: list[MongoEndpoints]) -> None:
    for number in range(MOST - 2):
        processes[0].add(an_endpoint(f"there-{number:02}"), MOST)
    rows.update_many({}, {"$unset": {"place": ""}})
    assert len(race(processes, [f"new-{number}" for number in range(10)])) == 2
    assert sorted(doc["place"] for doc in rows.find()) == list(range(MOST))


def test_the_same_command_again_finds_its_own(rows: Any, processes: list[MongoEndpoints]) -> None:
    assert processes[0].add(an_endpoint("one"), 1)
    assert processes[1].add(an_endpoint("one"), 1) is False
