"""A whole service in small: an aggregate with outbox and deadline, RPC, HTTP, a job, an operator's verb."""

import gc
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import eventlet

from chassis.aggregates import Aggregates
from chassis.due import firing_id
from chassis.gear import Gear, Job, Parts, Resources, offline
from chassis.http_host import STREAM
from chassis.rpc import EventReads, command
from chassis.settings import Settings
from contracts.actor import system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.decisions import Decided, Due
from contracts.events.masters import TeamPublished
from tests.builders import COMMUNITY
from tests.fakes.crews import Crew, CrewCodec, join

NAME = "small"
BEGUN, GATE = "begun", "gate"
"""Collections: what has begun and waits; a document that lets all of it go on."""
LEAST_IMPORTED = 50_000
"""Objects that any service consists of before it does anything."""


@dataclass(frozen=True, kw_only=True)
class Join:
    """A member joins a crew; one who waits does so when somebody has opened the gate."""

    SERVICE: ClassVar[str] = NAME
    METHOD: ClassVar[str] = "join"
    crew_id: str
    member: str
    waits: bool = False
    meet: bool = False


class SmallApp:
    """The use cases, and the WSGI application."""

    def __init__(self, resources: Resources) -> None:
        self.crews = Aggregates(resources.journal, CrewCodec())
        self.clock = resources.clock
        self.runs = 0
        self._begun = resources.db[BEGUN]
        self._gate = resources.db[GATE]

    def join(self, call: Call[Join]) -> Outcome:
        """One event for one member."""
        wanted = call.command

        def decide(crew: Crew | None) -> Decided[Crew]:
            decided = join(crew or Crew(wanted.crew_id), wanted.member)
            until = self.clock.now() if wanted.meet else None
            return replace(decided, aggregate=replace(decided.aggregate, until=until))

        if wanted.waits:
            self._wait("join")
        return self.crews.apply(wanted.crew_id, call.meta, decide)

    def meet(self, id: str, due: Due) -> None:
        """The crew's deadline."""

        def decide(crew: Crew | None) -> Decided[Crew] | None:
            return Decided(replace(crew, until=None, note="met"), (TeamPublished(),)) if crew else None

        meta = Meta(actor=system_actor(COMMUNITY), command_id=firing_id("crews", id, due), correlation_id="deadline")
        self.crews.apply(id, meta, decide)

    def tick(self) -> None:
        """A job that fails every second time."""
        self.runs += 1
        if self.runs % 2:
            raise ValueError("every other run fails")

    def wsgi(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """/slow ends when somebody has opened the gate, /stream never."""
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/stream":
            environ[STREAM] = 1
            return self._stream()
        if environ["PATH_INFO"] == "/slow":
            self._wait("slow")
        return [b"fine"]

    def _wait(self, what: str) -> None:
        """Say that *what* has begun, and wait for the gate."""
        self._begun.insert_one({"what": what})
        while not self._gate.find_one():
            eventlet.sleep(0.02)

    def _stream(self) -> Iterable[bytes]:
        while True:
            yield b": still here\n\n"
            eventlet.sleep(0.05)


def build(resources: Resources) -> Parts:
    """The composition root."""
    app = SmallApp(resources)
    return Parts(
        app=app,
        due={"crews": app.meet},
        aggregates=["crews"],
        jobs=[Job("tick", 0.02, app.tick)],
        wsgi=app.wsgi,
    )


class SmallService(EventReads):
    """The entrypoints."""

    name = NAME
    app = Gear(build)

    @command(Join)
    def join(self, call: Call[Join]) -> Outcome:
        """Join a crew."""
        outcome: Outcome = self.app.join(call)
        return outcome


def load(settings: Settings, arguments: Sequence[str]) -> int:
    """An operator's import: one crew for each argument."""
    with offline(build, settings, NAME) as (_, parts):
        for crew_id in arguments:
            meta = Meta(actor=system_actor(COMMUNITY), command_id=f"load:{crew_id}", correlation_id="load")
            parts.app.join(Call(Join(crew_id=crew_id, member="m1"), meta))
    return 0


def collector(_: Settings, __: Sequence[str]) -> int:
    """Says how the garbage collector stands when a verb begins."""
    sys.stdout.write(f"{gc.isenabled()} {gc.get_freeze_count() > LEAST_IMPORTED}\n")
    return 0


SERVICE = SmallService
OPERATIONS: Mapping[str, Callable[[Settings, Sequence[str]], int]] = {"load": load, "collector": collector}
