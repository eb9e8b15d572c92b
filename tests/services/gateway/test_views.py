"""The read model: whatever way the events come, the views end the same; pages neither skip nor repeat."""

import json
import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.envelope import Envelope
from contracts.events.masters import AreaPublished, CatalogueItemPublished, MemberPublished, TeamPublished
from contracts.events.people import PersonDeceased, PersonRestored
from contracts.events.tickets import TicketAccepted, TicketAssigned, TicketCancelled, TicketCompleted
from contracts.events.volunteers import AssignmentMade, DemandUnserved, OfferDeclined, OfferMade
from contracts.words import DeadlineKind, DemandStatus, OfferStatus, ResultCode, TicketStatus
from gateway.api import schemas
from gateway.views.pages import Ask
from gateway.views.projector import SHOWN_SECONDS, VIEWS, Projector
from gateway.views.tickets import TicketFilter, TicketViews
from tests.builders import (
    MEMBER_ID,
    a_demand_snapshot,
    a_holder,
    a_member_actor,
    a_member_snapshot,
    a_ticket_holder,
    a_ticket_snapshot,
    an_actor,
    an_area_snapshot,
    an_envelope,
    an_item_snapshot,
    an_offer_change,
    some_terms,
)
from tests.builders_of_people import a_person_snapshot
from tests.services.gateway.api import Api

STAFF = an_actor(Role.SECRETARY)


def history() -> list[Envelope]:
    """One order that was offered, taken, finished; and the words of its end in a text that looks like a field."""
    declined = an_offer_change(status=OfferStatus.DECLINED)
    open_demand = a_demand_snapshot(holders=())
    holder = a_ticket_holder(display_name="$ticket.v")
    return [
        an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot(), 1),
        an_envelope(TicketAssigned(assignment_ids=("x",), lead=MEMBER_ID), a_ticket_snapshot(holders=(holder,)), 2),
        an_envelope(
            TicketCompleted(result=ResultCode.SOLVED, by_member=MEMBER_ID, headcount=1),
            a_ticket_snapshot(status=TicketStatus.COMPLETED, holders=(holder,)),
            3,
        ),
        an_envelope(
            TicketCancelled(by_role="staff", reason_code="other", go_to="gas", released=()),
            a_ticket_snapshot(status=TicketStatus.CANCELLED),
            4,
        ),
        an_envelope(OfferMade(offers=(an_offer_change(),)), open_demand, 1),
        an_envelope(OfferDeclined(offers=(declined,)), open_demand, 2),
        an_envelope(DemandUnserved(gates={"skill": 1}), a_demand_snapshot(status=DemandStatus.UNSERVED), 3),
        an_envelope(
            AssignmentMade(assignment_id="x", member_id=MEMBER_ID, offer_id=None),
            a_demand_snapshot(holders=(a_holder(),)),
            4,
        ),
        *(
            an_envelope(body, version=version)
            for body in (AreaPublished(), CatalogueItemPublished(), MemberPublished(), TeamPublished())
            for version in (1, 2)
        ),
        an_envelope(PersonDeceased(), a_person_snapshot(account_id="a-lin", deceased=True), 1),
        an_envelope(PersonRestored(), a_person_snapshot(account_id="a-lin"), 2),
    ]


def contents(db: Any) -> str:
    return json.dumps({view: list(db[view].find().sort("_id")) for view in VIEWS}, sort_keys=True, default=str)


def test_any_order_and_any_repetition_end_the_same(db: Any) -> None:
    projector = Projector({view: db[view] for view in VIEWS})
    projector.project(history())
    expected = contents(db)
    for seed in range(12):
        rng = random.Random(seed)
        deliveries = history() * 2
        rng.shuffle(deliveries)
        for view in VIEWS:
            db[view].delete_many({})
        cuts = sorted(rng.sample(range(len(deliveries)), 4))
        for first, last in pairwise([0, *cuts, len(deliveries)]):
            projector.project(deliveries[first:last])
        assert contents(db) == expected, f"seed {seed}"


class Written:
    """Counts the bulks that go to a collection."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self.rows = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)

    def bulk_write(self, writes: Any, **options: Any) -> Any:
        self.rows += len(writes)
        return self._collection.bulk_write(writes, **options)


def test_what_a_command_has_shown_is_not_written_again_for_a_while(db: Any) -> None:
    written, clock = Written(db["tickets"]), {"now": 0.0}
    projector = Projector({"tickets": written}, now=lambda: clock["now"])  # type: ignore[dict-item]
    placed, assigned, completed = history()[:3]
    projector.show([assigned])
    assert written.rows == 1
    projector.project([assigned])
    assert written.rows == 1
    projector.project([placed, completed])
    assert written.rows == 4, "its terms, what is newer, and how many were served"
    clock["now"] += SHOWN_SECONDS
    projector.project([assigned])
    assert written.rows == 5
    assert db["tickets"].find_one()["ticket"]["v"] == 3


def test_texts_that_look_like_fields_stay_texts(db: Any) -> None:
    Projector({view: db[view] for view in VIEWS}).project(history()[:3])
    assert db["tickets"].find_one()["ticket"]["holders"][0]["display_name"] == "$ticket.v"


def many(db: Any, count: int, **changes: Any) -> None:
    """Orders of which always three have the same moment."""
    envelopes = []
    for number in range(count):
        id, requester = f"t{(number * 37) % count:03}", "a-1" if number % 2 else "a-2"
        snapshot = a_ticket_snapshot(**{"id": id, "requester_id": requester} | changes)
        envelope = an_envelope(TicketAccepted(terms=some_terms()), snapshot)
        envelope.data["snapshot"]["times"]["placed_at"] = f"2026-11-21T04:00:{number // 3:02}.000Z"
        envelopes.append(envelope)
    Projector({view: db[view] for view in VIEWS}).project(envelopes)


def walk(api: Api, who: Actor, path: str, cursor: str | None = None) -> list[str]:
    ids: list[str] = []
    while True:
        page = api.get(who, path if cursor is None else f"{path}&cursor={cursor}")
        ids += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return ids


def test_pages_hold_everything_once_newest_first(api: Api, db: Any) -> None:
    many(db, 50)
    ids = walk(api, STAFF, "/tickets?limit=7")
    expected = [doc["_id"] for doc in db["tickets"].find().sort([("ticket.times.placed_at", -1), ("_id", -1)])]
    assert ids == expected
    own = walk(api, an_actor(Role.RESIDENT, account_id="a-1"), "/tickets?limit=4&mine=true")
    assert len(own) == 25
    assert set(own) < set(ids)


def test_what_is_inserted_meanwhile_neither_repeats_nor_hides_anything(api: Api, db: Any) -> None:
    many(db, 30)
    first = api.get(STAFF, "/tickets?limit=10")
    newer = an_envelope(TicketAccepted(terms=some_terms()), a_ticket_snapshot(id="new"))
    newer.data["snapshot"]["times"]["placed_at"] = "2026-11-22T00:00:00.000Z"
    Projector({view: db[view] for view in VIEWS}).project([newer])
    rest = walk(api, STAFF, "/tickets?limit=10", first["next"])
    assert len({*[item["id"] for item in first["items"]], *rest}) == 30
    assert "new" not in rest


@pytest.mark.parametrize(
    "who",
    [
        STAFF,
        an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g1"),)),
        an_actor(Role.RESIDENT, account_id="a-1"),
        a_member_actor(),
    ],
)
@pytest.mark.parametrize(
    "wanted",
    [
        TicketFilter(),
        TicketFilter(statuses=("accepted",)),
        TicketFilter(statuses=("accepted", "assigned")),
        TicketFilter(overdue="resolve"),
    ],
)
def test_lists_are_read_in_the_order_of_an_index(db: Any, who: Actor, wanted: TicketFilter) -> None:
    many(db, 30, overdue=(DeadlineKind.RESOLVE,))
    views = TicketViews(db["tickets"], db["offers"], db["members"], db["teams"])
    db.command("profile", 2)
    try:
        first = views.page(who, wanted, Ask(5))
        views.page(who, wanted, Ask(5, first.next))
        runs = list(db["system.profile"].find({"command.find": "tickets"}))
    finally:
        db.command("profile", 0)
        db["system.profile"].drop()
    assert len(runs) == 2
    for run in runs:
        assert "COLLSCAN" not in run["planSummary"], run
        assert not run.get("hasSortStage"), run


def test_what_is_overdue_can_be_asked_for(api: Api, seen: Any) -> None:
    respond, resolve = DeadlineKind
    for id, missed in (("t1", ()), ("t2", (respond,)), ("t3", (respond, resolve))):
        snapshot = a_ticket_snapshot(id=id, number=id, overdue=missed)
        seen(replace(an_envelope(TicketAccepted(terms=some_terms()), snapshot), id=f"e-{id}", subject=id))
    assert sorted(walk(api, STAFF, "/tickets?overdue=respond")) == ["t2", "t3"]
    assert walk(api, STAFF, "/tickets?overdue=resolve") == ["t3"]
    (late,) = api.get(STAFF, "/tickets?overdue=resolve")["items"]
    assert late["overdue"] == ["respond", "resolve"]
    assert late["deadlines"]["respond_by"] == "2026-11-22T04:00:00.000Z"


def test_masters_are_listed_and_cut_to_what_one_cares_for(api: Api, seen: Any) -> None:
    members = [a_member_snapshot(id=name, home_area=area) for name, area in (("m1", "sll-g1"), ("m2", "sll-g2"))]
    areas = [an_area_snapshot(id=area, path=("slc", "sll", area), kind="grid") for area in ("sll-g1", "sll-g2")]
    seen(
        *(an_envelope(MemberPublished(), member) for member in members),
        *(an_envelope(AreaPublished(), area) for area in areas),
        an_envelope(CatalogueItemPublished(), an_item_snapshot(id="tap", community_id="elsewhere")),
        an_envelope(TeamPublished()),
    )
    officer = an_actor(Role.DUTY, grants=(Grant(Role.DUTY, "sll-g1"),))
    page = schemas.page_of("P", schemas.MEMBER)
    assert [row["id"] for row in api.get(STAFF, "/members", schema=page)["items"]] == ["m1", "m2"]
    assert [row["id"] for row in api.get(officer, "/members")["items"]] == ["m1"]
    api.get(officer, "/members/m2", 404)
    api.get(officer, "/members/m1", schema=schemas.MEMBER)
    assert [row["id"] for row in api.get(a_member_actor("m2"), "/members")["items"]] == ["m2"]
    api.get(a_member_actor("m2"), "/members/m1", 404)
    assert api.get(STAFF, "/catalogue-items")["items"] == []
    api.get(STAFF, "/catalogue-items/tap", 404)
    assert [row["id"] for row in walk_items(api, "/areas?kind=grid")] == ["sll-g1", "sll-g2"]
    api.get(STAFF, "/areas/sll-g1", schema=schemas.AREA)
    assert len(api.get(STAFF, "/teams", schema=schemas.page_of("P", schemas.TEAM))["items"]) == 1


def walk_items(api: Api, path: str) -> list[Any]:
    items: list[Any] = api.get(STAFF, path)["items"]
    return items


def test_a_cursor_does_not_show_a_member_somebody_else(api: Api, seen: Any) -> None:
    seen(*(an_envelope(MemberPublished(), a_member_snapshot(id=name)) for name in ("m1", "m2", "m3")))
    cursor = api.get(STAFF, "/members?limit=1")["next"]
    assert api.get(a_member_actor("m2"), f"/members?cursor={cursor}")["items"][0]["id"] == "m2"
    assert api.get(a_member_actor("m1"), f"/members?cursor={cursor}")["items"] == []
