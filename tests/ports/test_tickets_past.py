"""Who came to a person before: by the index of whose order it was, and only what was done."""

from typing import Any

import pytest
from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.mongo import database
from chassis.settings import Settings
from contracts.terms import ServedBefore
from services.tickets.adapters.indexes import INDEXES
from services.tickets.adapters.past import LOOKED_AT, MongoPast
from services.tickets.domain.ticket import Ticket
from tests.builders import COMMUNITY
from tests.unit.tickets.builders import a_ticket


class Orders:
    """Orders as the collection holds them, as far as is read here."""

    def __init__(self, client: MongoClient[Any], settings: Settings) -> None:
        self.db = database(client, settings, "tickets")
        migrate(self.db, INDEXES)
        self._count = 0

    def add(self, *members: str, **changes: Any) -> None:
        self._count += 1
        order = {
            "_id": f"t{self._count:03}",
            "number": f"NC-{self._count}",
            "community_id": COMMUNITY,
            "beneficiary_id": "p1",
            "requester_id": "a-daughter",
            "item_id": "bedside-visits",
            "status": "closed",
            "holders": [{"member_id": one} for one in members],
            "times": {"placed_at": self._count},
            **changes,
        }
        self.db["tickets"].insert_one(order)

    def before(self, item_id: str | None = None, **changes: Any) -> list[ServedBefore]:
        ticket: Ticket = a_ticket(**{"beneficiary_id": "p1", **changes})
        return list(MongoPast(self.db).served(ticket, item_id))


@pytest.fixture
def orders(mongo: MongoClient[Any], settings: Settings) -> Orders:
    return Orders(mongo, settings)


def test_whoever_did_it_counts_once_for_each_order(orders: Orders) -> None:
    orders.add("m1", "m2")
    orders.add("m1", status="completed")
    orders.add("m3", item_id="errand")
    assert orders.before() == [ServedBefore("m1", 2), ServedBefore("m2", 1), ServedBefore("m3", 1)]
    assert orders.before("errand") == [ServedBefore("m3", 1)]


def test_what_was_not_done_or_is_somebody_elses_does_not_count(orders: Orders) -> None:
    orders.add("m1", status="cancelled")
    orders.add("m2", status="in_progress")
    orders.add("m3", beneficiary_id="p2")
    orders.add("m4", community_id="elsewhere")
    assert orders.before() == []


def test_what_was_done_with_another_order_counts_for_whoever_did_that(orders: Orders) -> None:
    orders.add(worked_by=["m1"])
    assert orders.before() == [ServedBefore("m1", 1)]


def test_of_who_orders_for_themselves_their_own_orders_count(orders: Orders) -> None:
    orders.add("m1", beneficiary_id=None, requester_id="a-elder")
    orders.add("m2", requester_id="a-elder")
    own = {"beneficiary_id": None, "requester_id": "a-elder"}
    assert orders.before(**own) == [ServedBefore("m1", 1)]
    assert orders.before(**{**own, "requester_id": None}) == []


def test_only_the_newest_are_looked_at_through_the_index_of_the_person(orders: Orders) -> None:
    orders.add("old")
    for _ in range(LOOKED_AT):
        orders.add("new")
    assert orders.before() == [ServedBefore("new", LOOKED_AT)]
    done = {"status": {"$in": ["completed", "closed"]}}
    for name, whose in (("beneficiary_id_1", {"beneficiary_id": "p1"}), ("requester_id_1", {"requester_id": "a-1"})):
        plan = orders.db["tickets"].find({**done, **whose}).explain()["queryPlanner"]["winningPlan"]
        assert name in str(plan)
