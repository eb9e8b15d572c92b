"""Who said not this time is known to nobody but themselves: every answer, view, message, frame and log line is read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.events.masters import MemberPublished
from gateway.api.permission_page import routes
from services.volunteers.adapters.codecs import MemberCodec
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import WORKER, json_of
from tests.services.permissions.rows.orders import ORDER
from tests.services.permissions.town import Town
from tests.unit.volunteers.builders import a_member

ASKED = ("x1", "x2", "x3")
NAMES = {id: f"{id}-who-was-asked" for id in ASKED}
REQUESTER = an_actor(Role.RESIDENT, account_id="a-orders")
STAFF = [an_actor(role, account_id=f"a-{role}") for role in (Role.DUTY, Role.DISPATCHER, Role.SECRETARY, Role.ADMIN)]


class Story:
    """Two were asked and said no, the third took it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.do(a_member_actor(WORKER), f"/members/{WORKER}/duty", {"on_duty": False})
        for id in ASKED:
            member = a_member(id, display_name=NAMES[id], capacity=5)
            town.publish("volunteers", MemberCodec(), member, MemberPublished())
        self.ticket = str(town.do(REQUESTER, "/tickets", ORDER)["id"])
        self.decliners = [self._answered("decline"), self._answered("decline")]
        self.taker = self._answered("accept")

    def _answered(self, how: str) -> str:
        query = {"offer.demand_id": self.ticket, "offer.status": "open"}
        offer = self.town.resources["gateway"].db["offers"].find_one(query)
        assert offer is not None
        member: str = offer["offer"]["member_id"]
        self.town.do(a_member_actor(member), f"/offers/{offer['_id']}/{how}")
        return member

    @property
    def hidden(self) -> list[str]:
        """Whatever would name a decliner."""
        return [f'"{id}"' for id in self.decliners] + [f"m-{id}" for id in self.decliners] + [
            f"member:{id}" for id in self.decliners] + [NAMES[id] for id in self.decliners]  # fmt: skip


@pytest.fixture(scope="module")
def story(town: Town) -> Story:
    return Story(town)


def everybody_else(story: Story) -> Iterator[Actor]:
    """The requester, all staff, whoever took it, another member and their lead, a client."""
    yield from (REQUESTER, *STAFF, a_member_actor(story.taker), a_member_actor(WORKER))
    yield Actor(account_id="m-lead", community_id=REQUESTER.community_id, grants=(Grant(Role.LEAD),), member_id="m1")
    yield an_actor(Role.CLIENT, account_id="a-client")


def pages(story: Story) -> list[str]:
    """Everything that can be read of orders, and what lists are about: not who is a member at all."""
    found = [route.partition(" ")[2] for route, _ in routes(story.town.app) if route.startswith("GET /api/v1/")]
    apart = ("/members", "/teams", "/stream", "/picture", "/people", "/clients", "/areas", "/catalogue")
    return [
        path.replace("<ticket_id>", story.ticket).replace("<demand_id>", story.ticket)
        for path in found
        if not any(part in path for part in apart)
    ]


def test_no_answer_to_anybody_else_names_who_declined(story: Story) -> None:
    paths = [path for path in pages(story) if "<" not in path]
    assert f"/api/v1/tickets/{story.ticket}/timeline" in paths
    assert f"/api/v1/tickets/{story.ticket}/deliveries" in paths
    for who in everybody_else(story):
        for path in paths:
            wait = "?wait=0" if path.endswith("/events") else ""
            answer = story.town.ask("GET", path + wait, who).text
            for mark in story.hidden:
                assert mark not in answer, (who.account_id, path)


def test_nobody_else_finds_their_offers(story: Story) -> None:
    offers = story.town.resources["gateway"].db["offers"].find({"offer.member_id": {"$in": story.decliners}})
    for offer in [doc["_id"] for doc in offers]:
        for who in everybody_else(story):
            assert story.town.ask("GET", f"/api/v1/offers/{offer}", who).status_code in (403, 404)


def test_staff_see_how_many_and_no_more(story: Story) -> None:
    ticket = json_of(story.town.ask("GET", f"/api/v1/tickets/{story.ticket}", STAFF[1]))
    counts = {"asked": 3, "accepted": 1, "declined": 2, "returned": 0, "expired": 0, "open": 0}
    assert ticket["demand"]["counts"] == counts
    assert json_of(story.town.ask("GET", f"/api/v1/tickets/{story.ticket}", REQUESTER))["demand"]["counts"] is None


def test_decliners_see_their_own_answer(story: Story) -> None:
    for id in story.decliners:
        [offer] = json_of(story.town.ask("GET", "/api/v1/offers", a_member_actor(id)))["items"]
        assert (offer["status"], offer["member_id"]) == ("declined", id)


def test_events_of_others_and_views_of_orders_do_not_hold_them(story: Story) -> None:
    """Only the events of their own offers name them, and the rows of these; no snapshot, no order, no message to
    anybody else.
    """
    db = {name: resources.db for name, resources in story.town.resources.items()}
    orders: list[Any] = [*db["tickets"]["tickets"].find(), *db["gateway"]["tickets"].find()]
    orders += db["tickets"]["events"].find({"thread": story.ticket})
    orders += [doc["wire"]["data"]["snapshot"] for doc in db["volunteers"]["events"].find({"thread": story.ticket})]
    orders += [doc["frame"] for doc in db["gateway"]["stream"].find({"frame.subject": story.ticket})]
    theirs = [f"member:{id}" for id in story.decliners]
    orders += db["notify"]["messages"].find({"recipient": {"$nin": theirs}})
    whole = json.dumps(orders, default=str, ensure_ascii=False)
    for mark in story.hidden:
        assert mark not in whole


def test_who_declined_is_in_no_audience_but_their_own(story: Story) -> None:
    """Staff and the others hear that somebody is asked and that somebody comes; a refusal reaches one member."""
    stream = story.town.resources["gateway"].db["stream"]
    declined = list(stream.find({"frame.subject": story.ticket, "frame.type": "shiliu.offer.declined.v1"}))
    assert [row["audience"]["member_ids"] for row in declined] == [[id] for id in story.decliners]
    assert not any(row["audience"]["staff"] or row["audience"]["requester_ids"] for row in declined)


def test_no_log_line_says_it(town: Town, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    capfd.readouterr()
    again = Story.__new__(Story)
    again.town, again.ticket = town, str(town.do(REQUESTER, "/tickets", ORDER)["id"])
    gone = again._answered("decline")
    out, err = capfd.readouterr()
    assert gone not in out + err + caplog.text
