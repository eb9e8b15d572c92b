"""Who has to hear of what, worked out from the stored events and the table of rules, without asking notify."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from contracts.events.counter import TicketAppointed
from contracts.events.rosters import RosterEvent
from contracts.words import Urgency
from deploy.audit.databases import Document
from deploy.audit.recipients import EVERYBODY, LOOKED_UP, PERSON, PLANNED, WHO, shifts_of

RULES = ("services.notify.adapters", "data/rules.yaml")
"""The package and the file in it; it is read as data, nothing of the service runs."""
IN_APP, OUTWARD, GROUP = "in_app", "outward", "group"
Key = tuple[str, str, str, str, int, str]
"""Event, rule, recipient, channel, and of a reminder how many minutes before: the key of a message."""
GIVEN = "given"
OFFER = "offer"


class Rule(NamedTuple):
    """One entry of the table."""

    id: str
    event: str
    audience: str
    template: str | None
    when: Mapping[str, Any]
    urgent: bool
    category: str | None
    reach: int | None
    group: bool
    before: tuple[int, ...]
    cancels: tuple[str, ...]


class Notice(NamedTuple):
    """What a due message has to carry."""

    thread: str
    number: str | None
    event_type: str
    template: str
    urgent: bool
    category: str
    community_id: str
    area_path: tuple[str, ...]


class Over(NamedTuple):
    """From ``version`` of ``aggregate`` on nothing older is told under ``rules`` about ``thread`` to ``recipient``."""

    event_id: str
    aggregate: str
    version: int
    thread: str
    recipient: str
    rules: tuple[str, ...]


@dataclass
class Notices:
    """Every message that the events made due, and what they overtook."""

    due: dict[Key, Notice] = field(default_factory=dict)
    versions: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Of each event that tells somebody, its aggregate and version there."""
    over: dict[str, list[Over]] = field(default_factory=dict)
    """By thread."""

    def hear(self, event: Document) -> None:
        """One more event."""
        for rule in rules().get(event["type"], ()):
            if not _holds(rule, event["data"]):
                continue
            recipients = list(WHO[rule.audience](event))
            if rule.template is not None and recipients:
                self._tell(rule, rule.template, recipients, event)
            self._overtake(rule, recipients, event)

    def _tell(self, rule: Rule, template: str, recipients: list[str], event: Document) -> None:
        snapshot = event["data"]["snapshot"]
        emergency = rule.category == OFFER and snapshot.get("urgency") == Urgency.EMERGENCY
        notice = Notice(
            event["subject"],
            snapshot.get("number", ""),
            event["type"],
            template,
            rule.urgent or emergency,
            rule.category or "",
            event["communityid"],
            tuple(snapshot.get("area_path", ())),
        )
        self.versions[event["id"]] = event["aggregatetype"], event["aggregateversion"]
        told = [(0, event["subject"])]
        channels = (IN_APP, OUTWARD) if rule.reach is not None else (IN_APP,)
        for recipient in recipients:
            for channel in channels if recipient.partition(":")[0] != PERSON else channels[1:]:
                for before, thread in reminders(rule.before, event, recipient) if rule.before else told:
                    key = event["id"], rule.id, recipient, channel, before, thread
                    self.due[key] = notice._replace(thread=thread)
        if rule.group and snapshot.get("recused") is None:
            self.due[event["id"], rule.id, f"group:{event['communityid']}", GROUP, *told[0]] = notice

    def _overtake(self, rule: Rule, recipients: list[str], event: Document) -> None:
        """A rule of reminders replaces its older ones, for everybody."""
        if rule.before:
            found = [(thread, EVERYBODY, (*rule.cancels, rule.id)) for thread in _threads(event)]
        else:
            found = [(event["subject"], recipient, rule.cancels) for recipient in recipients if rule.cancels]
        for thread, recipient, cancelled in found:
            one = Over(event["id"], event["aggregatetype"], event["aggregateversion"], thread, recipient, cancelled)
            self.over.setdefault(thread, []).append(one)


def is_looked_up(rule_id: str) -> bool:
    """Does the rule tell those whom no event names?"""
    return any(rule.id == rule_id and rule.audience in LOOKED_UP for some in rules().values() for rule in some)


def appointed(event: Document) -> datetime | None:
    """When somebody is expected: the appointment that was made, else the time that was wanted."""
    data = event["data"]
    if event["type"] == TicketAppointed.TYPE:
        return datetime.fromisoformat(data["at"])
    wanted = data["snapshot"].get("wanted")
    return None if wanted is None else datetime.fromisoformat(wanted["start"])


def reminders(before: tuple[int, ...], event: Document, recipient: str) -> list[tuple[int, str]]:
    """Those that lie ahead of the event, and of what: an order, or a shift of theirs."""
    told, moment = datetime.fromisoformat(event["time"]), appointed(event)
    expected = [] if moment is None else [(moment, event["subject"])]
    if event["aggregatetype"] == RosterEvent.AGGREGATE:
        planned = (one for one in shifts_of(event) if one["status"] == PLANNED)
        theirs = (one for one in planned if f"member:{one['member_id']}" == recipient)
        expected = [(datetime.fromisoformat(one["starts_at"]), one["id"]) for one in theirs]
    return [(one, of) for at, of in expected for one in before if at - timedelta(minutes=one) > told]


def _threads(event: Document) -> list[str]:
    if event["aggregatetype"] == RosterEvent.AGGREGATE:
        return [one["id"] for one in shifts_of(event)]
    return [] if appointed(event) is None else [event["subject"]]


@cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """The rules by the type of their event."""
    package, file = RULES
    table = yaml.safe_load(files(package).joinpath(file).read_text(encoding="utf-8"))["rules"]
    by_event: dict[str, tuple[Rule, ...]] = {}
    for entry in table:
        rule = Rule(
            id=entry["id"],
            event=entry["event"],
            audience=entry["audience"],
            template=entry.get("template"),
            when=entry.get("when", {}),
            urgent=bool(entry.get("urgent", False)),
            category=entry.get("category"),
            reach=entry.get("reach"),
            group=bool(entry.get("group", False)),
            before=tuple(entry.get("before", ())),
            cancels=tuple(entry.get("cancels", ())),
        )
        by_event[rule.event] = (*by_event.get(rule.event, ()), rule)
    return by_event


def _holds(rule: Rule, data: Document) -> bool:
    """A field that ``when`` names is what happened, or else what is now."""
    now = data["snapshot"]
    return all(_coded(data[name] if name in data else now.get(name)) in some for name, some in rule.when.items())


def _coded(value: Any) -> Any:
    return GIVEN if isinstance(value, dict) else value
