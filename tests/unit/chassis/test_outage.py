"""What counts as an outage: nothing that an event or a request could be blamed for."""

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    DuplicateKeyError,
    OperationFailure,
    WriteConcernError,
    WriteError,
)
from structlog.testing import capture_logs

from chassis.logging import get_logger
from chassis.outage import MOST_TOLD, is_outage, tell

SHUTTING_DOWN = {"code": 91, "codeName": "ShutdownInProgress", "errmsg": "Replication is being shut down"}
DOUBLE = {"code": 11000, "errmsg": "E11000 duplicate key", "index": 0}


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("connection closed"),
        ConnectionRefusedError(),
        WriteConcernError("Replication is being shut down", 91, SHUTTING_DOWN),
        OperationFailure("interrupted at shutdown", 11600),
        BulkWriteError({"writeErrors": [], "writeConcernErrors": [SHUTTING_DOWN]}),
        ConfigurationError("Sessions are not supported by this MongoDB deployment"),
    ],
)
def test_a_server_that_goes_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        DuplicateKeyError("E11000", 11000),
        WriteError("too large", 17419),
        OperationFailure("no such command", 59),
        ConfigurationError("Unknown option"),
        BulkWriteError({"writeErrors": [DOUBLE], "writeConcernErrors": [SHUTTING_DOWN]}),
        BulkWriteError({"writeErrors": [], "writeConcernErrors": []}),
    ],
)
def test_what_would_fail_again_is_none(error: Exception) -> None:
    assert not is_outage(error)


def test_an_outage_is_told_in_one_line_and_anything_else_with_its_traceback() -> None:
    away, fault = AutoReconnect("connection closed " * 100), ValueError("no")
    with capture_logs() as lines:
        for error in (away, fault):
            tell(get_logger("test"), "job.failed", error, job="purge")
    told = {"event": "job.failed", "job": "purge"}
    reason = f"AutoReconnect: {away}"[:MOST_TOLD]
    assert lines == [
        {**told, "log_level": "warning", "reason": reason},
        {**told, "log_level": "error", "exc_info": fault},
    ]
