"""Events that nobody can handle. Each must lie among the dead at the end, with its reason, and leave no other trace:
what would be handled in part goes straight to the one inbox where nothing is stored before it fails."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import contracts
from contracts.envelope import TYPE_PREFIX
from contracts.events.tickets import TicketAccepted, TicketClosed
from contracts.topology import SERVICES
from contracts.words import Text
from deploy.audit.databases import Databases
from deploy.chaos.arena import Arena
from deploy.chaos.post import Letter, hearers, put, straight_to, to_everybody
from deploy.chaos.processes import service_of
from deploy.chaos.threads import in_thread
from deploy.stack.rabbit import BROKER_ERRORS

SAMPLES = Path(contracts.__file__).parent / "samples"

UNDECODABLE, UNKNOWN, SCHEMA, FAILED, DELIVERIES = (
    "undecodable",
    "unknown-type",
    "schema",
    "handler-failed",
    "delivery-limit",
)
"""The reasons in a dead queue."""

KILLED = "notify"
"""The service whose handler is made to kill it: nobody waits for its answers, and it starts quickly."""
LOOK_EVERY = 2.0

Document = dict[str, Any]


def sample(event_type: str, key: str) -> Document:
    """The published sample of *event_type* as another event, of an aggregate that nobody knows. *key* names both."""
    wire: Document = json.loads((SAMPLES / f"{event_type}.json").read_text(encoding="utf-8"))
    wire["id"] = wire["subject"] = wire["correlationid"] = key
    wire["data"]["snapshot"]["id"] = key
    return wire


def undecodable(key: str, rng: Random) -> Letter:
    """Bytes that are no event: no UTF-8, no JSON, no object, no envelope, an odd envelope, or nothing at all."""
    odd = sample(TicketAccepted.TYPE, key) | {"aggregateversion": "newest"}
    bodies = (
        b"\xff\xfe\x00poison",
        b"{half an even",
        b"",
        b"[1, 2]",
        b'{"id": "x"}',
        b"null",
        json.dumps(odd).encode(),
    )
    return Letter(key, rng.choice(bodies), TicketAccepted.TYPE)


def unknown_type(key: str, _: Random) -> Letter:
    """A sound envelope of a type that does not exist."""
    wire = sample(TicketAccepted.TYPE, key) | {"type": f"{TYPE_PREFIX}ticket.vanished.v1"}
    return _letter(wire)


def breach(key: str, rng: Random) -> Letter:
    """A known type whose body breaks its schema."""
    wire = sample(TicketAccepted.TYPE, key)
    snapshot = wire["data"]["snapshot"]
    wrong: Sequence[Callable[[], Any]] = (
        lambda: snapshot.update(seats="many"),
        lambda: snapshot.update(status="lost"),
        lambda: snapshot.pop("area_path"),
        lambda: snapshot.update(number="\ud800"),
        lambda: snapshot["times"].update(placed_at="9999-12-31T23:59:59-14:00"),
        lambda: wire["data"]["terms"].update(seats=2**70),
    )
    rng.choice(wrong)()
    return _letter(wire)


def nowhere(key: str, rng: Random) -> Letter:
    """An accepted order in a time zone that does not exist: whoever looks for people fails, before any write.

    Some state a number of tries that is none.
    """
    wire = sample(TicketAccepted.TYPE, key)
    wire["data"]["terms"]["time_zone"] = "Nowhere/At_All"
    return replace(_letter(wire), headers=rng.choice(({}, {"shiliu-attempts": "many"})))


def _letter(wire: Document) -> Letter:
    return Letter(wire["id"], json.dumps(wire).encode(), wire["type"], wire["subject"])


async def dead_at_once(arena: Arena, rng: Random, make: Callable[[str, Random], Letter], reason: str) -> None:
    """Two that cannot be read: one straight to an inbox, one by the exchange to all who hear of accepted orders."""
    alone, service = make(_key(rng), rng), rng.choice(SERVICES)
    spread, routing_key = make(_key(rng), rng), TicketAccepted.TYPE.removeprefix(TYPE_PREFIX)
    arena.planted.note(service, alone.key, reason)
    for hearer in hearers(routing_key):
        arena.planted.note(hearer, spread.key, reason)
    arena.say(Text(f"{reason}:{service} 一个,大家一个", "planted"))
    await in_thread(put, arena.stack.amqp_url, [(alone, straight_to(service)), (spread, to_everybody(routing_key))])


async def always_fails(arena: Arena, rng: Random) -> None:
    """One whose handler fails each time: it climbs the ladder, and dies with the name of the handler."""
    letter = nowhere(_key(rng), rng)
    arena.planted.note("volunteers", letter.key, FAILED)
    await in_thread(put, arena.stack.amqp_url, [(letter, straight_to("volunteers"))])


async def kills(arena: Arena, rng: Random) -> None:
    """One whose handler kills its process, whichever takes it, until the broker has had enough.

    Its mark on the way to the database is the last that the process does.
    """
    key = _key(rng)
    letter, mark = _letter(sample(TicketClosed.TYPE, key)), key.encode()
    names = [name for name in arena.keeper.names if service_of(name) == KILLED]
    deaths = kill_at(arena, names, mark)
    try:
        arena.planted.note(KILLED, key, DELIVERIES)
        await in_thread(put, arena.stack.amqp_url, [(letter, straight_to(KILLED))])
        while not await _is_dead(arena, key):
            await asyncio.sleep(LOOK_EVERY)
    finally:
        for name in names:
            arena.wires.of(name, "mongo").unwatch(mark)
    await arena.keeper.bring_back(names)
    arena.say(Text(f"{KILLED} 被同一条消息杀了 {len(deaths)} 次", "one event ended it so often"))


def kill_at(arena: Arena, names: Sequence[str], mark: bytes) -> Sequence[str]:
    """From now on each of these processes is killed when it sends *mark* to its database, before it arrives there.

    Returns the list in which the deaths are noted.
    """
    deaths: list[str] = []
    for name in names:
        arena.wires.of(name, "mongo").watch(mark, partial(_kill, arena, name, deaths))
    return deaths


def _kill(arena: Arena, name: str, deaths: list[str]) -> None:
    pid = arena.keeper.pid(name)
    if pid is not None:
        arena.keeper.expect_death(name)
        deaths.append(name)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def _is_dead(arena: Arena, key: str) -> bool:
    try:
        return await in_thread(_among_the_dead, arena.stack.mongo_url, arena.stack.amqp_url, key)
    except BROKER_ERRORS:
        return False


def _among_the_dead(mongo_url: str, amqp_url: str, key: str) -> bool:
    with Databases(mongo_url, amqp_url) as databases:
        return key in databases.dead_letters(KILLED)


def _key(rng: Random) -> str:
    return f"planted-{rng.getrandbits(64):016x}"


poison_undecodable = partial(dead_at_once, make=undecodable, reason=UNDECODABLE)
poison_unknown_type = partial(dead_at_once, make=unknown_type, reason=UNKNOWN)
poison_schema = partial(dead_at_once, make=breach, reason=SCHEMA)
