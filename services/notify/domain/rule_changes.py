"""What a community makes of the platform's rules: some of them changed, and some of its own beside them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.events import EVENTS
from contracts.events.harm import HarmEvent
from contracts.words import Text
from services.notify.domain.audience import OF_MANY, TELL_NOBODY
from services.notify.domain.category import NEVER_MUTED, Category
from services.notify.domain.rule import Rule
from services.notify.domain.rule_checks import MOST_VALUES
from services.notify.domain.rule_reach import reach_problems
from services.notify.domain.template import Problem

ON, URGENT, REACH, TEMPLATE = "on", "urgent", "reach", "template"
CHANGEABLE = (ON, URGENT, REACH, TEMPLATE)
_AT_ANY_HOUR = frozenset({Category.ALARM, Category.OFFER})
MOST_OWN = 50
MOST_REACH = 7 * 24 * 60
"""Minutes after which nobody needs to be told any more that they have not read something."""
MOST_REMINDERS = 4
MOST_BEFORE = 14 * 24 * 60
OWN_ID = re.compile(r"own-[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class RuleChange:
    """``values`` are those of ``CHANGEABLE`` that differ from the platform's rule ``id``."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RuleVersion:
    """What a community changed; the newest version holds. ``saved_by`` is an account, ``saved_at`` business time."""

    community_id: str
    version: int
    changed: tuple[RuleChange, ...] = ()
    own: tuple[Rule, ...] = ()
    saved_by: str | None = None
    saved_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RulesNow:
    """The rules of one community as they hold now, and their version."""

    rules: Sequence[Rule]
    version: int


def applied(packaged: Sequence[Rule], version: RuleVersion) -> Iterator[Rule]:
    """The platform's rules as the community has them, then its own."""
    changes = {change.id: change.values for change in version.changed}
    for rule in packaged:
        values = dict(changes.get(rule.id, {}))
        if values.pop(ON, True):
            yield replace(rule, **values) if values else rule
        elif rule.cancels:
            # Nobody is told by it any more; what it makes out of date still is.
            yield replace(rule, template=None, reach=None, group=False)
    yield from version.own


def change_problems(packaged: Mapping[str, Rule], changes: Sequence[RuleChange]) -> Iterator[Problem]:
    """Everything that a community may not do to the platform's rules."""
    seen: set[str] = set()
    for place, change in enumerate(changes):
        where = f"changed.{place}"
        rule = packaged.get(change.id)
        if rule is None or change.id in seen:
            yield _problem(f"{where}.id", "unknown-rule", "没有这条规则,或写了两次", "no such rule, or it stands twice")
            continue
        seen.add(change.id)
        yield from _one_change(rule, change.values, where)
        if change.values.get(URGENT) and not rule.urgent and rule.event not in pressing(packaged):
            yield _not_urgent(where)


def pressing(packaged: Mapping[str, Rule]) -> frozenset[str]:
    """The types of events of which somebody may be told at any hour.

    Those that the platform itself tells of as urgent, as an alarm or as an offer: what is urgent comes in people's
    quiet hours, and no community's wish alone wakes them.
    """
    return frozenset(one.event for one in packaged.values() if one.urgent or one.category in _AT_ANY_HOUR)


def _one_change(rule: Rule, values: Mapping[str, Any], where: str) -> Iterator[Problem]:
    if rule.template is None or EVENTS[rule.event].AGGREGATE == HarmEvent.AGGREGATE:
        yield _problem(f"{where}.id", "not-changeable", "这条规则不能改", "this rule cannot be changed")
        return
    if rule.category in NEVER_MUTED:
        reach = values.get(REACH, rule.reach)
        if not values.get(ON, True):
            yield _problem(
                f"{where}.on", "never-muted", "告警和账号类的通知不能关掉", "alarms and news of access stay on"
            )
        if rule.urgent and not values.get(URGENT, True):
            yield _problem(f"{where}.urgent", "never-muted", "告警不能改为不急", "an alarm stays urgent")
        if rule.reach is not None and (reach is None or reach > rule.reach):
            yield _problem(f"{where}.reach", "never-muted", "告警只能提早,不能推迟", "an alarm may only go out sooner")
    yield from _reach_problems(replace(rule, reach=values.get(REACH, rule.reach)), where)


def own_problems(packaged: Mapping[str, Rule], own: Sequence[Rule]) -> Iterator[Problem]:
    """Everything that is wrong with a community's own rules beside their events and words."""
    if len(own) > MOST_OWN:
        yield _problem("own", "too-many", f"至多 {MOST_OWN} 条", f"at most {MOST_OWN}")
    known = {*packaged, *(rule.id for rule in own)}
    ids = [rule.id for rule in own]
    for place, rule in enumerate(own):
        where = f"own.{place}"
        if OWN_ID.fullmatch(rule.id) is None or ids.count(rule.id) > 1:
            said = ("要写成 own- 加小写字母、数字和短横,不能重复", "own- and letters, digits, dashes; each once")
            yield _problem(f"{where}.id", "unusable-id", *said)
        if rule.template is None or rule.audience in TELL_NOBODY:
            yield _problem(f"{where}.audience", "tells-nobody", "这样写谁也不会收到", "nobody would be told by it")
        if rule.event in EVENTS and EVENTS[rule.event].AGGREGATE == HarmEvent.AGGREGATE:
            yield _problem(f"{where}.event", "not-changeable", "疑似侵害的通知不能另加", "nobody else is told of harm")
        if len(rule.before) > MOST_REMINDERS or any(not 1 <= one <= MOST_BEFORE for one in rule.before):
            said = (
                f"提前 1 到 {MOST_BEFORE} 分钟,至多 {MOST_REMINDERS} 次",
                f"1 to {MOST_BEFORE} minutes, few of them",
            )
            yield _problem(f"{where}.before", "out-of-bounds", *said)
        if len(rule.cancels) > MOST_VALUES or not known.issuperset(rule.cancels):
            yield _problem(f"{where}.cancels", "unknown-rule", "要取消的规则里有不认识的", "it cancels an unknown rule")
        if rule.urgent and rule.event in EVENTS and rule.event not in pressing(packaged):
            yield _not_urgent(where)
        if rule.event in EVENTS:
            yield from reach_problems(packaged, rule, where)
        yield from _reach_problems(rule, where)


def _reach_problems(rule: Rule, where: str) -> Iterator[Problem]:
    if rule.reach is None:
        return
    if rule.audience in OF_MANY:
        said = ("这是很多人共看的,没有单独的地址;请用群", "many people read this: it has no address; use the group")
        yield _problem(f"{where}.reach", "nobody-to-reach", *said)
    elif not 0 <= rule.reach <= MOST_REACH:
        yield _problem(f"{where}.reach", "out-of-bounds", f"0 到 {MOST_REACH} 分钟", f"0 to {MOST_REACH} minutes")


def _not_urgent(where: str) -> Problem:
    said = (
        "这种事不能设为紧急:紧急的会在休息时间打扰人",
        "news of this kind cannot be urgent: what is urgent comes in people's quiet hours",
    )
    return _problem(f"{where}.{URGENT}", "never-urgent", *said)


def _problem(field: str, code: str, zh: str, en: str) -> Problem:
    return Problem(field, code, Text(zh, en))
