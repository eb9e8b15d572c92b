"""Every command there is, also those without a route, straight to its service with marks in all its texts."""

import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from chassis.ids import body_hash, derived_id, new_id
from chassis.rpc_client import RpcClient, ServiceFault
from chassis.settings import Settings
from contracts import commands
from contracts.actor import Actor, Grant, Role
from contracts.commands import Meta
from contracts.errors import DomainError
from deploy.demo.play import COMMUNITY
from tests.system.canary.marks import Marks

STORES = ("tickets", "volunteers")
"""Services that answer the reads of event stores."""


def every_command() -> list[type[Any]]:
    """Found by looking through the modules."""
    modules = [import_module(f"{commands.__name__}.{one.name}") for one in pkgutil.iter_modules(commands.__path__)]
    kinds = {kind for module in modules for kind in vars(module).values() if is_dataclass(kind)}
    found = [kind for kind in kinds if hasattr(kind, "METHOD")]
    return sorted(found, key=lambda kind: str(kind.__name__))  # type: ignore[arg-type]


def call_everything(settings: Settings, marks: Marks) -> list[str]:
    """Each once, as an administrator; what is refused is refused. Returns what failed inside a service."""
    client = RpcClient(settings, "canary")
    client.start()
    faults = []
    try:
        for kind in every_command():
            for service in _who_serves(kind):
                try:
                    client.call(_filled(kind, marks, f"command {kind.__name__}"), _meta(), service)
                except ServiceFault as fault:
                    faults.append(f"{kind.__name__}: {fault}")
                except DomainError:
                    continue
    finally:
        client.stop()
    return faults


def _who_serves(kind: type[Any]) -> list[str]:
    """A command that nobody serves takes no marks."""
    asked = [kind.SERVICE] if hasattr(kind, "SERVICE") else STORES
    rooms = {name: "gateway" if name == "gateway" else f"services.{name}" for name in asked}
    services = {name: import_module(f"{room}.service").SERVICE for name, room in rooms.items()}
    return [name for name, service in services.items() if hasattr(service, kind.METHOD)]


def _meta() -> Meta:
    id = new_id()
    actor = Actor(account_id="a-canary", community_id=COMMUNITY, grants=(Grant(Role.ADMIN),))
    return Meta(
        actor=actor, command_id=id, body_hash=body_hash(b""), created_id=derived_id(id), correlation_id=new_id()
    )


def _filled(kind: type[Any], marks: Marks, place: str) -> Any:
    hints = get_type_hints(kind)
    return kind(**{one.name: _value(hints[one.name], marks, f"{place} {one.name}") for one in fields(kind)})


def _value(hint: Any, marks: Marks, place: str) -> Any:
    origin, inner = get_origin(hint), list(_inner(hint))
    if origin in (Union, UnionType):
        return _value(next(one for one in inner if one is not NoneType), marks, place)
    if origin is tuple:
        return (_value(inner[0], marks, place),)
    if origin is not None:
        return {}
    if hint is str:
        return marks.word(place, "a-canary")
    return _plain(hint, marks, place)


def _plain(hint: Any, marks: Marks, place: str) -> Any:
    if is_dataclass(hint):
        return _filled(hint, marks, place)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return {bool: True, int: 1, float: 1.0, datetime: datetime(2026, 11, 23, tzinfo=UTC)}.get(hint)


def _inner(hint: Any) -> Iterator[Any]:
    yield from get_args(hint)
