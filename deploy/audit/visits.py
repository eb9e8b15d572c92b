"""Visits: where nobody answered somebody who may be alone, one order looks at once, and both know each other."""

from collections.abc import Iterator

from contracts.visits import LinkKind
from contracts.words import ENDED, TicketStatus
from deploy.audit.databases import Databases
from deploy.audit.findings import Finding, Scope

_DONE = frozenset({*ENDED, TicketStatus.COMPLETED})
_FIELDS = dict.fromkeys(("number", "status", "led_to", "came_of"), 1)


def looked_at_once(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Each order that came of a visit is there once and says of which; no two checks of one order are open."""
    tickets = databases.of("tickets").tickets
    before = list(tickets.find(scope.orders() | {"led_to.0": {"$exists": True}}, _FIELDS))
    after = {doc["_id"]: doc for doc in tickets.find(scope.orders() | {"came_of": {"$type": "object"}}, _FIELDS)}
    listed = {(doc["_id"], link["ticket_id"]) for doc in before for link in doc["led_to"]}
    for doc in after.values():
        if (doc["came_of"]["ticket_id"], doc["_id"]) not in listed:
            yield Finding("link-unknown", doc["number"], f"{doc['came_of']['ticket_id']} does not list it")
    for doc in before:
        for link in doc["led_to"]:
            other = after.get(link["ticket_id"])
            if other is None or other["came_of"]["ticket_id"] != doc["_id"]:
                yield Finding("link-missing", doc["number"], f"no {link['kind']} {link['ticket_id']}")
        checks = [after.get(one["ticket_id"]) for one in doc["led_to"] if one["kind"] == LinkKind.CHECK]
        if sum(one is not None and one["status"] not in _DONE for one in checks) > 1:
            yield Finding("checked-twice", doc["number"], "two orders look at once whether all is well")
