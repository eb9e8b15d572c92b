"""The platform at its limits: a burst of orders, a broker that takes nothing, an outbox that does not empty.

What was promised is kept, what cannot be promised is refused with 503 and Retry-After, and all drains by itself.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.request import Request, urlopen
from uuid import uuid4

import aiohttp
import pytest

from contracts.topology import EXCHANGE
from deploy.audit.audit import CLAUSES, sentences, settled
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.audit.gauges import cpu_seconds
from deploy.demo.play import COMMUNITY, set_stage
from deploy.simulate.stage import Cast, Stage
from deploy.stack.plan import Plan
from deploy.stack.ports import HOST
from deploy.stack.stack import Stack
from tests.alarms import clear, raise_memory_alarm
from tests.brokers import Rabbit
from tests.system.conftest import CHEAP, own_env
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(300)]

BURST = 200
AWAY = 300
"""Orders while a subscriber is down."""
BOUND = 210
"""Of documents with events that are not out: just above what the burst may leave for a moment."""
PATIENCE = 60.0
AGAIN = 0.5
"""Seconds between the tries of one order."""
STILL_OPEN = {"at_end", "seats_kept", "owners_differ", "deadlines"}
"""What an audit would find because nobody here serves the orders."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A running stack in real time, with a low bound."""
    root = tmp_path_factory.mktemp("limits")
    settings = CHEAP | {"backlog_bound": BOUND, "rpc_timeout": 3.0}
    stack = Stack(Plan(root=root, any_ports=True, settings=settings, env=own_env(root)))
    try:
        stack.up()
        yield Stage(stack)
    finally:
        stack.down()


@pytest.fixture(scope="module")
def cast(stage: Stage) -> Cast:
    """The demo community with all its accounts."""
    return set_stage(stage, lambda _: None)


@dataclass
class Placed:
    """What became of a number of orders."""

    seconds: list[float] = field(default_factory=list)
    """From the first try of each to its final answer."""
    replies: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)
    unkind: list[str] = field(default_factory=list)
    """Refusals that do not say when to come again."""

    def line(self) -> str:
        """Percentiles in milliseconds, and what was answered how often."""
        ranked = sorted(self.seconds)
        shown = " ".join(f"p{part} {ranked[max(0, len(ranked) * part // 100 - 1)] * 1000:.0f}" for part in (50, 95, 99))
        return f"{len(ranked)} orders: {shown} max {ranked[-1] * 1000:.0f} ms; answers {dict(self.replies)}"


async def place(url: str, tokens: Sequence[str], count: int, *, within: float, patience: float = PATIENCE) -> Placed:
    """*count* orders evenly *within* so many seconds, each repeated under its key for *patience* seconds."""
    placed = Placed()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=12.0)
    ) as session:

        async def one(number: int) -> None:
            await asyncio.sleep(within * number / count)
            headers = {"Authorization": f"Bearer {tokens[number % len(tokens)]}", "Idempotency-Key": uuid4().hex}
            body = {"item_id": "shopping", "area_id": "heping-3-2", "description": "米和油"}
            begun = time.monotonic()
            while True:
                async with session.post(f"{url}/api/v1/tickets", json=body, headers=headers) as answer:
                    said = await answer.json(content_type=None)
                    placed.replies[f"{answer.status} {said.get('code', '')}".strip()] += 1
                    if answer.status == 201:
                        placed.seconds.append(time.monotonic() - begun)
                        placed.ids.append(said["id"])
                        return
                    if answer.status != 504 and "Retry-After" not in answer.headers:
                        placed.unkind.append(f"{answer.status} {said}")
                if time.monotonic() - begun > patience - AGAIN:
                    return
                await asyncio.sleep(AGAIN)

        await asyncio.gather(*(one(number) for number in range(count)))
    return placed


@pytest.fixture(scope="module")
def tokens(cast: Cast) -> list[str]:
    """Residents, to order in turn."""
    return [badge.token for name, badge in cast.accounts.items() if name.startswith("resident")]


@pytest.fixture
def databases(stage: Stage) -> Iterator[Databases]:
    """The stack's databases and queues, for a look."""
    settings = stage.stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as opened:
        yield opened


def audited(databases: Databases) -> list[str]:
    """What an audit finds, apart from that the orders are open."""
    clauses = {name: clause for name, clause in CLAUSES.items() if name not in STILL_OPEN}
    return list(sentences(settled(databases, Scope(COMMUNITY, None), 60.0, clauses)))


def tickets(databases: Databases, ids: Sequence[str]) -> int:
    """How many of these orders there are."""
    return int(databases.of("tickets")["tickets"].count_documents({"_id": {"$in": list(ids)}}))


def look(url: str, token: str = "") -> str:
    """What an address answers; raises where it is no 200."""
    request = Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})  # noqa: S310  our own
    with urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode())


def reads(stage: Stage, token: str) -> bool:
    """Can orders be read?"""
    return bool(json.loads(look(f"{stage.stack.http_url}/api/v1/tickets?limit=5", token))["items"])


def metric(stage: Stage, process: str, name: str) -> float:
    """The sum of a metric of one process."""
    lines = look(f"http://{HOST}:{stage.stack.ports[process]}/metrics").splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"shiliu_{name}"))


@contextmanager
def refusing(amqp_url: str) -> Iterator[None]:
    """The broker refuses every event of an order: a queue that is full is bound to them."""
    connection = Rabbit(amqp_url).connect()
    channel = connection.channel()
    limits = {"x-max-length": 0, "x-overflow": "reject-publish"}
    name = channel.queue_declare("", exclusive=True, arguments=limits).queue
    channel.queue_bind(name, EXCHANGE, "ticket.#")
    try:
        yield
    finally:
        connection.close()


def test_a_burst_of_200_orders_in_one_second(
    stage: Stage, tokens: list[str], databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    url = stage.stack.http_url
    asyncio.run(place(url, tokens, 5, within=1.0))  # caches, connections
    pids = {record.name: record.pid for record in stage.stack.brokers.processes.records()}
    before = cpu_seconds(pids)
    placed = asyncio.run(place(url, tokens, BURST, within=1.0))
    used = {name: round(spent - before[name], 1) for name, spent in cpu_seconds(pids).items()}
    with capsys.disabled():
        print(f"\nburst of {placed.line()}; processor seconds {used}")  # noqa: T201
    assert placed.unkind == []
    assert len(set(placed.ids)) == BURST
    assert databases.of("tickets")["tickets"].count_documents({}) == BURST + 5  # one each, however often repeated

    def followed() -> bool:
        asked = {"_id": {"$in": placed.ids}, "$or": [{"offers.0": {"$exists": True}}, {"status": "claim"}]}
        return bool(databases.of("volunteers")["demands"].count_documents(asked) == BURST)

    wait_until(followed, PATIENCE, "members are asked for every order")
    assert audited(databases) == []


def test_an_outbox_that_does_not_empty_is_bounded_and_empties_by_itself(
    stage: Stage, tokens: list[str], databases: Databases
) -> None:
    url = stage.stack.http_url
    with refusing(stage.stack.amqp_url):
        placed = asyncio.run(place(url, tokens, BOUND + 40, within=5.0, patience=8.0))
        wait_until(lambda: metric(stage, "tickets", "outbox_past_bound") == 1, 20)
        late = asyncio.run(place(url, tokens, 5, within=1.0, patience=0.0))
        assert set(late.replies) == {"503 outbox-past-bound"}
        assert placed.unkind == late.unkind == []
        assert tickets(databases, placed.ids) == len(placed.ids)  # what was answered is there
        assert reads(stage, tokens[0])
    again = asyncio.run(place(url, tokens, 5, within=1.0))
    assert len(again.ids) == 5
    assert metric(stage, "tickets", "outbox_past_bound") == 0
    assert audited(databases) == []


def test_a_broker_that_takes_nothing_refuses_commands_and_nothing_else(
    stage: Stage, tokens: list[str], databases: Databases
) -> None:
    url, brokers = stage.stack.http_url, stage.stack.brokers
    raise_memory_alarm(brokers)
    try:
        asyncio.run(place(url, tokens, 1, within=0.0, patience=0.0))
        during = asyncio.run(place(url, tokens, 20, within=1.0, patience=0.0))
        assert set(during.replies) == {"503 broker-blocked"}
        assert during.unkind == []
        assert reads(stage, tokens[0])
        assert metric(stage, "gateway", "broker_blocked") >= 1
        clear(brokers)
        again = asyncio.run(place(url, tokens, 20, within=1.0))
        assert len(again.ids) == 20
    finally:
        clear(brokers)
    assert audited(databases) == []


def test_a_subscriber_that_was_down_for_long_catches_up(
    stage: Stage, tokens: list[str], databases: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = stage.stack
    notify = next(instance for instance in stack.plan.processes() if instance.service.name == "notify")
    stack.brokers.processes.stop([record for record in [stack.running(notify)] if record], 30.0)
    placed = asyncio.run(place(stack.http_url, tokens, AWAY, within=5.0))
    assert len(placed.ids) == AWAY  # nobody waits for it
    wait_until(lambda: databases.depths()["notify"].inbox >= 2 * AWAY, PATIENCE)
    deep, begun = databases.depths()["notify"].inbox, time.monotonic()
    stack.start_one(notify)
    started = time.monotonic()
    wait_until(lambda: databases.depths()["notify"].inbox == 0, PATIENCE)
    ended = time.monotonic()
    with capsys.disabled():
        print(f"\n{deep} events: ready after {started - begun:.1f} s, caught up after {ended - begun:.1f} s")  # noqa: T201
    assert audited(databases) == []
