"""A time that is replayed shows how far it is, is stopped and goes on; one at a time for an endpoint."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands.webhooks import ReadEndpoint, Replay, SwitchReplay
from contracts.errors import Conflict, NotFound
from contracts.events.tickets import TicketAccepted, TicketSubmitted
from contracts.ladder import Rung
from services.notify.application import webhook_replays
from services.notify.domain.webhook_replay import ReplayState
from tests.builders import NOON, a_ticket_snapshot, an_actor, an_envelope, some_terms
from tests.unit.notify.webhook_house import WebhookHouse


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> WebhookHouse:
    """Ten events, one a minute, in pages of two; one page in a look."""
    monkeypatch.setattr(webhook_replays, "PAGES_AT_ONCE", 1)
    found = WebhookHouse()
    found.stores.events = {
        "tickets": [
            an_envelope(TicketSubmitted(), a_ticket_snapshot(), number, time=_text(number)) for number in range(10)
        ]
    }
    found.clock.advance(hours=1)
    return found


def _text(minute: int) -> str:
    return (NOON + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")


def switch(house: WebhookHouse, id: str, *, running: bool, **meta: Any) -> dict[str, Any]:
    return dict(house.again.switch(house.call(SwitchReplay(endpoint_id=id, running=running), **meta)).result["replay"])


def ask(house: WebhookHouse, id: str) -> dict[str, Any]:
    return house.replay(id, since=NOON, until=NOON + timedelta(minutes=10))


def told(house: WebhookHouse, id: str) -> dict[str, Any]:
    return dict(house.webhooks.read(house.call(ReadEndpoint(endpoint_id=id))).result["replay"])


def test_it_shows_how_far_it_is(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    assert ask(house, id)["progress"] == 0
    seen = []
    while told(house, id)["state"] == "running":
        house.again.carry_on()
        seen.append((told(house, id)["progress"], told(house, id)["found"]))
    # Nine pages: of the first owner five with a share of the time each, then that it has no more; the second has none.
    assert seen == [(5, 2), (15, 4), (25, 6), (35, 8), (45, 10), (50, 10), (99, 10), (100, 10)]


def test_it_is_stopped_and_goes_on_where_it_was(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    ask(house, id)
    house.again.carry_on()
    assert switch(house, id, running=False)["state"] == "stopped"
    assert switch(house, id, running=False)["state"] == "stopped"
    for _ in range(5):
        house.again.carry_on()
    assert (told(house, id)["state"], told(house, id)["found"]) == ("stopped", 2)
    assert switch(house, id, running=True)["state"] == "running"
    for _ in range(8):
        house.again.carry_on()
    assert (told(house, id)["state"], told(house, id)["found"]) == ("done", 10)
    assert len(house.deliveries.rows) == 10
    with pytest.raises(Conflict):
        switch(house, id, running=False)


def test_a_stop_in_the_middle_of_a_page_is_not_undone_by_it(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    ask(house, id)
    page = house.stores.page

    def stopped_meanwhile(*asked: Any) -> Any:
        switch(house, id, running=False)
        return page(*asked)

    house.stores.page = stopped_meanwhile  # type: ignore[method-assign]
    house.again.carry_on()
    assert told(house, id)["state"] == "stopped"


def test_one_time_is_read_at_once(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    ask(house, id)
    with pytest.raises(Conflict) as refused:
        ask(house, id)
    assert refused.value.code == "replay-running"
    switch(house, id, running=False)
    assert ask(house, id)["state"] == "running"


def test_where_there_is_none_nothing_is_stopped_and_another_s_is_not_there(house: WebhookHouse) -> None:
    id = house.opened()["id"]
    with pytest.raises(Conflict):
        switch(house, id, running=False)
    ask(house, id)
    with pytest.raises(NotFound):
        house.again.switch(house.call(SwitchReplay(endpoint_id=id, running=False), an_actor(Role.DUTY, account_id="x")))


def test_a_chief_s_is_read_in_every_community_and_staff_s_in_their_own(house: WebhookHouse) -> None:
    chief = Actor(account_id="a-chief", community_id="shiliuli", grants=(Grant(Role.BLOCK_CHIEF, "slc-centre"),))
    house.stores.known = ["zaoyuanli", "shiliuli"]
    blocks = a_ticket_snapshot(blocks=("slc-centre",), rung=Rung.BLOCK_CHIEF)
    abroad = an_envelope(TicketAccepted(terms=some_terms()), blocks, 1, time=_text(1), communityid="zaoyuanli")
    house.stores.events = {"tickets": [abroad]}
    for actor, found in ((chief, 1), (an_actor(Role.DISPATCHER, account_id="a-desk"), 0)):
        id = house.opened(actor=actor)["id"]
        house.again.ask(house.call(_replay(id), actor))
        for _ in range(6):
            house.again.carry_on()
        (row,) = [one for one in house.replays.rows.values() if one.endpoint_id == id]
        assert (row.state, row.found) == (ReplayState.DONE, found)


def _replay(id: str) -> Any:
    return Replay(endpoint_id=id, since=NOON, until=NOON + timedelta(minutes=10))
