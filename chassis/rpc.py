"""RPC as services use it: ``@command(PlaceTicket)`` on a method that takes a Call and returns an Outcome.

The consumer behind it is in rpc_server, the caller's side in rpc_client, the protocol in rpc_wire.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from nameko.containers import ServiceContainer
from nameko.extensions import DependencyProvider
from nameko.rpc import Rpc

from chassis.logging import bound
from chassis.rpc_client import RpcClient
from chassis.rpc_server import CommandConsumer, Work
from chassis.rpc_wire import ServiceFault
from chassis.settings import Settings
from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.commands.reads import EventsBetween, EventsPage, History
from contracts.errors import DomainError, NotFound, Refused
from contracts.words import Text

F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["Command", "Container", "EventReads", "RpcClient", "ServiceFault", "command", "container_config"]


def container_config(settings: Settings) -> dict[str, Any]:
    """The configuration of a nameko container for our extensions."""
    return {"settings": settings, "AMQP_URI": settings.amqp_url, "max_workers": settings.rpc_workers}


class Container(ServiceContainer):
    """A container whose workers log with the ids of the call they serve, and start none that comes too late."""

    @property
    def has_room(self) -> bool:
        """Would a worker start at once?"""
        return bool(self._worker_pool.free() > 0)

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        with bound(**worker_ctx.data):
            if not isinstance(handle_result, Work) or handle_result.may_begin():
                super()._run_worker(worker_ctx, handle_result)


class Command(Rpc):
    """The entrypoint of one command."""

    rpc_consumer = CommandConsumer()

    def __init__(self, kind: Any, **options: Any) -> None:
        self.kind = kind
        super().__init__(expected_exceptions=DomainError, **options)

    def setup(self) -> None:
        self.rpc_consumer.register(self, self.kind)

    def stop(self) -> None:
        self.rpc_consumer.quiet()


def command(kind: type[Any]) -> Callable[[F], F]:
    """Serve *kind* (a dataclass of contracts.commands) with the decorated method, under the name ``kind.METHOD``.

    The method takes a ``Call[kind]`` and returns an ``Outcome`` or raises a DomainError, which reaches the caller.
    Anything else it raises is logged here under an id, and the caller gets only that id (ServiceFault).
    """
    decorator: Callable[[F], F] = Command.decorator(kind)
    return decorator


class Events(Protocol):
    """What EventReads asks of the event store."""

    def history(self, thread: str) -> list[dict[str, Any]]:
        """The envelopes of one thread, oldest first."""

    def page(
        self, after: str | None, limit: int, threads: Sequence[str] = ()
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Some envelopes, of these threads if any are named, and where the next page begins."""

    def between(
        self, community_id: str, since: datetime, until: datetime, after: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Some envelopes of a community and a time, and where the next page begins."""


class _StoredEvents(DependencyProvider):
    """Injects the event store of the service's gear."""

    def get_dependency(self, worker_ctx: Any) -> Events:
        stores = (getattr(provider, "event_store", None) for provider in self.container.dependencies)
        events: Events = next(store for store in stores if store is not None)
        return events


class EventReads:
    """The reads of every service with an event store; a service class inherits from it beside having a Gear."""

    stored_events: Any = _StoredEvents()

    @command(History)
    def history(self, call: Call[History]) -> Outcome:
        """Every event of one thread; what belongs to another community does not exist for the actor."""
        events = self.stored_events.history(call.command.thread)
        if any(event["communityid"] != call.meta.actor.community_id for event in events):
            raise NotFound("no-such-thread", Text(zh="没有找到这件事的记录", en="there is no such history"))
        return Outcome({"events": events})

    @command(EventsPage)
    def events_page(self, call: Call[EventsPage]) -> Outcome:
        """The event store by pages, for the platform itself: it holds all communities."""
        _require_platform(call)
        wanted = call.command
        events, after = self.stored_events.page(wanted.after, wanted.limit, wanted.threads)
        return Outcome({"events": events, "next": after})

    @command(EventsBetween)
    def events_between(self, call: Call[EventsBetween]) -> Outcome:
        """What one community was told in a time, for the platform itself."""
        _require_platform(call)
        wanted = call.command
        events, after = self.stored_events.between(
            wanted.community_id, wanted.since, wanted.until, wanted.after, wanted.limit
        )
        return Outcome({"events": events, "next": after})


def _require_platform(call: Call[Any]) -> None:
    if not call.meta.actor.has(frozenset({Role.SYSTEM})):
        raise Refused("platform-only", Text(zh="这项读取只供平台自己使用", en="only the platform itself may read this"))
