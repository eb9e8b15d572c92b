"""``keys status|rewrap|reencrypt [--new-keys] [--json]``: the keys of one service's vault.

``rewrap`` wraps every person's key by the current master key; ``reencrypt`` seals anew what an older format or
another person's key sealed, and with ``--new-keys`` everything; one process at a time, under a lease. Exit codes:
0 done, or sound; 1 not; 130 stopped.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pymongo.errors import PyMongoError

from chassis.arguments import VerbArguments
from chassis.arrival import Arrival
from chassis.errors import VaultError
from chassis.lease import Turn
from chassis.resources import Build, Resources, open_resources
from chassis.rotation import Rotation, Status
from chassis.settings import Settings

PATIENCE = 30.0
STOPPED = 130
LEASE, LEASE_SECONDS = "keys.reencrypt", 60.0
"""Longer than any pause of a rotation. One that was killed holds it for so long."""
LOOK_EVERY = 0.5


def operate(settings: Settings, service: str, build: Build, arguments: Sequence[str]) -> int:
    """Run the verb on one service; returns the exit code. Raises StartError when the database does not come."""
    parser = VerbArguments(prog="keys", description=__doc__)
    parser.add_argument("verb", choices=("status", "rewrap", "reencrypt"))
    parser.add_argument("--new-keys", action="store_true", help="reencrypt: 每人换一把新密钥 / a new key for everybody")
    parser.add_argument("--json", action="store_true", help="一行一个 JSON / one JSON object a line")
    asked = parser.parse_args(arguments)
    if asked.new_keys and asked.verb != "reencrypt":
        parser.error("--new-keys 只用于 reencrypt / goes with reencrypt only")
    resources = open_resources(settings, service)
    try:
        Arrival(PATIENCE).database(resources)
        sealed = build(resources).sealed
        if not sealed:
            return 0
        say = partial(_progress, service, as_json=asked.json)
        turn = resources.leases.turn(LEASE, LEASE_SECONDS)
        rotation = Rotation(
            resources.db,
            resources.vault,
            sealed,
            partial(_now, resources),
            say,
            holds=lambda: turn.take() is not None,
        )
        return _do(asked, service, rotation, resources, turn)
    except VaultError as error:
        return _say(f"{service}: {error}", 1)
    except PyMongoError as error:
        return _say(f"数据库出错,可以再运行 / the database failed, run it again to go on: {error}", 1)
    except KeyboardInterrupt:
        return _say("已停下,再运行会接着做 / stopped, run it again to go on", STOPPED)
    finally:
        resources.client.close()


def _do(asked: argparse.Namespace, service: str, rotation: Rotation, resources: Resources, turn: Turn) -> int:
    if asked.verb == "rewrap":
        _tell(
            asked,
            service,
            {"rewrapped": rotation.rewrap()},
            "换好主密钥 {rewrapped} 把 / {rewrapped} keys wrapped anew",
        )
    elif asked.verb == "reencrypt":
        with _alone(service, turn):
            resources.vault.destroy_again()
            done = asdict(rotation.reencrypt(new_keys=asked.new_keys))
        words = (
            "看过 {seen} 份,重新加密 {sealed} 处,已注销 {mute} 处 / {seen} documents, {sealed} sealed anew, {mute} mute"
        )
        _tell(asked, service, done, words)
    status = rotation.status()
    if asked.json:
        sys.stdout.write(json.dumps({"service": service, **asdict(status)}, ensure_ascii=False, default=_plain) + "\n")
    else:
        sys.stdout.write(f"{service}: {_as_text(status)}\n")
    return 0 if status.is_sound else 1


@contextmanager
def _alone(service: str, turn: Turn) -> Iterator[None]:
    """Until no other process seals anew; raises VaultError where one that lives goes on with it."""
    end, told = time.monotonic() + LEASE_SECONDS + LOOK_EVERY, False
    while turn.take() is None:
        if time.monotonic() > end:
            raise VaultError("另一个进程正在重新加密,请等它做完 / another process seals anew right now: let it end")
        if not told:
            _say(f"{service}: 等另一个进程结束 / waiting for another process to end", 0)
        told = True
        turn.give_back()
        time.sleep(LOOK_EVERY)
    try:
        yield
    finally:
        turn.give_back()


def _as_text(status: Status) -> str:
    others = sum(count for name, count in status.by_master.items() if name != status.master)
    told = [
        f"主密钥 master {status.master}",
        f"密钥 keys {sum(status.by_master.values())}",
        f"其中由旧主密钥包裹 by other masters {others}",
        f"打不开 unknown masters {status.unknown}",
        f"换下待销毁 retired {status.retired_keys}",
        f"已注销 erased {status.erased}",
    ]
    if status.erased_with_keys:
        told.append(f"已注销却还有密钥 erased but with a key: {status.erased_with_keys} (./shiliu keys reencrypt)")
    if status.run is not None:
        state = "完成 done" if status.run["done"] else "没有做完,请再运行 unfinished, run it again"
        told.append(f"最近一次重新加密 last re-encryption {_plain(status.run['began'])}: {state}")
    return "; ".join(told)


def _tell(asked: argparse.Namespace, service: str, done: dict[str, Any], words: str) -> None:
    line = json.dumps({"service": service, "did": asked.verb, **done}) if asked.json else words.format(**done)
    sys.stdout.write(line + "\n" if asked.json else f"{service}: {line}\n")


def _progress(service: str, collection: str, done: int, total: int, *, as_json: bool) -> None:
    if not as_json:
        sys.stdout.write(f"{service}.{collection} {done}/{total}\n")
        sys.stdout.flush()


def _now(resources: Resources) -> datetime:
    return datetime.fromtimestamp(resources.real.now(), UTC)


def _plain(value: object) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _say(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code
