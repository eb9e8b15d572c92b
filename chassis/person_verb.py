"""``person find|export|erase``: one service's part of one person's rights; asked by ``./shiliu person``.

Takes one JSON object from standard input, ``{"names": [...], "accounts": [...], "members": [...], "persons": [...],
"by": login, "why": code}`` (ids and logins do not belong on a command line that everybody on the machine can read), and
prints one. Who exported or erased whom and why stays in the service's ``operator_log``.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from chassis import dead
from chassis.arguments import VerbArguments
from chassis.arrival import Arrival
from chassis.errors import StartError
from chassis.gear import OFFLINE_PATIENCE, offline
from chassis.operator_log import OPERATOR_LOG
from chassis.person import PersonRights, Whom, nameless
from chassis.resources import Build, Resources, open_resources
from chassis.settings import Settings

Asked = Mapping[str, Any]


def operate(settings: Settings, service: str, build: Build, arguments: Sequence[str]) -> int:
    """Run one verb on one service; returns the exit code. Raises StartError when a broker that it needs is away."""
    parser = VerbArguments(prog="person", description=__doc__)
    parser.add_argument("verb", choices=("find", "export", "erase"))
    verb = parser.parse_args(arguments).verb
    asked: Asked = json.load(sys.stdin)
    answer = (
        _erase(settings, service, build, asked) if verb == "erase" else _read(settings, service, build, verb, asked)
    )
    json.dump(answer, sys.stdout, ensure_ascii=False)
    return 0


def _read(settings: Settings, service: str, build: Build, verb: str, asked: Asked) -> Mapping[str, Any]:
    """Reading needs the database alone."""
    resources = open_resources(settings, service)
    try:
        Arrival(OFFLINE_PATIENCE).database(resources)
        rights, whom = _of(build(resources).person, service), Whom.of(asked)
        if verb == "find":
            return rights.known(whom, tuple(asked.get("names", ()))).to_json()
        _note(resources, verb, whom, asked)
        return rights.export(whom, str(asked.get("by")))
    finally:
        resources.client.close()


def _erase(settings: Settings, service: str, build: Build, asked: Asked) -> Mapping[str, int]:
    """What ends with the person is told to the others, so the relay has to run."""
    with offline(build, settings, service) as (resources, parts):
        whom = Whom.of(asked)
        _note(resources, "erase", whom, asked)
        done = _of(parts.person, service).erase(whom)
    return {**done, "dead_letters": _forget_dead(settings, service, whom)}


def _forget_dead(settings: Settings, service: str, whom: Whom) -> int:
    """A dead letter given back later would bring the name back."""
    if not whom.members:
        return 0
    try:
        return dead.reword(settings, service, partial(nameless, members=whom.members))
    except dead.LookedAt as error:
        raise StartError(f"有人正在查看 {error} 的死信 / somebody is looking at the dead letters of {error}") from error


def _note(resources: Resources, verb: str, whom: Whom, asked: Asked) -> None:
    row = {"did": f"person.{verb}", "by": asked.get("by"), "why": asked.get("why"), "ids": list(whom.ids)}
    resources.db[OPERATOR_LOG].insert_one({**row, "at": datetime.now(UTC)})


def _of(rights: PersonRights | None, service: str) -> PersonRights:
    if rights is None:
        raise StartError(f"{service} 不保存个人的内容 / {service} holds nothing of anybody")
    return rights
