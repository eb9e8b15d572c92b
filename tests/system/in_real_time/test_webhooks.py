"""Webhooks through HTTP, from outside: a receiver with the standard's public library hears of an order."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from contracts.webhooks import subscribable
from deploy.demo.play import DESK
from deploy.simulate.stage import Badge, Cast, Stage
from deploy.stack.services import PROJECT
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
SECRETARY = "S01"
ORDER = {"item_id": "shopping", "area_id": "heping-3-2", "description": "米和油,放门口就行"}
ACCEPTED, STEERED = "shiliu.ticket.accepted.v1", "shiliu.demand.steered.v1"
"""What tickets and volunteers tell of an order that is frozen as soon as it is placed."""
MOST_TYPES = 50
"""That one filter takes."""
AWAY_SECONDS = 30.0


class Desk:
    """A dispatcher and a resident at the API."""

    def __init__(self, stage: Stage, cast: Cast) -> None:
        self._url = f"{stage.stack.http_url}/api/v1"
        self._desk = _dispatcher(cast)
        self._resident = next(one for name, one in cast.accounts.items() if name.startswith("resident"))

    def ask(self, method: str, path: str, body: Any = None, *, badge: Badge | None = None, **headers: str) -> Any:
        """The answer, with its status first where it is a refusal."""
        token = (badge or self._desk).token
        said = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex, **headers}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            said["Content-Type"] = "application/json"
        request = Request(f"{self._url}{path}", data, said, method=method)  # noqa: S310  our own
        try:
            with urlopen(request, timeout=15) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as refusal:
            return {"refused": refusal.code, **json.load(refusal)}

    def order(self) -> str:
        """A resident orders something; its id."""
        return str(self.ask("POST", "/tickets", ORDER, badge=self._resident)["id"])

    def frozen_order(self, receiver: "Played") -> Any:
        """An order for which nobody is asked, once both who tell of it were heard; how its being accepted was told."""
        ticket = self.order()
        frozen = f"/demands/{ticket}/freeze"
        wait_until(lambda: "refused" not in self.ask("POST", frozen, {"reason": "waits"}), message="it is frozen")
        wait_until(lambda: receiver.of(ticket, STEERED), message="volunteers' part is told")
        (told,) = wait_until(lambda: receiver.of(ticket), message="tickets' part is told")
        return told

    def reads(self, endpoint: str, state: str, progress: int) -> Any:
        """The replay of an endpoint, as soon as it is so far."""

        def so_far() -> Any:
            found = self.ask("GET", f"/webhooks/{endpoint}")["replay"]
            return found if (found["state"], found["progress"]) == (state, progress) else None

        return wait_until(so_far, message=f"{state}, {progress} %")

    def waits(self, endpoint: str, state: str) -> Any:
        """What of this endpoint stands so."""
        return self.ask("GET", f"/webhooks/{endpoint}/attempts?state={state}&limit=100")["items"]


def _dispatcher(cast: Cast) -> Badge:
    return cast.accounts[DESK]


class Played:
    """The receiver's process."""

    def __init__(self, url: str) -> None:
        self.url = url

    def tell(self, path: str, body: Any) -> None:
        data = json.dumps(body).encode()
        request = Request(self.url.replace("/hook", path), data, {"Content-Type": "application/json"})  # noqa: S310
        urlopen(request, timeout=10).close()  # noqa: S310

    def heard(self) -> dict[str, Any]:
        with urlopen(self.url.replace("/hook", "/heard"), timeout=10) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found

    def again(self) -> dict[str, int]:
        """How often each event came that came more than once, by its id."""
        return {one["data"]["id"]: one["times"] for one in self.heard()["heard"] if one["times"] > 1}

    def of(self, ticket: str, type_: str = ACCEPTED) -> list[Any]:
        """What came of one order."""
        heard = self.heard()["heard"]
        return [one for one in heard if one["data"]["subject"] == ticket and one["type"] == type_]


@contextmanager
def a_receiver() -> Iterator[Played]:
    command = [sys.executable, "-m", "deploy.cli", "receiver", "--port", "0"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Played(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(10)


def test_an_endpoint_hears_of_an_order_and_is_kept_by_its_owner(stage: Stage, cast: Cast) -> None:
    desk = Desk(stage, cast)
    with a_receiver() as receiver:
        opened = desk.ask("POST", "/webhooks", {"url": receiver.url, "event_types": ["shiliu.ticket.*"]})
        id = opened["id"]
        receiver.tell("/secrets", {"secret": opened["secret"]})

        ticket = desk.order()
        (told,) = wait_until(lambda: receiver.of(ticket), message="the order is told")
        assert told["data"]["link"] == f"/api/v1/tickets/{ticket}"
        assert "米和油" not in json.dumps(receiver.heard(), ensure_ascii=False)
        assert desk.ask("GET", told["data"]["link"].removeprefix("/api/v1"))["number"] == told["data"]["number"]
        wait_until(lambda: desk.waits(id, "delivered"))

        # A test event, then the same event again, then all of the last minutes.
        event = desk.ask("POST", f"/webhooks/{id}/test", {})["event_id"]
        wait_until(lambda: any(one["data"]["id"] == event for one in receiver.heard()["heard"]))
        desk.ask("POST", f"/webhooks/{id}/replay", {"event_id": told["data"]["id"]})
        wait_until(lambda: receiver.of(ticket)[0]["times"] == 2, message="the event came again")
        began = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 600))
        desk.ask("POST", f"/webhooks/{id}/replay", {"since": began})
        wait_until(lambda: receiver.of(ticket)[0]["times"] == 3, message="the time came again")
        wait_until(lambda: desk.ask("GET", f"/webhooks/{id}")["replay"]["state"] == "done")

        # Rotation: the new secret alone verifies, while the old one still signs beside it.
        rotated = desk.ask("POST", f"/webhooks/{id}/rotate", {})
        receiver.tell("/secrets", {"secrets": [rotated["secret"]]})
        another = desk.order()
        wait_until(lambda: receiver.of(another), message="signed by the new secret")
        receiver.tell("/secrets", {"secrets": [opened["secret"]]})
        third = desk.order()
        wait_until(lambda: receiver.of(third), message="signed by the old secret, too")
        assert receiver.heard()["unsigned"] == 0

        # A failure is tried again with the same id; 410 ends it, and the owner hears why.
        receiver.tell("/answers", {"statuses": [500, 204]})
        fourth = desk.order()
        wait_until(lambda: receiver.of(fourth), message="tried again")
        receiver.tell("/answers", {"statuses": [410]})
        desk.order()
        wait_until(lambda: desk.ask("GET", f"/webhooks/{id}")["state"] == "disabled", message="disabled by 410")
        assert desk.ask("GET", f"/webhooks/{id}")["stopped_for"] == "gone"
        wait_until(lambda: any("推送" in one["title"] for one in desk.ask("GET", "/inbox?limit=50")["items"]))

        # What happened meanwhile waits for its owner to enable it and to ask for it.
        receiver.tell("/answers", {"statuses": [204]})
        missed = desk.order()
        desk.ask("POST", f"/webhooks/{id}/enable", {})
        desk.ask("POST", f"/webhooks/{id}/replay", {"since": began})
        wait_until(lambda: receiver.of(missed), message="what was missed")

        # The community stops it with a reason, which its owner reads, and alone starts it again.
        secretary = cast.members[SECRETARY]
        (seen,) = [one for one in desk.ask("GET", "/community-webhooks", badge=secretary)["items"] if one["id"] == id]
        assert (seen["host"], seen["last_success_at"] is None, "secrets" in seen) == ("127.0.0.1", False, False)
        assert desk.ask("GET", f"/community-webhooks/{id}/attempts", badge=secretary)["items"]
        stop, start = f"/community-webhooks/{id}/stop", f"/community-webhooks/{id}/start"
        assert desk.ask("POST", stop, {"reason": "换了一家公司"}, badge=secretary)["stopped_for"] == "admin"
        assert desk.ask("GET", f"/webhooks/{id}")["halt"]["reason"] == "换了一家公司"
        assert desk.ask("POST", f"/webhooks/{id}/enable", {})["code"] == "halted"
        assert desk.ask("DELETE", f"/webhooks/{id}")["refused"] == 409
        assert desk.ask("POST", stop, {"reason": "不归您管"})["refused"] == 403
        assert desk.ask("POST", start, {}, badge=secretary)["state"] == "active"
        told = [one["title"] for one in desk.ask("GET", "/inbox?limit=50")["items"]]
        assert "社区停用了您的一个推送地址" in told
        assert "社区恢复了您的推送地址" in told
        assert desk.ask("DELETE", f"/webhooks/{id}")["done"] is True
        assert desk.ask("GET", f"/webhooks/{id}")["refused"] == 404


def test_a_time_comes_again_as_it_was_with_a_stop_between_and_nothing_else_does(stage: Stage, cast: Cast) -> None:
    """Volunteers are away, so that the replay stands in the middle of its time until it was stopped."""
    desk = Desk(stage, cast)
    with a_receiver() as receiver:
        opened = desk.ask("POST", "/webhooks", {"url": receiver.url, "event_types": ["shiliu.ticket.*", STEERED]})
        other = desk.ask("POST", "/webhooks", {"url": receiver.url, "event_types": ["shiliu.team.*"]})["id"]
        id, path = opened["id"], f"/webhooks/{opened['id']}/replay"
        receiver.tell("/secrets", {"secret": opened["secret"]})
        _, first, end = (desk.frozen_order(receiver) for _ in range(3))
        span = {"since": first["timestamp"], "until": end["timestamp"]}
        wait_until(lambda: not desk.waits(id, "waiting"))
        once = receiver.heard()["heard"]
        within = {one["data"]["id"]: one["type"] for one in once if span["since"] <= one["timestamp"] < span["until"]}
        of_tickets = {event for event, type_ in within.items() if type_ != STEERED}
        assert {ACCEPTED, STEERED} <= set(within.values())
        assert {one["times"] for one in once} == {1}
        assert len(within) < len(once)

        with _away(stage, "volunteers"):
            begun = desk.ask("POST", path, span)["replay"]
            assert ({name: begun[name] for name in span}, begun["state"]) == (span, "running")
            assert desk.reads(id, "running", 50)["found"] == len(of_tickets)
            assert desk.ask("POST", path, span)["refused"] == 409
            assert desk.ask("POST", f"{path}/stop", {})["replay"]["state"] == "stopped"
            wait_until(lambda: not desk.waits(id, "waiting"))
            assert receiver.again() == dict.fromkeys(of_tickets, 2)
            # That another one got here says that nobody looks at the first any more.
            desk.ask("POST", f"/webhooks/{other}/replay", span)
            desk.reads(other, "running", 50)
        desk.reads(other, "done", 100)
        desk.reads(id, "stopped", 50)
        assert receiver.again() == dict.fromkeys(of_tickets, 2)

        assert desk.ask("POST", f"{path}/resume", {})["replay"]["state"] == "running"
        assert desk.reads(id, "done", 100)["found"] == len(within)
        wait_until(lambda: not desk.waits(id, "waiting"))
        assert receiver.again() == dict.fromkeys(within, 2)
        assert (receiver.heard()["unsigned"], receiver.heard()["refused"]) == (0, {})
        assert desk.ask("POST", f"{path}/resume", {})["refused"] == 409
        for endpoint in (id, other):
            desk.ask("DELETE", f"/webhooks/{endpoint}")


@contextmanager
def _away(stage: Stage, name: str) -> Iterator[None]:
    """Without one service, which is back at the end."""
    stack = stage.stack
    (service,) = (instance for instance in stack.plan.processes() if instance.service.name == name)
    stack.brokers.processes.stop([record for record in [stack.running(service)] if record], AWAY_SECONDS)
    try:
        yield
    finally:
        stack.start_one(service)


def test_whatever_a_filter_may_name_is_listed_and_explained(stage: Stage, cast: Cast) -> None:
    desk = Desk(stage, cast)
    listed = desk.ask("GET", "/event-types")["items"]
    assert [one["type"] for one in listed] == sorted(subscribable())
    for one in listed:
        zh, en = one["sentence"]["zh"], one["sentence"]["en"]
        assert zh.strip()
        assert en.strip().isascii()
        assert zh != en
        assert one["sample"]["type"] == one["type"]
    for place in range(0, len(listed), MOST_TYPES):
        types = [one["type"] for one in listed[place : place + MOST_TYPES]]
        opened = desk.ask("POST", "/webhooks", {"url": "http://127.0.0.1:9/hook", "event_types": types})
        assert desk.ask("GET", f"/webhooks/{opened['id']}")["event_types"] == types
        assert desk.ask("DELETE", f"/webhooks/{opened['id']}")["done"] is True
    body = {"url": "http://127.0.0.1:9/hook", "event_types": [ACCEPTED, "shiliu.ticket.acepted.v1"]}
    (error,) = desk.ask("POST", "/webhooks", body)["errors"]
    assert error["field"] == "event_types.1"
    for sentence in (error["detail"], error["detail_en"]):
        assert ACCEPTED in sentence
        assert "/api/v1/event-types" in sentence


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://10.0.0.1/hook", "event_types": ["*"]}, "url"),
        ({"url": "http://169.254.169.254/", "event_types": ["*"]}, "url"),
        ({"url": "https://example.org/hook", "event_types": ["shiliu.ticket.vanished.v1"]}, "event_types.0"),
        ({"url": "https://example.org/hook", "event_types": ["shiliu.harm_report.*"]}, "event_types.0"),
        ({"url": "https://example.org/hook", "event_types": ["*"], "areas": ["nowhere"]}, "areas.0"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(stage: Stage, cast: Cast, body: Any, field: str) -> None:
    refused = Desk(stage, cast).ask("POST", "/webhooks", body)
    assert refused["refused"] == 422
    assert [one["field"] for one in refused["errors"]] == [field]
