"""Clauses about notifications: everyone who is due to hear hears once, nobody else does, and none is left lying."""

from collections.abc import Iterator
from datetime import timedelta

from deploy.audit.databases import Databases, Document, id_from
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger
from deploy.audit.notices import Key, Notice

_KEY = ("event_id", "rule", "recipient", "channel")
_CARRIED = Notice._fields
RULE = "messages"
"""The name under which notify notes how long it keeps them."""
_UNDER_WAY = ("queued", "sending", "failed_temporary")


def told_twice(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nobody got two messages for one event by one rule on one channel."""
    key = {name: f"${name}" for name in _KEY}
    twice: list[Document] = [
        {"$match": scope.community()},
        {"$group": {"_id": key, "count": {"$sum": 1}}},
        {"$match": {"count": {"$gt": 1}}},
    ]
    for group in databases.of("notify").messages.aggregate(twice, allowDiskUse=True):
        about = f"{group['_id']['rule']} {group['_id']['event_id']}"
        yield Finding("told-twice", about, f"{group['count']} messages to {group['_id']['recipient']}")


def not_told(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every message that an event makes due is there, about what happened. One that was suppressed counts as there."""
    stored, forgotten = _stored(databases, scope), _forgotten_before(databases)
    for key, notice in ledger(databases, scope).notices.due.items():
        event_id, rule, recipient, channel = key
        found = stored.get(key)
        if found is None and event_id < forgotten:
            continue
        about = f"{rule} {event_id}"
        if found is None:
            yield Finding("not-told", about, f"no message to {recipient} by {channel}, order {notice.number}")
        elif found != notice:
            pairs = zip(_CARRIED, found, notice, strict=True)
            unlike = [f"{name} is {seen}, due {due}" for name, seen, due in pairs if seen != due]
            yield Finding("told-otherwise", about, "; ".join(unlike))


def told_for_nothing(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nobody got a message that no stored event makes due by any rule."""
    due = ledger(databases, scope).notices.due
    for key, notice in _stored(databases, scope).items():
        if key not in due:
            event_id, rule, recipient, channel = key
            seen = f"a message to {recipient} by {channel}, order {notice.number}: nobody was due"
            yield Finding("told-for-nothing", f"{rule} {event_id}", seen)


def not_delivered(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No message waits to be sent or could not be; one that was suppressed says why."""
    wrong = [
        {"status": {"$in": [*_UNDER_WAY, "failed_permanent"]}},
        {"status": "suppressed", "reason": None},
        {"next_try_at": {"$exists": True}},
    ]
    fields = dict.fromkeys((*_KEY, "status", "reason", "tries"), 1)
    for message in databases.of("notify").messages.find(scope.community() | {"$or": wrong}, fields):
        seen = f"{message['status']} after {message.get('tries', 0)} tries: {message.get('reason')}"
        yield Finding("not-delivered", f"{message['rule']} {message['event_id']}", seen)


def _stored(databases: Databases, scope: Scope) -> dict[Key, Notice]:
    def read() -> dict[Key, Notice]:
        fields = dict.fromkeys((*_KEY, *_CARRIED), 1)
        found = {}
        for message in databases.of("notify").messages.find(scope.community(), fields):
            key = message["event_id"], message["rule"], message["recipient"], message["channel"]
            carried = {name: message.get(name) for name in _CARRIED}
            found[key] = Notice(**(carried | {"area_path": tuple(carried["area_path"] or ())}))
        return found

    return databases.once(("messages", scope.community_id), read)


def _forgotten_before(databases: Databases) -> str:
    """Events whose ids are below this were told so long ago that notify has forgotten the messages by its rule."""
    kept = databases.of("notify").retention.find_one({"_id": RULE})
    if kept is None:
        return ""
    return id_from(kept["last_run"] - timedelta(days=kept["days"]))
