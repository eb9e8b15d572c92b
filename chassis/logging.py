"""Structured logs: one line of JSON per event (or text for a person), with the correlation id that is bound.

Nobody's words, name, phone or address belong in a log. Who writes a line leaves them out; as a safety net, values
under the names that carry them are dropped here, however deep they sit.
"""

import logging
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, merge_contextvars
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from chassis.settings import Settings

PRIVATE = frozenset(
    {
        "access_token",
        "address",
        "authorization",
        "beneficiary",
        "body",
        "description",
        "display_name",
        "door_word",
        "email",
        "form_of_address",
        "latitude",
        "longitude",
        "master_key",
        "note",
        "notes",
        "openid",
        "password",
        "person_name",
        "phone",
        "point",
        "secret",
        "text",
        "token",
        "token_key",
        "url",
    }
)
"""Names under which something private or secret may travel."""

DROPPED = "(private)"
_DEPTH = 6
_QUIET = {"amqp": logging.WARNING, "kombu": logging.WARNING, "nameko": logging.WARNING, "pymongo": logging.WARNING}


def configure(settings: Settings, service: str, stream: TextIO | None = None) -> None:
    """Send all logs of the process, the libraries' too, to *stream* (stderr), each line naming *service*."""
    shared: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _Origin(service, settings.instance),
        structlog.processors.format_exc_info,
        drop_private,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(_level(settings)),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_level(settings))
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(max(level, _level(settings)))
    nameko_workers = logging.getLogger("nameko.containers")
    nameko_workers.filters[:] = [_not_a_handlers_error]


def get_logger(name: str) -> FilteringBoundLogger:
    """The logger of a module; events are short names, what varies goes into keyword arguments."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


def bind(**values: Any) -> None:
    """Put *values* into every line that this greenlet logs from here on."""
    bind_contextvars(**values)


def unbind_all() -> None:
    """Forget all that is bound in this greenlet; for one that serves one request after another."""
    clear_contextvars()


@contextmanager
def bound(**values: Any) -> Iterator[None]:
    """Put *values* into every line that this greenlet logs within the block."""
    with bound_contextvars(**values):
        yield


def drop_private(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """The safety net: replace what stands under a private name, at any depth."""
    return {name: _without_private(name, value, _DEPTH) for name, value in event.items()}


def _without_private(name: object, value: Any, depth: int) -> Any:
    if isinstance(name, str) and name.lower() in PRIVATE:
        return DROPPED
    if isinstance(value, Mapping):
        return {key: _without_private(key, item, depth - 1) for key, item in value.items()} if depth else DROPPED
    if isinstance(value, list | tuple):
        return [_without_private(None, item, depth - 1) for item in value] if depth else DROPPED
    return value


class _Origin:
    """Says in each line which process wrote it."""

    def __init__(self, service: str, instance: str) -> None:
        self._origin = {"service": service, "instance": instance}

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {**self._origin, **event}


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "text":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)


def _level(settings: Settings) -> int:
    level: int = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    return level


def _not_a_handlers_error(record: logging.LogRecord) -> bool:
    """The framework logs every error and refusal of a command with its text; chassis.rpc logs them without."""
    return "error handling worker" not in str(record.msg)
