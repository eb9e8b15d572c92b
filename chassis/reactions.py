"""What a service does with events: which of its handlers get which, in which order, and who failed.

A topology row is (event, service, handler). All handlers of an event run, in listed order; a handler gets many events
at once, and when that fails, each alone, so that one bad event does not drag its neighbours along.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from chassis import metrics
from chassis.logging import get_logger
from chassis.outage import TRY_AGAIN, is_outage
from contracts.errors import Busy, Conflict
from contracts.events import AnyReceived
from contracts.schemas.wire import UnknownEvent, read_event
from contracts.topology import TOPOLOGY, Row

log = get_logger(__name__)

Handler = Callable[[Sequence[AnyReceived]], None]
"""Takes events of one subject in their order; stores every effect, keyed by the event, before it returns."""

NOBODY = "-"
"""In the place of a handler's name."""


class Undecodable(Exception):
    """A body that is no event this service can read. ``reason`` is its code in the dead queue."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Unheard(Undecodable):
    """An event that this version has no ears for; during an update one of the next version may stand beside us."""


@dataclass(frozen=True)
class Failure:
    """The first handler that failed for an event, and how; ``reason`` is its code should it end in the dead queue."""

    handler: str
    error: Exception
    reason: str = "handler-failed"


def is_no_fault_of_an_event(error: BaseException) -> bool:
    """Does the inbox wait, instead of counting a try: something is away, too many events are not out yet, or others
    hold what has to be written?"""
    held = isinstance(error, Conflict) and error.code == TRY_AGAIN
    return held or isinstance(error, Busy) or is_outage(error)


def unheard(error: Unheard) -> Failure:
    """It climbs the ladder as if a handler had failed: there is time for the version that hears it to take it."""
    return Failure(NOBODY, error, error.reason)


def decode(body: bytes | str) -> AnyReceived:
    """Read a delivered body; raises Undecodable, or Unheard where another version may know more."""
    try:
        return read_event(json.loads(body))
    except UnknownEvent as error:
        raise Unheard("unknown-type", str(error)) from error
    except ValidationError as error:
        raise Undecodable("schema", str(error.messages)) from error
    except Exception as error:
        # Only the body can be at fault here; an error let through would be taken for an outage and waited out for ever.
        raise Undecodable("undecodable", f"{type(error).__name__}: {error}") from error


class Reactions:
    """The handlers of one service, as the topology lists them."""

    def __init__(self, service: str, handlers: Mapping[str, Handler], rows: Sequence[Row] = TOPOLOGY) -> None:
        """Raises ValueError when *handlers* are not exactly those the topology names for *service*."""
        own = [row for row in rows if row.service == service]
        names = tuple(dict.fromkeys(row.handler for row in own))
        if set(names) != set(handlers):
            raise ValueError(f"{service} has handlers {sorted(handlers)}, its topology rows name {sorted(names)}")
        self._by_event: dict[str, tuple[str, ...]] = {}
        for row in own:
            self._by_event[row.event] = (*self._by_event.get(row.event, ()), row.handler)
        for event, listed in self._by_event.items():
            if list(listed) != sorted(listed, key=names.index):
                raise ValueError(f"the rows of {service} list the handlers of {event} in another order than elsewhere")
        self._handlers = {name: handlers[name] for name in names}

    def react(self, batch: Mapping[int, AnyReceived]) -> dict[int, Failure]:
        """Run every handler on the events that are its own; *batch* is in order of arrival, keyed by the caller.

        Returns the failures by the caller's key; raises the error of an outage, since nothing can be said yet.
        """
        failures = {key: failure for key, event in batch.items() if (failure := self._unheard(event))}
        for name, handler in self._handlers.items():
            own = {key: event for key, event in batch.items() if self._concerns(name, event)}
            if own:
                for key, error in self._run(name, handler, own).items():
                    failures.setdefault(key, Failure(name, error))
        return failures

    def _unheard(self, event: AnyReceived) -> Failure | None:
        """A row of another version bound our queue: that version's processes take from it too, so it may get there."""
        if event.envelope.type in self._by_event:
            return None
        return unheard(Unheard("no-row", f"no handler of this version hears {event.envelope.type}"))

    def _concerns(self, handler: str, event: AnyReceived) -> bool:
        return handler in self._by_event.get(event.envelope.type, ())

    def _run(self, name: str, handler: Handler, own: Mapping[int, AnyReceived]) -> dict[int, Exception]:
        error = _attempt(handler, list(own.values()))
        if error is None:
            metrics.INBOX_HANDLED.labels(name).inc(len(own))
            return {}
        if len(own) == 1:
            return {key: _note(name, event, error) for key, event in own.items()}
        errors: dict[int, Exception] = {}
        for key, event in own.items():
            errors |= self._run(name, handler, {key: event})
        return errors


def _attempt(handler: Handler, events: Sequence[AnyReceived]) -> Exception | None:
    try:
        handler(events)
    except Exception as error:  # whatever a handler raises is kept with its event
        if is_no_fault_of_an_event(error):
            raise
        return error
    return None


def _note(name: str, event: AnyReceived, error: Exception) -> Exception:
    metrics.INBOX_FAILED.labels(name).inc()
    envelope: Any = event.envelope
    log.warning("inbox.handler_failed", handler=name, event_id=envelope.id, type=envelope.type, exc_info=error)
    return error
