"""Replays on the real database: one of an endpoint runs at once, a stop is not undone, an older version's goes on."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import base_indexes, migrate
from chassis.settings import Settings
from contracts.errors import Conflict
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.webhook_replays import MongoReplays
from services.notify.domain.webhook_replay import EndpointReplay, ReplayState, Store

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
TICKETS = Store(owner="tickets", community_id="shiliuli")


def a_replay(id: str, endpoint: str = "e1") -> EndpointReplay:
    return EndpointReplay(
        id=id,
        endpoint_id=endpoint,
        community_id="shiliuli",
        since=NOW - timedelta(hours=1),
        until=NOW,
        made_at=NOW,
        stores=(TICKETS,),
    )


@pytest.fixture
def rows(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Any:
    db = mongo[settings.db_prefix + "notify"]
    migrate(db, INDEXES)
    return db["webhook_replays"]


def test_of_many_at_once_one_runs(rows: Any) -> None:
    def attempt(number: int) -> bool:
        try:
            MongoReplays(rows.database).add(a_replay(f"r{number}"))
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1
    MongoReplays(rows.database).add(a_replay("other", "e2"))
    assert len(MongoReplays(rows.database).running()) == 2


def test_the_same_command_again_is_the_same_replay(rows: Any) -> None:
    replays = MongoReplays(rows.database)
    for _ in range(2):
        replays.add(a_replay("r1"))
    assert rows.count_documents({}) == 1


def test_a_stop_is_not_undone_by_a_page_that_was_under_way_and_leaves_room(rows: Any) -> None:
    replays = MongoReplays(rows.database)
    replays.add(a_replay("r1"))
    (seen,) = replays.running()
    assert replays.switch(seen, ReplayState.STOPPED)
    assert replays.keep(replace(seen, found=7)) is False
    assert replays.running() == []
    replays.add(a_replay("r2"))
    with pytest.raises(Conflict):
        replays.switch(replace(seen, state=ReplayState.STOPPED), ReplayState.RUNNING)
    assert replays.keep(replace(a_replay("r2"), state=ReplayState.DONE))
    assert replays.switch(replace(seen, state=ReplayState.STOPPED), ReplayState.RUNNING)


def test_how_far_it_is_is_kept(rows: Any) -> None:
    replays = MongoReplays(rows.database)
    replays.add(a_replay("r1"))
    further = replace(TICKETS, place="a-mark", reached=NOW - timedelta(minutes=30))
    assert replays.keep(replace(a_replay("r1"), stores=(further,), found=3))
    (found,) = replays.running()
    assert (found.stores, found.found, found.progress) == ((further,), 3, 50)


def test_one_that_an_older_version_began_reads_its_stores_anew(rows: Any) -> None:
    told = {"endpoint_id": "e1", "community_id": "shiliuli", "since": NOW, "until": NOW, "made_at": NOW, "found": 3}
    rows.insert_one(
        {"_id": "r0", "schema": 1, **told, "state": "running", "places": {"tickets": "01K", "volunteers": None}}
    )
    (found,) = MongoReplays(rows.database).running()
    assert [(one.owner, one.community_id, one.done) for one in found.stores] == [
        ("tickets", "shiliuli", False),
        ("volunteers", "shiliuli", True),
    ]


@pytest.mark.parametrize("owner", ["tickets", "volunteers"])
def test_each_owner_s_store_has_the_index_of_a_time(
    owner: str, settings: Settings, mongo: MongoClient[dict[str, Any]]
) -> None:
    db = mongo[settings.db_prefix + owner]
    migrate(db, base_indexes(()))
    assert "community_id_1_at_1__id_1" in db["events"].index_information()
