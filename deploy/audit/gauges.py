"""What the servers count by themselves: writes of the database, memory of the processes."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import psutil
from pymongo import MongoClient

MB = 1024 * 1024


def write_counts(client: MongoClient[dict[str, Any]]) -> dict[str, int]:
    """Documents inserted, updated and deleted since the server's start, and the operations that did it."""
    status = client.admin.command("serverStatus")
    documents, operations = status["metrics"]["document"], status["opcounters"]
    return {
        "documents_inserted": int(documents["inserted"]),
        "documents_updated": int(documents["updated"]),
        "documents_deleted": int(documents["deleted"]),
        "commands_insert": int(operations["insert"]),
        "commands_update": int(operations["update"]),
    }


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """What was counted between two readings; a server that was started anew counts from zero."""
    return {name: after[name] - (before[name] if after[name] >= before[name] else 0) for name in after}


def memory_mb(pids: Mapping[str, int]) -> dict[str, float]:
    """Resident memory of each process with its children, in MB; those that are gone are left out."""
    return _measured(pids, lambda process: process.memory_info().rss / MB)


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    """Processor time that each process with its children has used since its start."""
    return _measured(pids, lambda process: sum(process.cpu_times()[:2]))


def _measured(pids: Mapping[str, int], measure: Callable[[psutil.Process], float]) -> dict[str, float]:
    found = {}
    for name, pid in pids.items():
        try:
            process = psutil.Process(pid)
            family = [process, *process.children(recursive=True)] if pid != os.getpid() else [process]
            found[name] = round(sum(measure(one) for one in family), 1)
        except psutil.Error:
            continue
    return found
