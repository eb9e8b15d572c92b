"""``dead list|show|replay|discard``: the operators' verb on a service's dead queue, the same for every service."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence

from chassis import dead
from chassis.dead import DeadLetter, NotTaken
from chassis.errors import StartError
from chassis.link import BROKER_AWAY
from chassis.settings import Settings

SHORT = 120
"""Characters of an error in a list; ``show`` gives all of it."""


def operate(settings: Settings, service: str, arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit code (1: no such message, or not all could be replayed).

    Raises StartError with a sentence when the broker is away.
    """
    parser = argparse.ArgumentParser(prog="dead", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="what lies there, a JSON line each")
    verbs.add_parser("show", help="one message, whole").add_argument("id")
    replayed = verbs.add_parser("replay", help="give messages back to the inbox")
    replayed.add_argument("ids", nargs="*")
    replayed.add_argument("--all", action="store_true")
    verbs.add_parser("discard", help="throw named messages away").add_argument("ids", nargs="+")
    asked = parser.parse_args(arguments)
    if asked.verb == "replay" and bool(asked.ids) == asked.all:
        parser.error("replay: 写明编号,或用 --all / name ids, or --all")
    try:
        return VERBS[asked.verb](settings, service, asked)
    except BROKER_AWAY as error:
        raise StartError(f"连不上消息队列,请稍后再试 / the broker is away, try again: {error}") from error


def _list(settings: Settings, service: str, _: argparse.Namespace) -> int:
    for letter in dead.list_dead(settings, service):
        _print({**_head(service, letter), "error": letter.error[:SHORT]})
    return 0


def _show(settings: Settings, service: str, asked: argparse.Namespace) -> int:
    letter = dead.show(settings, service, asked.id)
    if letter is None:
        return _say(f"{service} 没有这条消息 / {service} has no such message: {asked.id}", 1)
    body = letter.body.decode("utf-8", errors="backslashreplace")
    _print({**_head(service, letter), "error": letter.error, "body": body})
    return 0


def _replay(settings: Settings, service: str, asked: argparse.Namespace) -> int:
    try:
        count = dead.replay(settings, service, None if asked.all else asked.ids)
    except NotTaken as error:
        return _say(f"消息队列没有收下,原样保留 / the broker did not take it, it stays: {error}", 1)
    return _counted(count, asked.ids)


def _discard(settings: Settings, service: str, asked: argparse.Namespace) -> int:
    return _counted(dead.discard(settings, service, asked.ids), asked.ids)


VERBS: Mapping[str, Callable[[Settings, str, argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "replay": _replay,
    "discard": _discard,
}


def _head(service: str, letter: DeadLetter) -> dict[str, object]:
    return {
        "service": service,
        "id": letter.id,
        "type": letter.type,
        "reason": letter.reason,
        "handler": letter.handler,
        "attempts": letter.attempts,
        "first_failed": letter.first_failed,
        "last_failed": letter.last_failed,
    }


def _counted(count: int, ids: Sequence[str]) -> int:
    _say(f"{count} 条 / {count} messages", 0)
    return 0 if count >= len(set(ids)) else 1


def _print(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
