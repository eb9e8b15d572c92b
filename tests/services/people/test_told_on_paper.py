"""An elder without phone or account, the family that follows, staff who want news: through HTTP and all services.

The brokers and processes are left out (tests/system/lives/told_on_paper.py has them); what is asked here is everything
between, with a clock that stands still.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from tests.builders import an_actor
from tests.services.people.conftest import WORKING, Family
from tests.services.permissions.people import DISPATCHER, GRID, PLACE
from tests.services.permissions.town import Town, a_town

OFFICER = an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, GRID),))
NAME, DOOR = "陈桂兰", "door_word"
FOLLOWED, NEARBY = "您关注的单有变化", "您订阅的区域有新单"


@pytest.fixture(scope="module")
def people_town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One of their own, whose clock goes on: it is ten in the morning, and nobody's quiet hours."""
    with a_town(house_settings, tmp_path_factory.mktemp("paper"), "paper_") as town:
        town.clock.advance(hours=2)
        yield town


@pytest.fixture
def alone(family: Family) -> Family:
    """The mother has no phone; her daughter may see what is done for her, and is not told."""
    person_id = family.town.do(DISPATCHER, "/people", {"name": NAME, "area_id": PLACE})["person_id"]
    elder = replace(family, person_id=person_id)
    elder.grant(elder.daughter, "see")
    return elder


def send(family: Family, who: Actor, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = family.town.ask(method, f"/api/v1{path}", who, body)
    assert answer.status_code == status, answer.text
    return answer.json


def taken(family: Family, order: str) -> None:
    family.take(order)
    family.town.deliver()


def slips(family: Family, order: str, query: str = "") -> list[Any]:
    found = family.town.get(OFFICER, f"/slips?limit=100{query}")["items"]
    return [one for one in found if one["ticket_id"] == order]


def on_paper(family: Family, order: str) -> dict[str, Any]:
    told = family.town.get(DISPATCHER, f"/tickets/{order}/deliveries")["deliveries"]
    (line,) = (one for one in told if one["audience"] == "person")
    return dict(line)


def about(family: Family, who: Actor, number: str, title: str) -> int:
    items = family.town.get(who, "/inbox?limit=100")["items"]
    return sum((one["number"], one["title"]) == (number, title) for one in items)


def test_a_slip_is_brought_and_the_daughter_reads_who_came(alone: Family) -> None:
    order = alone.order(DISPATCHER, origin="phone")
    taken(alone, order["id"])
    (slip,) = slips(alone, order["id"])
    assert (slip["state"], slip["late"], on_paper(alone, order["id"])["status"]) == ("waiting", False, "queued")
    assert NAME not in str(slip)
    alone.town.deliver()
    assert len(slips(alone, order["id"])) == 1, "nothing tries again"

    brought = alone.town.do(OFFICER, f"/slips/{slip['slip_id']}/taken")
    assert brought["to"]["name"] == NAME
    private = alone.town.do(WORKING, f"/tickets/{order['id']}/reveals")
    assert brought["to"][DOOR] == private[DOOR] != ""
    assert on_paper(alone, order["id"])["status"] == "sent"
    seen = [row["account_id"] for row in alone.town.get(DISPATCHER, f"/tickets/{order['id']}/reveals")["reveals"]]
    assert OFFICER.account_id in seen, "who was told the door word is on record"

    alone.town.do(OFFICER, f"/slips/{slip['slip_id']}/acknowledged", {"how": "in_person"})
    line = on_paper(alone, order["id"])
    assert (line["status"], [one["status"] for one in line["attempts"]]) == ("delivered", ["delivered"])
    assert slips(alone, order["id"]) == []

    alone.town.do(WORKING, f"/tickets/{order['id']}/complete", {"result": "solved"})
    week = alone.town.get(alone.daughter, f"/people/{alone.person_id}/week")
    (visit,) = week["visits"]
    assert (visit["number"], visit["went"]["zh"], visit["done"]) == (order["number"], "办好了", True)
    assert visit["names"] != []


def test_the_daughter_reads_of_a_visit_at_which_nobody_answered_until_it_is_hidden_from_her(alone: Family) -> None:
    order = alone.order(DISPATCHER, origin="phone")
    taken(alone, order["id"])
    seats = alone.town.get(WORKING, "/assignments?limit=50")["items"]
    (seat,) = (one["assignment_id"] for one in seats if one["ticket_id"] == order["id"])
    alone.town.do(WORKING, f"/assignments/{seat}/visit", {"result": "nobody_answered", "note": "敲了三次"})
    path = f"/people/{alone.person_id}/week"
    (visit,) = (one for one in alone.town.get(alone.daughter, path)["visits"] if one["ticket_id"] == order["id"])
    assert (visit["how"], visit["done"], visit["names"] != []) == ("looked_at", False, True)
    assert "敲了三次" not in str(visit)
    alone.town.do(DISPATCHER, f"/tickets/{order['id']}/hide", {"account_ids": [alone.daughter.account_id]})
    assert order["id"] not in str(alone.town.get(alone.daughter, path))
    assert order["id"] in str(alone.town.get(OFFICER, path)), "staff there still see it"


def test_of_a_slip_that_nobody_brings_staff_hear_once(alone: Family) -> None:
    order = alone.order(DISPATCHER, origin="phone")
    taken(alone, order["id"])
    (slip,) = slips(alone, order["id"])
    alone.town.clock.advance(hours=25)
    (late,) = (job for job in alone.town.parts["notify"].jobs if job.name == "late-slips")
    for _ in range(2):
        late.run()
    assert about(alone, DISPATCHER, order["number"], "通知单还没有送到") == 1
    assert slips(alone, order["id"])[0]["late"]
    alone.town.do(OFFICER, f"/slips/{slip['slip_id']}/acknowledged", {"how": "neighbour"})


def test_a_cancelled_order_takes_its_waiting_slip_along(alone: Family) -> None:
    order = alone.order(DISPATCHER, origin="phone")
    alone.take(order["id"])
    alone.town.do(DISPATCHER, f"/tickets/{order['id']}/cancel", {"reason_code": "not_ours", "go_to": "property"})
    alone.town.deliver()
    told = alone.town.get(DISPATCHER, f"/tickets/{order['id']}/deliveries")["deliveries"]
    news = {one["rule"]: (one["status"], one["reason"]) for one in told if one["audience"] == "person"}
    assert news["served-somebody-comes"] == ("suppressed", "overtaken")
    assert news["served-cancelled"] == ("queued", None)


@pytest.mark.parametrize("kept_from_them", ["ended", "hidden"])
def test_what_waits_is_not_sent_to_who_may_be_told_no_more(alone: Family, kept_from_them: str) -> None:
    delegation = alone.grant(alone.son, "see", "be_told")
    order = alone.order(DISPATCHER, origin="phone")
    alone.take(order["id"])
    if kept_from_them == "ended":
        alone.town.do(DISPATCHER, f"/delegations/{delegation}/end", {})
    else:
        hidden = {"account_ids": [alone.son.account_id], "hidden": True}
        alone.town.do(DISPATCHER, f"/tickets/{order['id']}/hide", hidden)
    alone.town.clock.advance(minutes=11)
    alone.town.deliver()
    told = alone.town.get(DISPATCHER, f"/tickets/{order['id']}/deliveries")["deliveries"]
    [line] = [one for one in told if (one["rule"], one["channel"]) == ("family-somebody-comes", "outward")]
    assert (line["status"], line["reason"], line["attempts"]) == ("suppressed", "no-longer-told", [])


def test_a_follower_hears_until_they_let_go_or_lose_sight_of_it(alone: Family) -> None:
    order = alone.order(DISPATCHER, origin="phone")
    path, number = f"/tickets/{order['id']}", order["number"]
    for follower in (alone.daughter, DISPATCHER, OFFICER):
        assert send(alone, follower, "PUT", f"{path}/follow")["following"]
    send(alone, alone.son, "PUT", f"{path}/follow", status=404)
    alone.take(order["id"])
    assert [about(alone, one, number, FOLLOWED) for one in (alone.daughter, DISPATCHER, OFFICER)] == [1, 1, 1]
    alone.town.do(DISPATCHER, f"{path}/hide", {"account_ids": [alone.daughter.account_id]})
    send(alone, DISPATCHER, "DELETE", f"{path}/follow")
    alone.town.do(WORKING, f"{path}/complete", {"result": "solved"})
    assert [about(alone, one, number, FOLLOWED) for one in (alone.daughter, DISPATCHER, OFFICER)] == [1, 1, 2]
    elsewhere = replace(OFFICER, grants=(Grant(Role.DUTY, "elsewhere"),))
    assert about(alone, elsewhere, number, FOLLOWED) == 0, "who is staff there no more reads none of it"
    assert about(alone, replace(OFFICER, grants=(Grant(Role.RESIDENT),)), number, FOLLOWED) == 0


def test_a_subscriber_hears_of_their_area_and_category(alone: Family) -> None:
    def subscribe(*wanted: dict[str, Any]) -> None:
        send(alone, OFFICER, "PUT", "/me/subscriptions", {"subscriptions": list(wanted)})

    subscribe({"area_id": GRID, "category": "maintenance"})
    near = alone.order(DISPATCHER, origin="phone")
    assert about(alone, OFFICER, near["number"], NEARBY) == 1
    assert about(alone, DISPATCHER, near["number"], NEARBY) == 0
    subscribe()
    after = alone.order(DISPATCHER, origin="phone")
    assert about(alone, OFFICER, after["number"], NEARBY) == 0
    # Each would be several questions to the database: so many are refused before the first is asked.
    many = {"subscriptions": [{"area_id": "nowhere", "category": None}] * 20_000}
    assert send(alone, OFFICER, "PUT", "/me/subscriptions", many, 422)["code"] == "too-many-subscriptions"
    wrong = {"subscriptions": [{"area_id": GRID, "category": "dragons"}]}
    refused = send(alone, OFFICER, "PUT", "/me/subscriptions", wrong, 422)
    assert refused["errors"][0]["field"] == "subscriptions.0.category"
