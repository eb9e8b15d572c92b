"""The rules that come with the platform: read from YAML once, and every mistake in them is an error at the start."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contracts.events import EVENTS
from contracts.topology import handlers_of
from services.notify.adapters.packaged import DATA, BrokenData, read_file
from services.notify.application.group_words import TEST
from services.notify.domain.audience import OF_MANY, TELL_NOBODY, Audience
from services.notify.domain.category import Category
from services.notify.domain.digest import DIGEST, GROUP_DIGEST
from services.notify.domain.family_week import FAMILY_WEEK
from services.notify.domain.replies import TEMPLATES
from services.notify.domain.rule import Rule
from services.notify.domain.rule_checks import rule_problems
from services.notify.domain.slip_late import SLIP_LATE
from services.notify.domain.template import PLAIN, TemplateVersion

_OF_WEBHOOKS = ("webhook-disabled", "webhook-halted", "webhook-released")
_TOLD_BY_OURSELVES = frozenset({*_OF_WEBHOOKS, "robot-broken", SLIP_LATE, FAMILY_WEEK})
OF_NO_EVENT = _TOLD_BY_OURSELVES | {DIGEST, GROUP_DIGEST, TEST, *TEMPLATES.values()}
"""Templates of what no event causes, so that no rule names them."""


def read_rules(path: Path = DATA / "rules.yaml") -> tuple[Rule, ...]:
    """All rules; raises BrokenData naming the one that is wrong."""
    rules = tuple(_rule(path.name, entry) for entry in read_file(path)["rules"])
    if len({rule.id for rule in rules}) != len(rules):
        raise BrokenData(f"{path.name}: two rules have the same id")
    _check_cancels(path.name, rules)
    return rules


def check_rules(rules: Sequence[Rule], templates: Mapping[str, TemplateVersion]) -> None:
    """Every rule can hold and has words that its readers may read, every template a rule; raises BrokenData."""
    wrong = list(_wrong(rules, templates))
    if wrong:
        raise BrokenData("\n".join(wrong))


def _wrong(rules: Sequence[Rule], templates: Mapping[str, TemplateVersion]) -> Iterator[str]:
    for rule in rules:
        for problem in rule_problems(rule, templates, rule.id):
            yield f"{problem.field}: {problem.sentence.en}"
    for name in sorted(templates.keys() - {rule.template for rule in rules} - OF_NO_EVENT - {PLAIN}):
        yield f"no rule tells anybody by the template {name}"


def _rule(file: str, entry: Mapping[str, Any]) -> Rule:
    where = f"{file}: {entry.get('id', entry)}"
    try:
        audience = Audience(entry["audience"])
        rule = Rule(
            id=entry["id"],
            event=entry["event"],
            audience=audience,
            template=None if audience in TELL_NOBODY else entry["template"],
            category=None if audience in TELL_NOBODY else Category(entry["category"]),
            urgent=entry.get("urgent", False),
            reach=entry.get("reach"),
            group=entry.get("group", False),
            before=tuple(entry.get("before", ())),
            cancels=tuple(entry.get("cancels", ())),
            when={field: tuple(values) for field, values in entry.get("when", {}).items()},
        )
    except (KeyError, ValueError) as error:
        raise BrokenData(f"{where}: {error}") from error
    if rule.event not in EVENTS or "notify" not in handlers_of("notify", rule.event):
        raise BrokenData(f"{where}: notify does not hear of {rule.event}")
    if rule.reach is not None and rule.audience in OF_MANY:
        raise BrokenData(f"{where}: reach: {rule.audience} are many people, their group is reached by group: true")
    return rule


def _check_cancels(file: str, rules: Sequence[Rule]) -> None:
    known = {rule.id for rule in rules}
    for rule in rules:
        if not known.issuperset(rule.cancels):
            unknown = sorted(set(rule.cancels) - known)
            raise BrokenData(f"{file}: {rule.id}: cancels: there is no rule {unknown}")
        if rule.template is None and not rule.cancels:
            raise BrokenData(f"{file}: {rule.id}: it tells nobody and cancels nothing")
