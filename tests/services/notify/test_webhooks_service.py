"""Webhooks on the real database against a server with its bad days: signed, tried again, one worker's at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import eventlet
import pytest
from pymongo import MongoClient
from standardwebhooks import Webhook

from chassis.gear import Resources
from chassis.migrations import migrate
from chassis.resources import open_resources
from chassis.settings import Settings
from contracts.actor import Actor, Role
from contracts.commands import Call, Outcome
from contracts.commands.webhook_oversight import HaltEndpoint, ReleaseEndpoint
from contracts.commands.webhooks import OpenEndpoint, ReadAttempts, ReadEndpoint, Replay, RotateSecret, SetEndpoint
from contracts.errors import Conflict, Invalid
from contracts.events.tickets import TicketSubmitted
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.retention import rules
from services.notify.adapters.webhook_person import WebhookRights
from services.notify.adapters.webhooks_wiring import WebhookParts, webhook_parts
from services.notify.adapters.words import YamlTemplates
from tests.builders import a_meta, a_ticket_snapshot, an_actor, an_envelope, received
from tests.fakes.hooked import Hooked, hooked
from tests.fakes.rpc import FakeRpc
from tests.waiting import wait_until

OWNER = an_actor(Role.DISPATCHER, account_id="a-desk")
HOSTILE = (
    "http://10.1.2.3/hook",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:10.0.0.1]/hook",
    "http://[64:ff9b::a00:1]/hook",
    "http://user@example.org/hook",
    "http://2130706433/hook",
    "http://0x0a000001/hook",
    "ftp://example.org/hook",
    "no address at all",
)


def stands(command: Any, meta: Any) -> Outcome:
    """Whoever is asked for is a dispatcher."""
    grants = [{"role": "dispatcher", "area_id": None}]
    return Outcome({"permitted": True, "community_id": "shiliuli", "member_id": None, "grants": grants})


@dataclass
class Process:
    """One of perhaps several processes on the same database."""

    parts: WebhookParts
    resources: Resources
    rpc: FakeRpc
    commands: list[str] = field(default_factory=list)

    def call(self, command: Any, actor: Actor = OWNER) -> Call[Any]:
        self.commands.append("")
        name = f"{id(self)}-{len(self.commands)}"
        return Call(command, a_meta(actor, command_id=name, created_id=name))

    def open(self, url: str, *types: str) -> dict[str, Any]:
        command = OpenEndpoint(url=url, event_types=types or ("shiliu.ticket.*",))
        return dict(self.parts.webhooks.open(self.call(command)).result)

    def hear(self, *versions: int) -> list[str]:
        """So many events happened; their ids."""
        events = [received(TicketSubmitted(), a_ticket_snapshot(), version) for version in versions]
        self.parts.hear(events)
        return [event.envelope.id for event in events]

    def look(self) -> None:
        """One look, and all that it begins."""
        self.parts.loop.look()
        self.parts.loop.wait()

    def attempts(self, endpoint_id: str) -> list[dict[str, Any]]:
        found = self.parts.webhooks.attempts(self.call(ReadAttempts(endpoint_id=endpoint_id))).result
        return list(found["deliveries"])

    def endpoint(self, endpoint_id: str) -> dict[str, Any]:
        return dict(self.parts.webhooks.read(self.call(ReadEndpoint(endpoint_id=endpoint_id))).result)

    def due_now(self) -> None:
        """As if all waiting were over."""
        past = datetime.now(UTC) - timedelta(days=1)
        self.resources.db["webhook_deliveries"].update_many({"state": "waiting"}, {"$set": {"next_at": past}})
        change = {"$set": {"resting_until": None}, "$unset": {"turn": "", "turn_until": ""}}
        self.resources.db["webhook_endpoints"].update_many({}, change)


@pytest.fixture
def other_side() -> Iterator[Hooked]:
    with hooked() as found:
        yield found


@pytest.fixture
def start(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Iterator[Any]:
    migrate(mongo[settings.db_prefix + "notify"], INDEXES)
    opened: list[Resources] = []

    def a_process() -> Process:
        rpc = FakeRpc()
        rpc.on("gateway.read_standing", stands)
        mine = replace(settings, webhook_timeout=1.0)
        resources = replace(open_resources(mine, "notify"), rpc=rpc)  # type: ignore[arg-type]
        opened.append(resources)
        return Process(webhook_parts(resources, MongoMessages(resources.db), YamlTemplates()), resources, rpc)

    yield a_process
    for resources in opened:
        resources.client.close()


@pytest.fixture
def process(start: Any) -> Process:
    found: Process = start()
    return found


def test_what_arrives_is_verified_by_the_public_library(process: Process, other_side: Hooked) -> None:
    opened = process.open(other_side.url())
    (event,) = process.hear(1)
    process.look()
    (came,) = other_side.came
    told = Webhook(opened["secret"]).verify(came.body, dict(came.headers))
    assert came.id == told["data"]["id"] == event
    (row,) = process.attempts(opened["id"])
    assert (row["state"], row["attempts"][0]["status"], row["attempts"][0]["reason"]) == ("delivered", "2xx", None)


def test_a_rotated_secret_verifies_beside_the_one_before(process: Process, other_side: Hooked) -> None:
    opened = process.open(other_side.url())
    rotated = process.parts.webhooks.rotate(process.call(RotateSecret(endpoint_id=opened["id"]))).result
    process.hear(1)
    process.look()
    for secret in (opened["secret"], str(rotated["secret"])):
        assert Webhook(secret).verify(other_side.came[0].body, dict(other_side.came[0].headers))


@pytest.mark.parametrize(
    ("mood", "status", "reason"),
    [
        (500, "5xx", "http-500"),
        (404, "4xx", "http-404"),
        ("elsewhere", "3xx", "http-302"),
        ("hang", None, "timeout"),
        ("drip", None, "timeout"),
        ("flood", None, "too-big"),
        ("reset", None, "reset"),
    ],
)
def test_a_failure_is_written_down_and_tried_again_with_the_same_id(
    process: Process, other_side: Hooked, mood: Any, status: str | None, reason: str
) -> None:
    other_side.moods["/hook"] = [mood, 204]
    id = process.open(other_side.url())["id"]
    (event,) = process.hear(1)
    process.look()
    (row,) = process.attempts(id)
    assert (row["state"], row["attempts"][0]["status"], row["attempts"][0]["reason"]) == ("waiting", status, reason)
    process.due_now()
    process.look()
    assert other_side.ids() == [event, event]
    assert process.attempts(id)[0]["state"] == "delivered"
    assert other_side.ids("/inside") == []


@pytest.mark.parametrize(("mood", "scheme"), [("garbage", "http"), (204, "https")])
def test_garbage_and_tls_that_is_none_are_failures(
    process: Process, other_side: Hooked, mood: Any, scheme: str
) -> None:
    other_side.moods["/hook"] = [mood]
    id = process.open(other_side.url(scheme=scheme))["id"]
    process.hear(1)
    process.look()
    (row,) = process.attempts(id)
    assert (row["state"], row["attempts"][0]["status"]) == ("waiting", None)


def test_429_rests_the_endpoint_as_long_as_it_asked(process: Process, other_side: Hooked) -> None:
    other_side.moods["/hook"] = ["asked", 204]
    id = process.open(other_side.url())["id"]
    process.hear(1)
    process.look()
    process.hear(2)
    process.look()
    assert len(other_side.came) == 1
    rests = datetime.fromisoformat(process.endpoint(id)["resting_until"]) - datetime.now(UTC)
    assert timedelta(seconds=100) < rests <= timedelta(seconds=120)


def test_410_disables_and_people_are_told_in_their_inboxes(process: Process, other_side: Hooked) -> None:
    other_side.moods["/hook"] = [410]
    id = process.open(other_side.url())["id"]
    process.hear(1)
    process.look()
    assert (process.endpoint(id)["state"], process.endpoint(id)["stopped_for"]) == ("disabled", "gone")
    process.hear(2)
    assert len(process.attempts(id)) == 1
    told = {row["recipient"] for row in process.resources.db["messages"].find({"rule": "webhook-disabled"})}
    assert told == {"account:a-desk", "dispatchers:shiliuli"}


def test_one_that_hangs_holds_up_no_other(process: Process, other_side: Hooked) -> None:
    other_side.moods["/slow"] = ["hang"]
    process.open(other_side.url("/slow"))
    process.open(other_side.url())
    process.hear(1, 2, 3)
    process.parts.loop.look()
    wait_until(lambda: len(other_side.ids()) == 3, seconds=0.9)
    process.parts.loop.wait()


def test_two_processes_deliver_each_once(start: Any, other_side: Hooked) -> None:
    one, two = start(), start()
    id = one.open(other_side.url())["id"]
    events = one.hear(*range(1, 61))
    other_side.gate.clear()
    one.parts.loop.look()
    two.parts.loop.look()
    wait_until(lambda: other_side.at_once > 1)
    other_side.gate.set()
    one.parts.loop.wait()
    two.parts.loop.wait()
    for process in (one, two):
        process.look()
    assert sorted(other_side.ids()) == sorted(events)
    assert other_side.most_at_once <= 8
    assert {row["tries"] for row in one.attempts(id)} == {1}


def test_a_crash_in_the_middle_sends_it_again_with_the_same_id(start: Any, other_side: Hooked) -> None:
    one, two = start(), start()
    one.open(other_side.url())
    (event,) = one.hear(1)
    other_side.gate.clear()
    dying = eventlet.spawn(one.parts.sending.serve, one.parts.sending.ready()[0])
    wait_until(lambda: other_side.at_once)
    dying.kill()
    two.look()
    assert other_side.ids() == [event]
    other_side.gate.set()
    two.due_now()
    two.look()
    assert other_side.ids() == [event, event]


def test_an_event_that_comes_again_is_sent_once(process: Process, other_side: Hooked) -> None:
    process.open(other_side.url())
    process.hear(1, 1, 2)
    process.hear(2, 1)
    process.look()
    assert len(other_side.came) == 2


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_by_its_field(process: Process, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        process.open(url)
    assert refused.value.field == "url"


def test_in_production_an_endpoint_is_spoken_to_by_https_alone(settings: Settings, start: Any) -> None:
    resources = replace(
        start().resources, settings=replace(settings, environment="production", outgoing_loopback=False)
    )
    parts = webhook_parts(resources, MongoMessages(resources.db), YamlTemplates())
    process = Process(parts, resources, FakeRpc())
    for url in ("http://example.org/hook", "https://127.0.0.1/hook", "https://localhost/hook"):
        with pytest.raises(Invalid):
            process.open(url)


def test_a_community_has_so_many_and_no_more(process: Process, other_side: Hooked) -> None:
    for _ in range(20):
        process.open(other_side.url())
    with pytest.raises(Conflict):
        process.open(other_side.url())


def test_a_change_of_role_at_the_gateway_stops_what_waits(process: Process, other_side: Hooked) -> None:
    id = process.open(other_side.url())["id"]
    process.hear(1)
    process.rpc.will("gateway.read_standing", {"permitted": False})
    process.look()
    assert other_side.came == []
    assert process.endpoint(id)["stopped_for"] == "standing"


def test_a_time_is_read_from_the_event_stores_and_sent(process: Process, other_side: Hooked) -> None:
    id = process.open(other_side.url())["id"]
    process.parts.webhooks.set(process.call(SetEndpoint(endpoint_id=id, active=False)))
    now = process.resources.clock.now()
    missed = [
        an_envelope(TicketSubmitted(), a_ticket_snapshot(), version, time=now.isoformat()) for version in range(1, 4)
    ]

    def pages(command: Any, meta: Any) -> Outcome:
        return Outcome({"events": [one.to_wire() for one in missed], "next": None})

    process.rpc.on("tickets.events_between", pages)
    process.rpc.will("volunteers.events_between", {"events": [], "next": None})
    process.parts.webhooks.set(process.call(SetEndpoint(endpoint_id=id, active=True)))
    process.parts.replays.ask(process.call(Replay(endpoint_id=id, since=now - timedelta(minutes=1))))
    eventlet.sleep(0)
    for job in process.parts.jobs:
        job.run()
    process.look()
    assert sorted(other_side.ids()) == sorted(one.id for one in missed)
    assert (process.endpoint(id)["replay"]["state"], process.endpoint(id)["replay"]["found"]) == ("done", 3)


def test_of_a_person_who_is_erased_no_endpoint_is_left(process: Process, other_side: Hooked) -> None:
    process.open(other_side.url())
    process.hear(1)
    rights = WebhookRights(process.resources.db, process.resources.vault)
    (exported,) = rights.export(["a-desk"])
    assert exported["url"] == other_side.url()
    assert rights.erase(["a-desk"]) == 1
    for name in ("webhook_endpoints", "webhook_deliveries"):
        assert process.resources.db[name].count_documents({}) == 0


def test_what_was_sent_is_forgotten_when_its_time_is_over(process: Process, other_side: Hooked) -> None:
    id = process.open(other_side.url())["id"]
    process.hear(1, 2)
    process.look()
    (old, _) = process.resources.db["webhook_deliveries"].find().sort("_id")
    long_ago = datetime.now(UTC) - timedelta(days=31)
    process.resources.db["webhook_deliveries"].update_one({"_id": old["_id"]}, {"$set": {"stored_at": long_ago}})
    for rule in rules(process.resources.db, process.resources.settings):
        rule.how.forget(datetime.now(UTC) - timedelta(days=rule.days), 100)
    assert [row["event_id"] for row in process.attempts(id)] != []
    assert process.resources.db["webhook_deliveries"].find_one({"_id": old["_id"]}) is None


def test_nothing_that_was_typed_lies_open(process: Process, other_side: Hooked) -> None:
    opened = process.open(other_side.url())
    (row,) = process.resources.db["webhook_endpoints"].find()
    for private in (other_side.url(), opened["secret"]):
        assert private not in str(row)
        assert private.encode() not in bytes(row["url"]) + bytes(row["secrets"][0]["sealed"])


def test_a_stop_for_the_community_lies_sealed_and_its_owner_reads_of_it(process: Process, other_side: Hooked) -> None:
    id = process.open(other_side.url())["id"]
    secretary = an_actor(Role.SECRETARY, account_id="a-secretary")
    process.hear(1)
    process.look()
    process.parts.oversight.halt(process.call(HaltEndpoint(endpoint_id=id, reason="密钥发到了群里"), secretary))
    (row,) = process.resources.db["webhook_endpoints"].find()
    assert "群里" not in str(row)
    assert "群里".encode() not in bytes(row["halt"]["reason"])
    assert (row["stopped_for"], row["stop_told"], row["succeeded_at"] is None) == ("admin", True, False)
    assert process.endpoint(id)["halt"]["reason"] == "密钥发到了群里"
    process.parts.oversight.release(process.call(ReleaseEndpoint(endpoint_id=id), secretary))
    told = list(process.resources.db["messages"].find({"thread": id}).sort("_id"))
    assert [(one["rule"], one["recipient"]) for one in told] == [
        ("webhook-halted", "account:a-desk"),
        ("webhook-released", "account:a-desk"),
    ]
    assert "群里" not in str(told)
    process.hear(2)
    process.look()
    assert len(other_side.came) == 2
    rights = WebhookRights(process.resources.db, process.resources.vault)
    process.parts.oversight.halt(process.call(HaltEndpoint(endpoint_id=id, reason="再看一看"), secretary))
    rights.erase(["a-secretary"])
    assert process.endpoint(id)["halt"] | {"at": ""} == {
        "by": None,
        "role": "secretary",
        "at": "",
        "reason": "再看一看",
    }
