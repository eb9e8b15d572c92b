"""The rules that come with the platform: read from YAML once, and every mistake in them is an error at the start."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contracts.events import EVENTS
from contracts.topology import handlers_of
from services.notify.adapters.packaged import DATA, BrokenData, read_file
from services.notify.adapters.words import YamlTemplates as YamlTemplates
from services.notify.domain.audience import OF_MANY, TELL_NOBODY, Audience
from services.notify.domain.category import Category
from services.notify.domain.rule import Rule
from services.notify.domain.slip_late import SLIP_LATE

OF_NO_EVENT = frozenset({"webhook-disabled", "reply-not-understood", "robot-broken", SLIP_LATE})
"""Templates of what no event causes, so that no rule names them."""


def read_rules(path: Path = DATA / "rules.yaml") -> tuple[Rule, ...]:
    """All rules; raises BrokenData naming the one that is wrong."""
    rules = tuple(_rule(path.name, entry) for entry in read_file(path)["rules"])
    if len({rule.id for rule in rules}) != len(rules):
        raise BrokenData(f"{path.name}: two rules have the same id")
    _check_cancels(path.name, rules)
    return rules


def check_templates(rules: Sequence[Rule], templates: YamlTemplates) -> None:
    """Every rule has its template and every template a rule; raises BrokenData."""
    wanted = {rule.template for rule in rules if rule.template is not None} | OF_NO_EVENT
    if wanted != templates.variables.keys():
        raise BrokenData(f"rules and templates differ: {sorted(wanted ^ templates.variables.keys())}")


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
