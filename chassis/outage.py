"""What is not the fault of what was asked: a database or a broker that is away, or is just going or coming back."""

from collections.abc import Mapping
from typing import Any

import amqp
from pymongo.errors import BulkWriteError, ConfigurationError, ConnectionFailure, OperationFailure
from structlog.typing import FilteringBoundLogger

from chassis.link import LinkLost
from contracts.errors import Busy
from contracts.words import Text

AWAY: tuple[type[Exception], ...] = (
    ConnectionFailure,  # pymongo: AutoReconnect, NetworkTimeout, ServerSelectionTimeoutError, NotPrimaryError, ...
    amqp.ConnectionError,
    LinkLost,
    ConnectionError,
)
TRY_AGAIN = "try-again"
"""The code of the conflict that only says: somebody else was at it, and still was after many tries. A process that is
killed leaves its open transaction, and all that this has written to, locked until the server gives it up."""
PASSING = frozenset({6, 7, 89, 91, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436})
"""MongoDB's codes for a server that shuts down, steps down, or is not the primary yet (SDAM and retryable writes
specifications). A write whose *concern* failed so was done here, and may be lost with the server: it is repeated."""

NO_SESSIONS = "Sessions are not supported"
"""How the driver's error begins when it saw the server between its start and its return to its set: as a server that
knows no transactions. It has no code of its own, and no other way to be told from a setting that is wrong."""


MOST_TOLD = 300
"""Characters of an outage's reason in the log; the driver describes its whole view of the set."""


def is_outage(error: BaseException) -> bool:
    """Will the same work, done again in a while, very likely succeed because only the infrastructure was away?"""
    if isinstance(error, AWAY):
        return True
    if isinstance(error, BulkWriteError):
        return _only_passing(error.details or {})
    if isinstance(error, ConfigurationError):
        return str(error).startswith(NO_SESSIONS)
    return isinstance(error, OperationFailure) and error.code in PASSING


def tell(log: FilteringBoundLogger, event: str, error: BaseException, **more: object) -> None:
    """Log what failed: one line for an outage, which many places notice again and again; else with the traceback."""
    if is_outage(error):
        log.warning(event, reason=f"{type(error).__name__}: {error}"[:MOST_TOLD], **more)
    else:
        log.error(event, exc_info=error, **more)


def come_again() -> Busy:
    """The refusal that tells the caller so."""
    return Busy(
        "database-away",
        Text(zh="系统正在恢复连接,请稍后再试", en="the database cannot be reached: please try again shortly"),
    )


def _only_passing(details: Mapping[str, Any]) -> bool:
    failed = [*details.get("writeErrors", ()), *details.get("writeConcernErrors", ())]
    return bool(failed) and all(one.get("code") in PASSING for one in failed)
