"""Reads of an event store: a history stays within a community, what holds all of them is the platform's own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from chassis.rpc import EventReads
from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.reads import EventsBetween, EventsPage, History
from contracts.errors import NotFound, Refused
from tests.builders import NOON, an_actor
from tests.services.chassis.rpc_probe import meta


class StoredEvents:
    """An event store of two communities."""

    def history(self, thread: str) -> list[dict[str, Any]]:
        return [{"id": "e1", "communityid": "c1"}] if thread == "t1" else [{"id": "e2", "communityid": "c2"}]

    def page(
        self, after: str | None, limit: int, threads: Sequence[str] = ()
    ) -> tuple[list[dict[str, Any]], str | None]:
        return [{"id": after or "first"}][:limit], "next"

    def between(
        self, community_id: str, since: datetime, until: datetime, after: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        return [{"id": community_id, "at": [since, until]}], after


class ReadableProbe(EventReads):
    """A service with an event store."""

    name = "readable"


def test_histories_stay_within_a_community() -> None:
    service = ReadableProbe()
    service.stored_events = StoredEvents()
    own = service.history(Call(History(thread="t1"), meta()))
    assert own.result == {"events": [{"id": "e1", "communityid": "c1"}]}
    with pytest.raises(NotFound):
        service.history(Call(History(thread="t2"), meta()))
    page = service.events_page(Call(EventsPage(after="e5", limit=10), meta()))
    assert page.result == {"events": [{"id": "e5"}], "next": "next"}
    between = EventsBetween(community_id="c1", since=NOON, until=NOON, after="m")
    told = service.events_between(Call(between, meta()))
    assert told.result == {"events": [{"id": "c1", "at": [NOON, NOON]}], "next": "m"}
    for ask in (
        lambda who: service.events_page(Call(EventsPage(), who)),
        lambda who: service.events_between(Call(between, who)),
    ):
        with pytest.raises(Refused):
            ask(meta(actor=an_actor(Role.ADMIN)))
