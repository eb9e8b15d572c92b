"""What a stack keeps in its folder besides data: its ports, its keys, its lock."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.stack.failure import StackError
from deploy.stack.ports import free_ports

KEY_BYTES = 32


def read_json(path: Path) -> dict[str, Any]:
    """The object in *path*, empty where there is none; StackError when it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise StackError(
            f"读不了 {path}({problem}):请改好它,或移走它后重来",
            f"{path} cannot be read ({problem}): mend it, or move it away and try again",
        ) from problem
    if not isinstance(found, dict):
        raise StackError(f"{path} 的内容不对:请移走它后重来", f"{path} holds no object: move it away and try again")
    return found


def write_json(path: Path, content: Mapping[str, Any], mode: int = 0o644) -> None:
    """Replace *path* as a whole, so that whoever reads sees the old content or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    beside.replace(path)


def keys(root: Path) -> dict[str, str]:
    """The stack's own keys, made at its first start: `master_key` (32 bytes in base64) and `token_key`.

    Only their owner may read the file. Losing it makes unreadable what people typed.
    """
    return _kept(
        root,
        {
            "master_key": lambda: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
            "token_key": lambda: secrets.token_urlsafe(KEY_BYTES),
        },
    )


def retired_masters(root: Path) -> tuple[str, ...]:
    """Master keys that may still unwrap: the list `master_keys_retired` that an operator put beside the keys."""
    return tuple(str(key) for key in read_json(root / "secrets.json").get("master_keys_retired", ()))


def broker_password(root: Path) -> str:
    """The password of the stack's own message broker, made at its first start and kept beside the keys."""
    return _kept(root, {"broker_password": lambda: secrets.token_urlsafe(KEY_BYTES)})["broker_password"]


def _kept(root: Path, wanted: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    path = root / "secrets.json"
    found = read_json(path)
    missing = {name: make() for name, make in wanted.items() if name not in found}
    if missing:
        found |= missing
        write_json(path, found, mode=0o600)
    return {name: str(found[name]) for name in wanted}


def settle_ports(
    root: Path,
    defaults: Mapping[str, int],
    asked: Mapping[str, int],
    *,
    any_free: bool = False,
    in_use: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """Every port of *defaults* by name: as asked for, else as last time, else the default (or any free one).

    What is settled is kept: the replica set answers to the address it was born with. StackError where another is
    asked for while the stack runs (*in_use*): what is kept would be where nothing listens.
    """
    path = root / "ports.json"
    saved = {name: int(port) for name, port in read_json(path).items()}
    moved = [f"{name}={saved[name]}" for name, port in asked.items() if saved.get(name, port) != port]
    if moved and in_use():
        raise StackError(
            f"平台正在运行,端口是 {', '.join(moved)}:请先 ./shiliu down 再换端口",
            f"the stack runs with {', '.join(moved)}: ./shiliu down first, then choose another port",
        )
    unsettled = [name for name in defaults if name not in asked and name not in saved]
    chosen = dict(zip(unsettled, free_ports(len(unsettled)), strict=True)) if any_free else {}
    settled = {**defaults, **chosen, **saved, **asked}
    if settled != saved:
        write_json(path, settled)
    return settled


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder's lock while the stack is started or stopped; StackError when someone else does."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(
                f"另一个命令正在启动或停止 {root} 里的平台:请等它结束再试",
                f"another command is starting or stopping the stack in {root}: wait for it and try again",
            ) from None
        yield
