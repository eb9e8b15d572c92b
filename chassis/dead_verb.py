"""``dead list|show|replay|discard``: the operators' verb on the dead queues of one service, of several, or of all.

Exit codes: 0 done; 1 not all of it could be done (no such message, somebody else is looking, the broker is away);
2 not understood; 130 stopped by the person at the terminal.
"""

import argparse
import getpass
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from pymongo.errors import ConnectionFailure

from chassis import dead, dead_words, mongo
from chassis.arguments import VerbArguments
from chassis.dead import Choice, DeadLetter, Done, LookedAt, NotTaken
from chassis.errors import StartError
from chassis.link import BROKER_AWAY
from chassis.logging import get_logger
from chassis.operator_log import OPERATOR_LOG
from chassis.settings import Settings
from contracts.topology import SERVICES

ALL = "all"
SHOWN = 1_000
STOPPED = 130
"""The collection, in the service's own database, that keeps who threw which message away and why."""

log = get_logger(__name__)


def operate(settings: Settings, service: str, arguments: Sequence[str]) -> int:
    """Run one verb on *service*, or on those that ``--service`` names; returns the exit code.

    Raises StartError with a sentence when the broker is away.
    """
    parser = _parser()
    asked = parser.parse_args(arguments)
    services = _services(parser, asked.service or service)
    if asked.verb == "replay" and bool(asked.ids) == asked.all:
        parser.error("replay: 写明编号,或用 --all / name ids, or --all")
    try:
        return VERBS[asked.verb](settings, services, asked)
    except LookedAt as error:
        return _say(
            f"有人正在查看 {error} 的死信,请稍后再试 / somebody else is looking at the dead letters of {error}", 1
        )
    except NotTaken as error:
        return _say(f"消息队列没有收下,原样保留 / the broker did not take it, it stays: {error}", 1)
    except BROKER_AWAY as error:
        raise StartError(f"连不上消息队列,请稍后再试 / the broker is away, try again: {error}") from error
    except KeyboardInterrupt:
        return _say("已停下;没处理的原样保留,可以再运行 / stopped; the rest stays, run it again to go on", STOPPED)


def _parser() -> VerbArguments:
    common = VerbArguments(add_help=False)
    common.add_argument("--service", help=f"服务 / which service: {', '.join(SERVICES)}, {ALL}")
    common.add_argument("--json", action="store_true", help="一行一个 JSON / one JSON object a line")
    narrowed = VerbArguments(add_help=False)
    narrowed.add_argument("--reason", help="只限这个原因 / only those with this reason")
    narrowed.add_argument("--type", help="只限这种事件 / only events of this type")
    parser = VerbArguments(prog="dead", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    listed = verbs.add_parser("list", parents=[common, narrowed], help="有哪些死信 / what lies there, oldest first")
    listed.add_argument("--limit", type=int, default=SHOWN, help="每个服务最多几条 / at most so many of each service")
    verbs.add_parser("show", parents=[common], help="一条的全部 / one message, whole").add_argument("id")
    replayed = verbs.add_parser("replay", parents=[common, narrowed], help="重新处理 / give back to the inbox")
    replayed.add_argument("ids", nargs="*")
    replayed.add_argument("--all", action="store_true")
    discarded = verbs.add_parser("discard", parents=[common], help="丢弃 / throw named messages away")
    discarded.add_argument("ids", nargs="+")
    discarded.add_argument("--why", required=True, help="为什么;不要写人名 / why; name nobody")
    return parser


def _services(parser: VerbArguments, named: str) -> Sequence[str]:
    if named == ALL:
        return SERVICES
    if named not in SERVICES:
        parser.error(f"没有 {named} 这个服务 / there is no service {named}: {', '.join(SERVICES)}")
    return (named,)


def _list(settings: Settings, services: Sequence[str], asked: argparse.Namespace) -> int:
    choice = Choice(reason=asked.reason, type=asked.type)
    counts = []
    for service in services:
        letters, count = dead.oldest(settings, service, choice, asked.limit)
        counts.append((service, len(letters), count))
        _print(letters, asked)
    return _say(dead_words.counted(counts), 0)


def _show(settings: Settings, services: Sequence[str], asked: argparse.Namespace) -> int:
    found = _found(settings, services, [asked.id])
    _print(found, asked, whole=True)
    return 0 if found else _unknown([asked.id], services)


def _replay(settings: Settings, services: Sequence[str], asked: argparse.Namespace) -> int:
    choice = Choice(ids=None if asked.all else frozenset(asked.ids), reason=asked.reason, type=asked.type)
    replayed: set[str] = set()
    for service in services:
        done = dead.replay(settings, service, choice, partial(_progress, service))
        replayed |= done.ids
    return _told(len(replayed), set(asked.ids) - replayed, services)


def _discard(settings: Settings, services: Sequence[str], asked: argparse.Namespace) -> int:
    if not asked.why.strip():
        return _say("请用 --why 写明原因 / say why with --why", 2)
    found = _found(settings, services, asked.ids)
    places = {letter.id: {one.service for one in found if one.id == letter.id} for letter in found}
    for id, several in places.items():
        if len(several) > 1:
            named = ", ".join(sorted(several))
            return _say(f"{id} 在多个服务里,请用 --service 写明 / is dead in {named}: say which with --service", 2)
    discarded: set[str] = set()
    for service in sorted({letter.service for letter in found}):
        with _recording(settings, service, asked.why.strip()) as note:
            discarded |= dead.discard(settings, service, Choice(ids=frozenset(asked.ids)), note).ids
    return _told(len(discarded), set(asked.ids) - discarded, services)


VERBS: Mapping[str, Callable[[Settings, Sequence[str], argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "replay": _replay,
    "discard": _discard,
}


def _found(settings: Settings, services: Sequence[str], ids: Sequence[str]) -> list[DeadLetter]:
    choice = Choice(ids=frozenset(ids))
    return [letter for service in services for letter in dead.list_dead(settings, service, choice)]


@contextmanager
def _recording(settings: Settings, service: str, why: str) -> Iterator[Callable[[DeadLetter], None]]:
    """Keeps who did it, why, and which event it was; nothing of what is in it."""
    by = getpass.getuser()
    client = mongo.connect(settings)
    records = mongo.database(client, settings, service)[OPERATOR_LOG]

    def note(letter: DeadLetter) -> None:
        what = {"event_id": letter.id, "type": letter.type, "reason": letter.reason, "handler": letter.handler}
        records.insert_one({"did": "dead.discard", "by": by, "why": why, **what, "at": dead_words.now()})
        log.warning("dead.discarded", service=service, by=by, why=why, **what)

    try:
        yield note
    except ConnectionFailure as error:
        raise StartError(f"连不上数据库,没有丢弃 / the database is away, nothing was discarded: {error}") from error
    finally:
        client.close()


def _print(letters: Sequence[DeadLetter], asked: argparse.Namespace, *, whole: bool = False) -> None:
    now = dead_words.now()
    write = dead_words.as_json if asked.json else dead_words.as_text
    sys.stdout.writelines(write(letter, now, whole=whole) + "\n" for letter in letters)


def _progress(service: str, done: Done) -> None:
    _say(f"{service}: 已放回 {done.through} 条 / {done.through} given back", 0)


def _told(count: int, missing: set[str], services: Sequence[str]) -> int:
    _say(f"{count} 条 / {count} messages", 0)
    return _unknown(sorted(missing), services) if missing else 0


def _unknown(ids: Sequence[str], services: Sequence[str]) -> int:
    where = ", ".join(services)
    return _say(f"没有这条死信 / no such dead letter in {where}: {', '.join(ids)}", 1)


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
