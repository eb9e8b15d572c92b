"""Clauses about queues: nothing waits in them, and dead is only what was meant to die."""

from collections.abc import Iterator

from contracts.topology import SERVICES
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope


def left_in_queues(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No event waits for its handler or its next try, no request for its service."""
    for service, depths in databases.depths().items():
        waiting = {"inbox": depths.inbox, "retry": depths.retry, "rpc": depths.rpc}
        for name, count in waiting.items():
            if count:
                yield Finding("event-waits" if name != "rpc" else "request-waits", service, f"{count} in {name}")


def dead_letters(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Dead is what was planted to die, all of it, and nothing else."""
    for service in SERVICES:
        dead, planted = databases.dead_letters(service), scope.planted.get(service, frozenset())
        for id_ in sorted(dead.keys() - planted):
            yield Finding("dead-letter", f"{service} {id_}", f"{dead[id_]} in dead, nobody planted it")
        for id_ in sorted(planted - dead.keys()):
            yield Finding("planted-missing", f"{service} {id_}", "was planted, is not among the dead")
