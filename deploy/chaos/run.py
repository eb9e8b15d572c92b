"""One run of chaos from an empty folder to the audit: a stack behind wires, a crowd, a storm, a quiet period."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Container, Coroutine, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from pathlib import Path
from typing import Any

from contracts.words import Text
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.audit.gauges import cpu_seconds, memory_mb
from deploy.chaos import schedule
from deploy.chaos.arena import Arena
from deploy.chaos.faults import FAULTS
from deploy.chaos.keeper import Keeper
from deploy.chaos.listening import listening
from deploy.chaos.planted import Planted
from deploy.chaos.report import Load, Outcome, load_of
from deploy.chaos.storm import Storm
from deploy.chaos.threads import in_thread
from deploy.chaos.town import RESIDENTS, Town, make_town
from deploy.chaos.wires import Wires
from deploy.replay.files import COMMUNITY
from deploy.simulate.client import Api
from deploy.simulate.crowd import Order, Stuck, crowd_of, first_of
from deploy.simulate.journal import Journal
from deploy.simulate.pace import Pace
from deploy.simulate.progress import shown
from deploy.simulate.report import account_for
from deploy.simulate.stage import Cast, NewAccount, Stage, open_accounts
from deploy.simulate.temper import Temper
from deploy.simulate.world import World
from deploy.stack.plan import Plan
from deploy.stack.ports import HOST
from deploy.stack.services import SERVICES
from deploy.stack.stack import Stack

SPEED = 3000.0
INSTANCES = 2
DESK = "chaos-desk"
TEMPER = Temper(
    accept=0.72,
    decline=0.15,
    release=0.08,
    leave_early=0.1,
    rework=0.08,
    cancel=0.06,
    silent=0.05,
    reject=0.2,
    think=(2, 30),
    travel=(20, 90),
    work=(20, 120),
    answer=(10, 120),
    review=(5, 30),
)
SETTINGS = {
    "retry_delays": (0.2, 1.0, 5.0),
    "argon2_time_cost": 1,
    "argon2_memory_kib": 8,
    "outgoing_loopback": True,
    "webhook_timeout": 3.0,
    "webhook_retry_delays": (0.2, 0.5, *(2.0,) * 40),
}
PATIENCE = 240.0
"""Real seconds without an order placed or ended after which a run says that it is stuck."""
SETTLE_SECONDS = 90.0

Say = Callable[[Text], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a run was asked for."""

    orders: int
    seed: int
    minutes: float | None
    """Bound of the load; orders that were not placed by then are not. None: all of them."""
    members: int
    in_flight: int
    faults: tuple[str, ...]
    """The kinds to strike."""


def plan_of(env: dict[str, str] | None = None) -> Plan:
    """The stack of a run: beside the everyday one of *env*, on ports of its own, two of every service."""
    return Plan.for_command_line(
        env,
        root=Plan.for_command_line(env).root / "chaos",
        amqp_url="",
        mongo_url="",
        clock_speed=SPEED,
        any_ports=True,
        ports={},
        counts={service.name: INSTANCES for service in SERVICES},
        settings=SETTINGS,
    )


async def run(wanted: Wanted, plan: Plan, say: Say) -> Outcome:
    """Everything, on an empty folder; the stack is stopped at the end, its data and the journal stay.

    Raises StackError, Stuck.
    """
    await in_thread(_start_fresh, Stack(plan))
    straight = Stack(plan)
    names = [instance.name for instance in plan.processes()]
    wires = Wires(names, straight.ports["amqp"], straight.ports["mongo"])
    await wires.open()
    stack = Stack(replace(plan, settings_of={name: _through(wires, name, straight) for name in names}))
    try:
        started = await in_thread(stack.up, say)
        say(Text(f"平台就绪,{started.seconds:.0f} 秒", f"the stack is ready after {started.seconds:.0f} s"))
        return await _play(wanted, stack, wires, say)
    finally:
        wires.mend()
        await in_thread(stack.down, say)
        await wires.close()


def _through(wires: Wires, name: str, straight: Stack) -> dict[str, str]:
    """The brokers' addresses by way of a process's own wires. A replica set's own would lead past them."""
    amqp, mongo = wires.of(name, "amqp").port, wires.of(name, "mongo").port
    return {
        "amqp_url": straight.amqp_url.replace(f":{straight.ports['amqp']}/", f":{amqp}/"),
        "mongo_url": f"mongodb://{HOST}:{mongo}/?directConnection=true",
    }


def _start_fresh(stack: Stack) -> None:
    if stack.root.exists():
        stack.down()
        shutil.rmtree(stack.root)


async def _play(wanted: Wanted, stack: Stack, wires: Wires, say: Say) -> Outcome:
    stage = Stage(stack)
    town = make_town(stack.root / "town", wanted.orders, wanted.members, wanted.seed, SPEED)
    await in_thread(stage.import_community, stack.root / "town", COMMUNITY)
    cast = await _cast(stage, wanted.members)
    arena = Arena(stack, wires, Keeper(stack), Planted(), say)
    planned = schedule.draw(wanted.faults, wanted.orders, wanted.seed)
    storm = Storm(planned, {kind: FAULTS[kind] for kind in wanted.faults}, arena, wanted.seed)
    path = stack.root / "journal.jsonl"
    async with listening(stack, cast.accounts[DESK].token, wanted.seed) as heard:
        with Journal(path) as journal:
            load = await _load(wanted, arena, storm, cast, town, journal)
        say(Text("核对各服务的数据库", "auditing the databases"))
        return await in_thread(_audit, stack, arena, load, path, heard)


async def _cast(stage: Stage, members: int) -> Cast:
    login = await in_thread(stage.open_admin, COMMUNITY)
    residents = [NewAccount(f"chaos-resident-{number:02d}") for number in range(RESIDENTS)]
    async with Api(stage.stack.http_urls) as api:
        admin = await api.sign_in(login, stage.password(login))
        await open_accounts(admin, [*residents, NewAccount(DESK, ("dispatcher",))], {})
    return await in_thread(stage.badges, [*(account.login for account in residents), DESK], members)


async def _load(wanted: Wanted, arena: Arena, storm: Storm, cast: Cast, town: Town, journal: Journal) -> Load:
    async with Api(arena.stack.http_urls, journal=journal) as api:
        world = World(api, Pace(SPEED), TEMPER, wanted.seed, attention=min(1.0, 10 / wanted.members))
        crowd = crowd_of(world, cast, DESK)
        crowd.admit = storm.admit
        begun, stuck = time.monotonic(), ""
        orders = _until(town.orders(), inf if wanted.minutes is None else begun + 60 * wanted.minutes, storm)
        with shown(world.track, wanted.orders) as tell:
            arena.say = lambda text: tell(f"  {text.zh}  {text.en}")
            try:
                await _together(crowd.run(orders, in_flight=wanted.in_flight, patience=PATIENCE), storm, arena)
            except Stuck as problem:
                stuck = str(problem)
        return load_of(world, storm, arena.keeper, time.monotonic() - begun, stuck)


def _until(orders: Iterator[Order], end: float, storm: Storm) -> Iterator[Order]:
    for order in orders:
        if time.monotonic() > end:
            break
        yield order
    storm.no_more_orders()


async def _together(crowd: Coroutine[Any, Any, None], storm: Storm, arena: Arena) -> None:
    try:
        async with asyncio.TaskGroup() as outer:
            watching = outer.create_task(arena.keeper.watch())
            async with asyncio.TaskGroup() as group:
                group.create_task(_storm(storm, arena))
                group.create_task(crowd)
            watching.cancel()
    except ExceptionGroup as failures:
        raise first_of(failures) from failures


async def _storm(storm: Storm, arena: Arena) -> None:
    await storm.run()
    arena.say(Text("故障都过去了,静候办结", "all faults are over, the quiet period begins"))
    arena.wires.mend()
    await arena.keeper.all_ready()


def _audit(stack: Stack, arena: Arena, load: Load, journal: Path, heard: Container[str]) -> Outcome:
    settings = stack.settings()
    pids = {record.name: record.pid for record in stack.brokers.processes.records()}
    used = {"memory_mb": memory_mb(pids), "cpu_seconds": cpu_seconds({"chaos": os.getpid()})}
    unended = timedelta(minutes=settings.hours_unended_minutes)
    scope = Scope(COMMUNITY, None, journal, arena.planted.letters, unended, heard)
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        begun = time.monotonic()
        account = account_for(databases, scope, SPEED, SETTLE_SECONDS)
        return Outcome(load, account, scope.planted, used, round(time.monotonic() - begun, 1))
