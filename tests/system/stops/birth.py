"""A town's birth in an unusual order: services first, then the database, then the broker, at last the migrations."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from deploy.stack import business_time
from deploy.stack.readiness import Answer
from tests.system.stops.town import Town
from tests.waiting import wait_until

LAST_FIRST = ("gateway", "notify", "dispatcher", "volunteers", "tickets")
STEP_SECONDS = 60.0


@dataclass
class Step:
    """What every process said of itself while one thing was missing."""

    readiness: dict[str, Answer] = field(default_factory=dict)
    alive: dict[str, bool] = field(default_factory=dict)
    moments: dict[str, list[datetime]] = field(default_factory=dict)
    """When the log said what is waited for."""


@dataclass
class Birth:
    """The town, and what was seen while it came to life."""

    town: Town
    steps: dict[str, Step] = field(default_factory=dict)
    pids_before: dict[str, int] = field(default_factory=dict)
    pids_after: dict[str, int] = field(default_factory=dict)


def bear(town: Town) -> Birth:
    """Start everything in the wrong order, looking at it after each step."""
    stack, birth = town.stack, Birth(town)
    clock = business_time.next_clock(business_time.REAL_TIME, "", stack.plan.clock_speed, datetime.now(UTC))
    business_time.save(stack.root, clock)
    town.launch(sorted(town.instances, key=lambda name: LAST_FIRST.index(name.partition(".")[0])))
    birth.pids_before = _pids(town)
    birth.steps["waiting for the database"] = _waiting(town, "waiting for the database", lines=2)
    town.begin_broker("mongod")
    birth.steps["run ./shiliu migrate"] = _waiting(town, "run ./shiliu migrate", lines=1)
    town.begin_broker("rabbitmq")
    stack.migrate()
    town.all_ready()
    birth.pids_after = _pids(town)
    return birth


def _waiting(town: Town, sentence: str, lines: int) -> Step:
    """Wait until each process has said *lines* times what it waits for, then ask it."""
    step = Step()
    for name in town.instances:
        told = partial(_told, town, name, sentence, lines)
        step.moments[name] = wait_until(told, STEP_SECONDS, f"{name} does not say that it waits: {sentence}")
        step.readiness[name] = town.readiness(name)
        step.alive[name] = town.alive(name)
    return step


def _told(town: Town, name: str, sentence: str, lines: int) -> list[datetime]:
    """When a process said *sentence*, once it has done so as often as *lines*."""
    said = [json.loads(line) for line in town.log(name).splitlines() if line.startswith("{") and line.endswith("}")]
    moments = [datetime.fromisoformat(line["timestamp"]) for line in said if sentence in line.get("sentence", "")]
    return moments if len(moments) >= lines else []


def _pids(town: Town) -> dict[str, int]:
    return {name: record.pid for name in town.instances if (record := town.record(name))}
