"""Clauses about notifications: everyone who is due to hear hears once, nobody else does, and none is left lying."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from contracts.schemas.fields import time_text
from deploy.audit.databases import Databases, Document, id_from
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger
from deploy.audit.notices import Key, Notice, Over, is_looked_up
from deploy.audit.recipients import EVERYBODY
from deploy.audit.words import touched

_KEY = ("event_id", "rule", "recipient", "channel", "before", "thread")
_CARRIED = Notice._fields
RULE = "messages"
"""The name under which notify notes how long it keeps them."""
_UNDER_WAY = ["queued", "sending", "failed_temporary"]
OF_NO_EVENT = frozenset(
    {"webhook-disabled", "webhook-halted", "webhook-released", "robot-broken", "slip-late", "family-week"}
)
"""What is told of no event, so that none makes it due."""
LONG_DUE = timedelta(days=1)
"""So much business time after it was due nothing waits any more, at any speed of the clock."""
IN_FLIGHT = timedelta(seconds=30)
"""What was on its way already when the news came, by one look's worth."""


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
    stored, forgotten, own = _stored(databases, scope), _forgotten_before(databases), touched(databases)
    for key, notice in ledger(databases, scope).notices.due.items():
        event_id, rule, recipient, channel, *_ = key
        found = stored.get(key)
        if (notice.community_id, rule) in own or (found is None and event_id < forgotten):
            continue
        about = f"{rule} {event_id}"
        if found is None:
            yield Finding("not-told", about, f"no message to {recipient} by {channel}, order {notice.number}")
        elif found != notice:
            pairs = zip(_CARRIED, found, notice, strict=True)
            unlike = [f"{name} is {seen}, due {due}" for name, seen, due in pairs if seen != due]
            yield Finding("told-otherwise", about, "; ".join(unlike))


def told_for_nothing(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nobody got a message that no stored event makes due by any rule.

    Whom notify looks up nobody can say afterwards.
    """
    due, own = ledger(databases, scope).notices.due, touched(databases)
    for key, notice in _stored(databases, scope).items():
        event_id, rule, recipient, channel, *_ = key
        known = rule in OF_NO_EVENT or is_looked_up(rule) or (notice.community_id, rule) in own
        if key not in due and not known:
            seen = f"a message to {recipient} by {channel}, order {notice.number}: nobody was due"
            yield Finding("told-for-nothing", f"{rule} {event_id}", seen)


def not_delivered(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No message that was due lies about unsent or failed; one that was suppressed says why.

    What waits for its time waits in business time: a reminder, what is put off to the end of quiet hours.
    """
    newest = max((told.time for told in ledger(databases, scope).told), default=None)
    wrong = [
        {"status": "failed_permanent"},
        {"status": "suppressed", "reason": None},
        {"status": {"$nin": _UNDER_WAY}, "try_at": {"$exists": True}},
        {"status": {"$in": _UNDER_WAY}, "try_at": {"$exists": False}},
        {"status": {"$in": _UNDER_WAY}, "wait_until": None},
    ]
    if newest is not None:
        long_due = datetime.fromisoformat(newest) - LONG_DUE
        # Whoever is sending it has a lease by the database's clock; who died with it is followed when that is over.
        free = {"$or": [{"status": {"$ne": "sending"}}, {"$expr": {"$lt": ["$try_at", "$$NOW"]}}]}
        wrong.append({"status": {"$in": _UNDER_WAY}, "wait_until": {"$lt": long_due}, **free})
    fields = dict.fromkeys((*_KEY, "status", "reason", "tries"), 1)
    # A slip waits for people, in its own time (deploy.audit.slips).
    here = scope.community() | {"slip.id": {"$exists": False}}
    for message in databases.of("notify").messages.find(here | {"$or": wrong}, fields):
        seen = f"{message['status']} after {message.get('tries', 0)} tries: {message.get('reason')}"
        yield Finding("not-delivered", f"{message['rule']} {message['event_id']}", seen)


def told_after_all(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nothing went out after notify knew of what overtook it."""
    notices = ledger(databases, scope).notices
    known = _known_since(databases, scope)
    sent = {"channel": {"$in": ["outward", "group"]}, "attempts.status": {"$in": ["sent", "delivered"]}}
    fields = dict.fromkeys((*_KEY, "attempts"), 1)
    for message in databases.of("notify").messages.find(scope.community() | sent, fields):
        about = notices.versions.get(message["event_id"])
        for over in notices.over.get(message["thread"], ()):
            since = known.get(over.event_id)
            if about is None or since is None or not _stops(over, about, message):
                continue
            went_out = max(one["began"] for one in message["attempts"] if one["status"] in ("sent", "delivered"))
            if went_out > since + IN_FLIGHT:
                seen = f"sent at {time_text(went_out)}, overtaken since {time_text(since)}"
                yield Finding("told-after-all", f"{message['rule']} {message['event_id']}", seen)


def _stops(over: Over, about: tuple[str, int], message: Document) -> bool:
    aggregate, version = about
    newer = over.aggregate == aggregate and over.version > version
    return newer and message["rule"] in over.rules and over.recipient in (EVERYBODY, message["recipient"])


def _known_since(databases: Databases, scope: Scope) -> dict[str, datetime]:
    """When notify had stored what an event causes, by event, real time; of those that it stored anything for."""
    database = databases.of("notify")
    some = [*database.messages.find(scope.community(), {"stored_at": 1, "event_id": 1})]
    some += [{**row, "event_id": row["_id"].partition(":")[0]} for row in database.overtakings.find(scope.community())]
    known: dict[str, datetime] = {}
    for row in some:
        since = row["stored_at"].as_datetime()
        known[row["event_id"]] = min(known.get(row["event_id"], since), since)
    return known


def _stored(databases: Databases, scope: Scope) -> dict[Key, Notice]:
    def read() -> dict[Key, Notice]:
        fields = dict.fromkeys((*_KEY, *_CARRIED), 1)
        found = {}
        for message in databases.of("notify").messages.find(scope.community(), fields):
            key = (
                message["event_id"],
                message["rule"],
                message["recipient"],
                message["channel"],
                message.get("before", 0),
                message["thread"],
            )
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
