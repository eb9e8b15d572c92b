"""Webhooks: each account's own."""

from typing import Any

from contracts.actor import Role
from contracts.webhooks import EndpointState
from tests.builders import an_actor
from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, for_all, listed
from tests.services.permissions.town import Town

KEEPER = an_actor(Role.DISPATCHER, account_id="a-hooks")
ENDPOINT = {"url": "http://127.0.0.1:9/hook", "event_types": ["shiliu.ticket.*"]}
ONE = "/api/v1/webhooks/<endpoint_id>"
SEEN_BEFORE = 412


def opened(town: Town) -> Case:
    """A fresh endpoint; those before it go, since a community has only so many."""
    town.resources["notify"].db["webhook_endpoints"].delete_many({})
    id = town.do(KEEPER, "/webhooks", ENDPOINT)["id"]
    return Case(path={"endpoint_id": id}, account=KEEPER.account_id, found=id, body={})


def _with_room(town: Town) -> Case:
    town.resources["notify"].db["webhook_endpoints"].delete_many({})
    return Case(body=ENDPOINT)


def _stopped(town: Town) -> Case:
    case = opened(town)
    change = {"state": EndpointState.DISABLED.value, "stopped_for": "gone"}
    town.resources["notify"].db["webhook_endpoints"].update_one({"_id": case.found}, {"$set": change})
    return case


def _to_replay(town: Town) -> Case:
    case = opened(town)
    since: dict[str, Any] = {"since": town.clock.now().isoformat().replace("+00:00", "Z")}
    town.elapse(seconds=1)
    return Case(path=case.path, account=case.account, body=since, found=case.found)


def _replaying(town: Town) -> Case:
    case = _to_replay(town)
    town.do(KEEPER, f"/webhooks/{case.found}/replay", case.body)
    return Case(path=case.path, account=case.account, body={}, found=case.found)


ROWS = (
    for_all("GET /api/v1/event-types", lambda _: Case()),
    for_all("POST /api/v1/webhooks", _with_room),
    listed("GET /api/v1/webhooks", opened),
    Row(f"GET {ONE}", opened),
    Row(f"PATCH {ONE}", opened, done=frozenset({SEEN_BEFORE})),
    Row(f"DELETE {ONE}", opened),
    Row(f"POST {ONE}/rotate", opened),
    Row(f"POST {ONE}/enable", _stopped),
    Row(f"POST {ONE}/disable", opened),
    Row(f"POST {ONE}/test", opened),
    Row(f"GET {ONE}/attempts", opened),
    Row(f"POST {ONE}/replay", _to_replay),
    Row(f"POST {ONE}/replay/stop", _replaying),
    Row(f"POST {ONE}/replay/resume", _replaying),
)
