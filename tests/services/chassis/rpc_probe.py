"""A small service to call, in a real container on the real broker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import uuid4

import eventlet
import structlog
from pymongo.errors import AutoReconnect

from chassis import bus
from chassis.rpc import Command, Container, command, container_config
from chassis.rpc_wire import request_queue
from chassis.settings import Settings
from contracts.actor import system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.errors import Conflict
from contracts.words import Text
from tests.waiting import wait_until

SECRET = "张阿姨的电话 13800001111"


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What the probe is asked: *text* chooses what it does."""

    SERVICE: ClassVar[str] = "probe"
    METHOD: ClassVar[str] = "ask"
    text: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Unserved:
    """A command that no service has."""

    SERVICE: ClassVar[str] = "probe"
    METHOD: ClassVar[str] = "unserved"


class Probe:
    """Base of the service classes; each test has its own name, hence its own queue."""

    name: str
    log: list[str]

    @command(Ask)
    def ask(self, call: Call[Ask]) -> Outcome:
        """Do as the text says."""
        self.log.append(f"began {call.command.text}")
        if call.command.seconds:
            eventlet.sleep(call.command.seconds)
        self.log.append(f"ended {call.command.text}")
        return self.answer(call)

    def answer(self, call: Call[Ask]) -> Outcome:
        """One kind of end for each text."""
        text = call.command.text
        if text == "refuse":
            raise Conflict("seat-taken", Text(zh="名额已满", en="the seat is taken"), "seat")
        if text == "break":
            raise ValueError(SECRET)
        if text == "away":
            raise AutoReconnect(SECRET)
        if text == "unspeakable":
            return Outcome({"it": object()})
        if text == "bound":
            return Outcome(dict(structlog.contextvars.get_contextvars()))
        return Outcome({"echo": text})


def probe_class(**attributes: Any) -> type[Probe]:
    """A service class with a name of its own."""
    return type("OneProbe", (Probe,), {"name": f"probe-{uuid4().hex[:8]}", "log": [], **attributes})


def meta(**changes: Any) -> Meta:
    """Who asks in these tests."""
    plain = Meta(actor=system_actor("c1"), command_id=uuid4().hex, correlation_id="corr-1")
    return replace(plain, **changes)


@contextmanager
def serving(settings: Settings, service: type[Any]) -> Iterator[Container]:
    """The service in a container, taking requests."""
    container = Container(service, container_config(settings))
    container.start()
    wait_until(lambda: consumer_of(container).connected)
    try:
        yield container
    finally:
        container.stop()
        delete_queue(settings, service.name)


def consumer_of(container: Container) -> Any:
    """The consumer of the container's requests."""
    return next(entrypoint for entrypoint in container.entrypoints if isinstance(entrypoint, Command)).rpc_consumer


@contextmanager
def channel_of(settings: Settings) -> Iterator[Any]:
    """A plain channel, to look behind the scenes."""
    with bus.connected(settings, "test") as connection:
        yield connection.channel()


def delete_queue(settings: Settings, service: str) -> None:
    """Leave nothing behind."""
    with channel_of(settings) as channel:
        channel.queue_delete(request_queue(service))


def waiting_requests(settings: Settings, service: str) -> int:
    """Messages that lie ready in the service's queue; none are with a consumer when it has none."""
    with channel_of(settings) as channel:
        return int(channel.queue_declare(request_queue(service), passive=True).message_count)
