"""``person find|export|erase``: one service's part of one person's rights; asked by ``./shiliu person``.

Takes one JSON object from standard input, ``{"names": [...], "accounts": [...], "members": [...], "persons": [...]}``
(ids and logins do not belong on a command line that everybody on the machine can read), and prints one.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from chassis.arrival import Arrival
from chassis.errors import StartError
from chassis.gear import OFFLINE_PATIENCE, offline
from chassis.person import PersonRights, Whom
from chassis.resources import Build, open_resources
from chassis.settings import Settings

VERBS = ("find", "export", "erase")


def operate(settings: Settings, service: str, build: Build, arguments: Sequence[str]) -> int:
    """Run one verb on one service; returns the exit code. Raises StartError when a broker that it needs is away."""
    parser = argparse.ArgumentParser(prog="person", description=__doc__)
    parser.add_argument("verb", choices=VERBS)
    verb = parser.parse_args(arguments).verb
    asked: Mapping[str, Any] = json.load(sys.stdin)
    whom, names = Whom.of(asked), tuple(asked.get("names", ()))
    answer = (
        _erase(settings, service, build, whom)
        if verb == "erase"
        else _read(settings, service, build, verb, whom, names)
    )
    json.dump(answer, sys.stdout, ensure_ascii=False)
    return 0


def _read(
    settings: Settings, service: str, build: Build, verb: str, whom: Whom, names: Sequence[str]
) -> Mapping[str, Any]:
    """Reading needs the database alone."""
    resources = open_resources(settings, service)
    try:
        Arrival(OFFLINE_PATIENCE).database(resources)
        rights = _of(build(resources).person, service)
        return rights.known(whom, names).to_json() if verb == "find" else rights.export(whom)
    finally:
        resources.client.close()


def _erase(settings: Settings, service: str, build: Build, whom: Whom) -> Mapping[str, int]:
    """What ends with the person is told to the others, so the relay has to run."""
    with offline(build, settings, service) as (_, parts):
        return _of(parts.person, service).erase(whom)


def _of(rights: PersonRights | None, service: str) -> PersonRights:
    if rights is None:
        raise StartError(f"{service} 不保存个人的内容 / {service} holds nothing of anybody")
    return rights
