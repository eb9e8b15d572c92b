"""One replay from file to figures: a stack of its own, the derived city, the crowd, the audit."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.settings import Settings
from contracts.words import Text
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.audit.gauges import cpu_seconds, difference, memory_mb, write_counts
from deploy.person.restored import forget_again
from deploy.replay.derive import City
from deploy.replay.files import COMMUNITY, write_city
from deploy.replay.orders import orders
from deploy.replay.people import simulate
from deploy.replay.reader import ReplayError, Request
from deploy.simulate.client import Api
from deploy.simulate.crowd import MOST_MEMBERS, crowd_of
from deploy.simulate.pace import Pace
from deploy.simulate.progress import shown
from deploy.simulate.report import Account, account_for
from deploy.simulate.stage import Cast, NewAccount, Stage, open_accounts
from deploy.simulate.temper import Temper
from deploy.simulate.world import World
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack

RESIDENTS = 24
DISPATCHER = "replay-desk"
TEMPER = Temper(think=(2, 30), travel=(20, 90), work=(20, 120), answer=(10, 120), review=(5, 30), silent=0.02)
PATIENCE = 150.0
"""Real seconds without an order placed or ended after which a replay says that it is stuck."""

Say = Callable[[Text], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a replay was asked for."""

    requests: Sequence[Request]
    everything: Sequence[Request]
    """The whole file, from which the city is derived."""
    speed: float
    members: int
    seed: int
    in_flight: int
    resume: bool


def plan_of(speed: float, env: Mapping[str, str] | None = None) -> Plan:
    """The replay's own stack: beside the everyday one of *env*, on ports of its own."""
    beside = Plan.for_command_line(env).root / "replay"
    return Plan.for_command_line(env, root=beside, clock_speed=speed, any_ports=True, ports={})


def run(wanted: Wanted, stack: Stack, say: Say) -> dict[str, Any]:
    """Replay and count; the stack is stopped at the end, its data stays. Raises StackError, ReplayError, Stuck."""
    _check(wanted)
    if not wanted.resume:
        _start_fresh(stack)
    began = time.monotonic()
    try:
        started = stack.up(say, forget_again)
        say(Text(f"平台就绪,{started.seconds:.0f} 秒", f"the stack is ready after {started.seconds:.0f} s"))
        return _play(wanted, stack, say) | {"seconds_in_all": round(time.monotonic() - began, 1)}
    finally:
        stack.down(say)


def _check(wanted: Wanted) -> None:
    if not wanted.requests:
        raise ReplayError("文件里没有可用的工单", "the file holds no usable request")
    if not 1 <= wanted.members <= MOST_MEMBERS:
        raise ReplayError(f"成员要在 1 到 {MOST_MEMBERS} 之间", f"1 to {MOST_MEMBERS} members are possible")


def _start_fresh(stack: Stack) -> None:
    """Nothing of an earlier replay stays, but what it ran on: the keys and ports are made anew."""
    if stack.root.exists():
        stack.down()
        shutil.rmtree(stack.root)


def _play(wanted: Wanted, stack: Stack, say: Say) -> dict[str, Any]:
    stage = Stage(stack)
    since = stage.business_now() if stack.plan.mongo_url else None
    city = City(wanted.everything)
    people = simulate(city, wanted.requests, wanted.members, wanted.seed)
    areas, items = len(city.areas), len(city.items)
    say(
        Text(
            f"导入 {areas} 个区域、{items} 个项目、{len(people)} 位成员",
            f"{areas} areas, {items} items, {len(people)} members",
        )
    )
    write_city(stack.root / "city", city, people, wanted.speed)
    stage.import_community(stack.root / "city", COMMUNITY)
    cast = asyncio.run(_cast(stage, len(people)))
    settings = stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        before = write_counts(databases.client)
        say(Text(f"重放 {len(wanted.requests)} 件", f"replaying {len(wanted.requests)} orders, {wanted.speed:.0f}x"))
        begun = time.monotonic()
        world = asyncio.run(_live(wanted, stack, cast, city))
        seconds = time.monotonic() - begun
        written = difference(before, write_counts(databases.client))
        pids = {record.name: record.pid for record in stack.brokers.processes.records()}
        used = {"memory_mb": memory_mb(pids), "cpu_seconds": cpu_seconds(pids | {"replay": os.getpid()})}
        say(Text("核对各服务的数据库", "auditing the databases"))
        account = account_for(databases, Scope(COMMUNITY, since), wanted.speed)
    return _told(account, world, settings) | _costs(account, seconds, written) | used


async def _cast(stage: Stage, members: int) -> Cast:
    login = stage.open_admin(COMMUNITY)
    residents = [NewAccount(f"replay-resident-{number:02d}") for number in range(RESIDENTS)]
    async with Api(stage.stack.http_url) as api:
        admin = await api.sign_in(login, stage.password(login))
        await open_accounts(admin, [*residents, NewAccount(DISPATCHER, ("dispatcher",))], {})
    return stage.badges([*(account.login for account in residents), DISPATCHER], members)


async def _live(wanted: Wanted, stack: Stack, cast: Cast, city: City) -> World:
    async with Api(stack.http_url) as api:
        world = World(api, Pace(wanted.speed), TEMPER, wanted.seed, attention=min(1.0, 10 / wanted.members))
        crowd = crowd_of(world, cast, DISPATCHER)
        with shown(world.track, len(wanted.requests)):
            placed = orders(city, wanted.requests, RESIDENTS)
            await crowd.run(placed, in_flight=wanted.in_flight, patience=PATIENCE)
        return world


def _told(account: Account, world: World, settings: Settings) -> dict[str, Any]:
    return account.to_json() | {
        "deeds": dict(world.deeds),
        "refusals": dict(world.troubles.refusals),
        "unanswered": world.troubles.unanswered,
        "errors": world.troubles.errors,
        "requests": dict(world.api.counts),
        "findings": {
            name: [f"{one.about}: {one.seen}" for one in found[:5]] for name, found in account.findings.items() if found
        },
        "clean": account.clean,
        "clock_speed": settings.clock_speed,
    }


def _costs(account: Account, seconds: float, written: Mapping[str, int]) -> dict[str, Any]:
    orders_ = max(1, account.figures.orders)
    documents = written["documents_inserted"] + written["documents_updated"] + written["documents_deleted"]
    return {
        "seconds": round(seconds, 1),
        "orders_per_second": round(account.figures.orders / seconds, 2),
        "document_writes_per_order": round(documents / orders_, 1),
        "writes": dict(written),
    }
