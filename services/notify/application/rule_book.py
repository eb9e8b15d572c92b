"""The rules by which people hear, as each community has them: answered from memory, read and saved by secretaries."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.commands import Call, Outcome
from contracts.commands.notice_words import OwnRule, ReadRuleChoices, ReadRules, SaveRules
from contracts.errors import Invalid
from contracts.moments import time_text
from contracts.topology import TOPOLOGY
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.template_saving import changed_meanwhile
from services.notify.application.templates import keeper
from services.notify.application.word_ports import RuleVersions, Samples, TemplateVersions
from services.notify.domain.audience import RECIPIENTS, TELL_NOBODY, Audience
from services.notify.domain.category import Category
from services.notify.domain.grade import grade_of
from services.notify.domain.rule import Rule
from services.notify.domain.rule_changes import (
    CHANGEABLE,
    ON,
    RuleChange,
    RulesNow,
    RuleVersion,
    applied,
    change_problems,
    own_problems,
)
from services.notify.domain.rule_checks import HANDLER, SERVICE, allowed_values, fields_of, rule_problems
from services.notify.domain.template import Problem
from services.notify.domain.variables import given_by


class RuleBook:
    """The platform's rules, and over them what each community made of them."""

    def __init__(
        self,
        *,
        packaged: Sequence[Rule],
        versions: RuleVersions,
        templates: TemplateVersions,
        samples: Samples,
        clock: Clock,
    ) -> None:
        self._packaged = packaged
        self._by_id = {rule.id: rule for rule in packaged}
        self._versions = versions
        self._templates = templates
        self._samples = samples
        self._clock = clock
        self._told: dict[str, tuple[RuleVersion, RulesNow]] = {}

    def of(self, community_id: str) -> RulesNow:
        """See ``Rules``: worked out anew only when there is another version."""
        return self._told_by(self._versions.holding(community_id))

    def fresh(self, community_id: str) -> RulesNow:
        """See ``Rules``."""
        return self._told_by(self._versions.newest(community_id))

    def _told_by(self, version: RuleVersion) -> RulesNow:
        community_id = version.community_id
        known = self._told.get(community_id)
        if known is not None and known[0] is version:
            return known[1]
        told = RulesNow(rules=tuple(applied(self._packaged, version)), version=version.version)
        self._told[community_id] = (version, told)
        return told

    def read_rules(self, call: Call[ReadRules]) -> Outcome:
        """The rules as they hold now, the platform's first, those that are switched off among them."""
        return Outcome(self._document(keeper(call.meta.actor).community_id))

    def save_rules(self, call: Call[SaveRules]) -> Outcome:
        """What the community changes, whole; it holds for every event from now on."""
        command, actor = call.command, keeper(call.meta.actor)
        saves = self._templates.saves(actor.community_id)
        now = self._versions.newest(actor.community_id)
        if command.seen != now.version:
            raise changed_meanwhile()
        version = RuleVersion(
            community_id=actor.community_id,
            version=now.version + 1,
            changed=tuple(_change(place, given) for place, given in enumerate(command.changed)),
            own=tuple(_rule(place, given) for place, given in enumerate(command.own)),
            saved_by=actor.account_id,
            saved_at=self._clock.now(),
        )
        problem = next(self._problems(version), None)
        if problem is not None:
            raise Invalid(problem.code, problem.sentence, problem.field)
        if not self._versions.add(version, saves):
            raise changed_meanwhile()
        return Outcome(self._document(actor.community_id))

    def read_choices(self, call: Call[ReadRuleChoices]) -> Outcome:
        """What a rule may be made of."""
        keeper(call.meta.actor)
        heard = dict.fromkeys(row.event for row in TOPOLOGY if (row.service, row.handler) == (SERVICE, HANDLER))
        return Outcome(
            {
                "events": [_choices(event) for event in heard],
                "audiences": [
                    {"audience": one.value, "grade": grade_of(one).value} for one in Audience if one not in TELL_NOBODY
                ],
                "categories": [one.value for one in Category],
            }
        )

    def _problems(self, version: RuleVersion) -> Iterator[Problem]:
        yield from change_problems(self._by_id, version.changed)
        yield from own_problems(self._by_id, version.own)
        heads = self._templates.heads(version.community_id)
        changed = {rule.id: rule for rule in applied(self._packaged, version)}
        for place, change in enumerate(version.changed):
            if change.id in changed:
                yield from rule_problems(changed[change.id], heads, f"changed.{place}")
        for place, rule in enumerate(version.own):
            where = f"own.{place}"
            found = False
            for problem in rule_problems(rule, heads, where):
                found = True
                yield problem
            if not found:
                yield from self._audience_problems(rule, where)

    def _audience_problems(self, rule: Rule, where: str) -> Iterator[Problem]:
        """An event that does not say who they are: found out by a sample of it, from the contracts."""
        told = RECIPIENTS.get(rule.audience)
        try:
            if told is not None:
                told(self._samples.of(rule.event))
        except AttributeError:
            said = Text("这种事件没有说是谁", "the event does not say who they are")
            yield Problem(f"{where}.audience", "audience-not-there", said)

    def _document(self, community_id: str) -> dict[str, Any]:
        version = self._versions.newest(community_id)
        changes = {change.id: change.values for change in version.changed}
        now = {rule.id: rule for rule in applied(self._packaged, version)}
        return {
            "version": version.version,
            "saved_by": version.saved_by,
            "saved_at": None if version.saved_at is None else time_text(version.saved_at),
            "rules": [
                {
                    **_shown(now[rule.id] if changes.get(rule.id, {}).get(ON, True) else rule),
                    "packaged": rule.id in self._by_id,
                    "on": bool(changes.get(rule.id, {}).get(ON, True)),
                    "changed": sorted(changes.get(rule.id, ())),
                }
                for rule in (*self._packaged, *version.own)
            ],
        }


def _change(place: int, given: Mapping[str, Any]) -> RuleChange:
    unknown = sorted(set(given) - {"id", *CHANGEABLE})
    if unknown or not isinstance(given.get("id"), str):
        field = unknown[0] if unknown else "id"
        sentence = Text("能改的是 on、urgent、reach、template", "what can be changed: on, urgent, reach, template")
        raise Invalid("not-changeable", sentence, f"changed.{place}.{field}")
    values = {name: given[name] for name in CHANGEABLE if name in given}
    return RuleChange(id=given["id"], values=values)


def _rule(place: int, given: OwnRule) -> Rule:
    where = f"own.{place}"
    for field, kind, value in (("audience", Audience, given.audience), ("category", Category, given.category)):
        if value not in [one.value for one in kind]:
            raise Invalid(
                f"unknown-{field}", Text(f"没有这一种:{value}", f"there is no such {field}"), f"{where}.{field}"
            )
    for field, values in given.when.items():
        if not isinstance(values, list | tuple):
            raise Invalid("matches-nothing", Text("要写成列表", "a list of values is needed"), f"{where}.when.{field}")
    return Rule(
        id=given.id,
        event=given.event,
        audience=Audience(given.audience),
        template=given.template,
        category=Category(given.category),
        when={field: tuple(values) for field, values in given.when.items()},
        urgent=given.urgent,
        reach=given.reach,
        group=given.group,
        before=given.before,
        cancels=given.cancels,
    )


def _shown(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "event": rule.event,
        "when": {field: list(values) for field, values in rule.when.items()},
        "audience": rule.audience.value,
        "grade": grade_of(rule.audience).value,
        "template": rule.template,
        "category": None if rule.category is None else rule.category.value,
        "urgent": rule.urgent,
        "reach": rule.reach,
        "group": rule.group,
        "before": list(rule.before),
        "cancels": list(rule.cancels),
    }


def _choices(event: str) -> dict[str, Any]:
    fields = [{"name": name, "values": allowed_values(event, name)} for name in sorted(fields_of(event))]
    return {"event": event, "fields": fields, "variables": sorted(given_by(event))}
