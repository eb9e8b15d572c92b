"""Whose account rests: the stored replica and the one of the tests promise the same, whatever way it is heard."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.settings import Settings
from contracts.envelope import Envelope
from contracts.events.people import DelegationLapsing, PersonDeceased, PersonRegistered, PersonRestored
from services.notify.adapters.resting import REPLICAS, MongoResting
from services.notify.application.ports import Resting
from tests.builders import received
from tests.builders_of_people import PERSON_BODIES, a_person_snapshot
from tests.fakes.resting import FakeResting


@pytest.fixture(params=["fake", "mongo"])
def resting(request: pytest.FixtureRequest, mongo: MongoClient[Any], settings: Settings) -> Iterator[Resting]:
    if request.param == "fake":
        yield FakeResting()
        return
    db = mongo[settings.db_prefix + "notify"]
    db["people"].delete_many({})
    yield MongoResting(db)
    db["people"].delete_many({})


def said(body: Any, version: int, dead: bool, account: str | None = "m-lin", id: str = "p1") -> Any:
    return received(body, a_person_snapshot(id=id, account_id=account, deceased=dead), version)


REGISTERED, DIED = said(PersonRegistered(), 1, dead=False), said(PersonDeceased(), 2, dead=True)
RESTORED = said(PersonRestored(), 3, dead=False)


def test_the_account_of_somebody_who_died_rests_and_so_do_they_as_a_member(resting: Resting) -> None:
    resting.keep([REGISTERED, DIED])
    assert [resting.holds(name) for name in ("account:m-lin", "member:lin", "account:lin", "member:m-lin")] == [
        True,
        True,
        False,
        False,
    ]
    resting.keep([said(PersonDeceased(), 2, dead=True, account=None, id="p2")])
    assert (resting.holds("person:p1"), resting.holds("person:p2"), resting.holds("person:p3")) == (True, True, False)
    assert not resting.holds("dispatchers:c")


@pytest.mark.parametrize("history", list(itertools.permutations((REGISTERED, DIED, RESTORED))))
def test_twice_and_in_any_order_the_newest_counts(resting: Resting, history: Any) -> None:
    for event in (*history, *history):
        resting.keep([event])
    assert not resting.holds("account:m-lin")
    resting.keep([*history, said(PersonDeceased(), 4, dead=True), *history])
    assert resting.holds("member:lin")


def test_an_account_that_was_another_person_s_goes_by_the_newest_of_each(resting: Resting) -> None:
    resting.keep([said(PersonRegistered(), 4, dead=False, account="a-other"), DIED, RESTORED])
    resting.keep([said(PersonDeceased(), 2, dead=True, id="p2")])
    assert (resting.holds("account:m-lin"), resting.holds("account:a-other")) == (True, False)


def test_a_rebuild_makes_the_same_rows_of_what_was_stored() -> None:
    (view,) = REPLICAS
    (lapsing,) = (body for body in PERSON_BODIES if isinstance(body, DelegationLapsing))
    rows = [row for event in (DIED, said(lapsing, 3, dead=False)) for row in view.rows(event.envelope)]
    assert [(row.id, row.version, row.fields["deceased"]) for row in rows] == [("p1", 2, True), ("p1", 3, False)]
    assert list(view.rows(Envelope.from_wire({**DIED.envelope.to_wire(), "aggregatetype": "ticket"}))) == []
