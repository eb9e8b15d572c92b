"""Operators at work on a running platform: views set right under load, dead letters looked at and given back."""

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest
from amqp import Message
from pymongo import MongoClient

from contracts.topology import dead_queue
from deploy.audit.audit import settled
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.demo.play import COMMUNITY, DESK, MEMBERS, set_stage
from deploy.person.asking import SERVICES
from deploy.simulate.client import Api, Refusal
from deploy.simulate.crowd import Order, crowd_of
from deploy.simulate.pace import Pace
from deploy.simulate.stage import Cast, Stage
from deploy.simulate.temper import Temper
from deploy.simulate.world import World
from deploy.stack.operators import REPLICAS, VIEWS
from deploy.stack.services import PROJECT
from tests.brokers import Rabbit
from tests.system.conftest import own_env
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.slow, pytest.mark.timeout(600)]

ORDERS = 24
QUICK = Temper(think=(1, 3), travel=(2, 5), work=(2, 5), answer=(2, 5), rework=0.2, decline=0.3, accept=0.65)


def begun(stage: Stage, *arguments: str) -> subprocess.Popen[str]:
    """A command at the terminal of this platform, under way."""
    return subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", *arguments],
        cwd=PROJECT,
        env=own_env(stage.stack.root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def shiliu(stage: Stage, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command, from its beginning to its end."""
    command = begun(stage, *arguments)
    out, err = command.communicate()
    return subprocess.CompletedProcess(command.args, command.returncode, out, err)


def everybody_has_a_new_key(rotating: subprocess.Popen[str]) -> None:
    """In every service that holds a vault, with orders going on; what was sealed opens is seen by an export below."""
    out, err = rotating.communicate()
    assert rotating.returncode == 0, err
    rows = [json.loads(line) for line in out.splitlines()]
    done = {row["service"]: row for row in rows if row.get("did") == "reencrypt"}
    assert set(done) == {"tickets", "volunteers", "gateway"}
    assert done["tickets"]["sealed"] >= 10
    assert done["volunteers"]["sealed"] > MEMBERS
    assert [row["unreadable"] for row in done.values()] == [0, 0, 0]
    assert [row["retired_keys"] for row in rows if "retired_keys" in row] == [0, 0, 0]


SOURCES = {"tickets": "ticket", "accounts": "member", "people": "person"}


def damage(gateway: Any, volunteers: Any) -> None:
    """Something wrong in every view: rows missing, surplus, too new, with other words."""
    for view in VIEWS:
        rows, source = gateway[view], SOURCES.get(view, view.rstrip("s"))
        named = {f"{source}.v": {"$gt": 0}, "own": {"$exists": False}}
        some = [row["_id"] for row in rows.find(named, {"_id": 1}).limit(6)]
        rows.delete_many({"_id": {"$in": some[:2]}})
        rows.update_many({"_id": {"$in": some[2:4]}}, {"$set": {f"{source}.v": 999, f"{source}.status": "broken"}})
        rows.update_many({"_id": {"$in": some[4:]}}, {"$set": {f"{source}.more": "$x"}, "$unset": {"area_path": 1}})
        rows.insert_one({"_id": "zz-nobody", "community_id": COMMUNITY, source: {"v": 1}})
    volunteers["areas"].delete_many({})


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    """The demo community with all its accounts."""
    return set_stage(stage, lambda _: None)


def test_views_are_set_right_while_orders_go_on(stage: Stage, cast: Cast) -> None:
    items = ("shopping", "stairwell-lamp", "tap-and-lamp", "suggestion", "policy-advice")
    placed = [
        Order(
            at=float(number),
            key=f"operators-{number}",
            body={"item_id": items[number % 5], "area_id": "huizi-1-1", "description": "看一下", "origin": "resident"},
            resident=number % 4,
            by_desk=False,
        )
        for number in range(ORDERS)
    ]
    settings = stage.stack.settings()
    client: MongoClient[dict[str, Any]] = MongoClient(settings.mongo_url, tz_aware=True)
    gateway, volunteers = client["gateway"], client["volunteers"]
    areas = volunteers["areas"].count_documents({})
    rebuilding: list[subprocess.Popen[str]] = []
    rotating: list[subprocess.Popen[str]] = []

    async def live() -> World:
        async with Api(stage.stack.http_url) as api:
            world = World(api, Pace(360.0), QUICK, 7, attention=10 / MEMBERS)
            crowd = asyncio.create_task(crowd_of(world, cast, DESK).run(placed, in_flight=8, patience=200))
            while gateway["tickets"].count_documents({"ticket.status": "closed"}) < 5:
                await asyncio.sleep(0.1)
            damage(gateway, volunteers)
            rebuilding.append(begun(stage, "rebuild", "all"))
            rotating.append(begun(stage, "keys", "reencrypt", "--new-keys", "--json"))
            await crowd
            return world

    asyncio.run(live())
    _, told = rebuilding[0].communicate()
    assert rebuilding[0].returncode == 0, told
    everybody_has_a_new_key(rotating[0])
    assert volunteers["areas"].count_documents({}) == areas
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        found = settled(databases, Scope(COMMUNITY))
        assert {name: said for name, said in found.items() if said} == {}
    again = shiliu(stage, "rebuild", "all")
    assert again.returncode == 0
    # The gateway rebuilds all of its views in one go, the others their replicas one by one.
    assert again.stderr.count("0 added, 0 mended, 0 removed") == 1 + len(REPLICAS), again.stderr
    assert gateway["tickets"].count_documents({"_id": "zz-nobody"}) == 0
    client.close()


def test_dead_letters_are_looked_at_and_given_back(stage: Stage) -> None:
    rabbit = Rabbit(stage.stack.amqp_url)
    for service in ("notify", "gateway"):
        channel = rabbit.channel()
        channel.basic_publish(
            Message(b"no event", message_id="e-dead", delivery_mode=2), routing_key=dead_queue(service)
        )
    wait_until(lambda: [rabbit.depth(dead_queue(service)) for service in ("notify", "gateway")] == [1, 1])
    rows = [json.loads(line) for line in shiliu(stage, "dead", "list", "--json").stdout.splitlines()]
    assert [(row["service"], row["id"]) for row in rows] == [("notify", "e-dead"), ("gateway", "e-dead")]
    assert shiliu(stage, "dead", "replay", "e-dead", "--service", "gateway").returncode == 0
    # Nobody can read it, so it comes back.
    wait_until(lambda: rabbit.depth(dead_queue("gateway")) == 1)
    (row,) = [
        json.loads(line)
        for line in shiliu(stage, "dead", "show", "e-dead", "--service=gateway", "--json").stdout.splitlines()
    ]
    assert (row["reason"], row["replays"], row["body"]) == ("undecodable", 1, "no event")
    for service in ("notify", "gateway"):
        gone = shiliu(stage, "dead", "discard", "e-dead", "--why", "a test", "--service", service)
        assert gone.returncode == 0, gone.stderr
    rabbit.close()


def test_whoever_is_erased_is_missed_by_nothing(stage: Stage, cast: Cast) -> None:
    """Who ordered and who was to come, with an order under way; then their view anew, and the audit."""
    client: MongoClient[dict[str, Any]] = MongoClient(stage.stack.settings().mongo_url, tz_aware=True)
    login = next(name for name in cast.accounts if name != DESK)
    number, name = asyncio.run(under_way(stage, cast, login, client))
    erased = shiliu(stage, "person", "erase", login, number, "--yes")
    assert erased.returncode == 0, erased.stdout + erased.stderr
    for command in (("rebuild", "tickets"), ("audit", "--community", COMMUNITY)):
        done = shiliu(stage, *command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    marks = (f'"{name}"', f'"{login}"')
    for service in SERVICES:
        for collection in client[service].list_collection_names():
            for doc in client[service][collection].find():
                told = json.dumps(doc, default=str, ensure_ascii=False)
                assert not [mark for mark in marks if mark in told], (service, collection, doc["_id"])
    client.close()


async def under_way(stage: Stage, cast: Cast, login: str, client: MongoClient[dict[str, Any]]) -> tuple[str, str]:
    """Order something, and have somebody take it: their number and chosen name."""
    by_id = {badge.member_id: number for number, badge in cast.members.items()}
    offers, members = client["gateway"]["offers"], client["volunteers"]["members"]
    async with Api(stage.stack.http_url) as api:
        order = {"item_id": "shopping", "area_id": "huizi-1-1", "description": "买一点菜", "origin": "resident"}
        ticket = (await cast.caller(api, login).post("/tickets", order))["id"]
        while True:
            offer = offers.find_one({"offer.demand_id": ticket, "offer.status": "open"})
            if offer is not None:
                member_id = offer["offer"]["member_id"]
                with suppress(Refusal):  # it expires meanwhile, and another one is asked
                    await cast.caller(api, by_id[member_id]).post(f"/offers/{offer['_id']}/accept")
                    return by_id[member_id], (members.find_one({"_id": member_id}) or {})["display_name"]
            await asyncio.sleep(0.1)
