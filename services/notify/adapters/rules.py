"""The rules that come with the platform: read from YAML once, and every mistake in them is an error at the start."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contracts.events import EVENTS
from contracts.topology import handlers_of
from services.notify.adapters.packaged import DATA, BrokenData, read_file
from services.notify.adapters.words import YamlTemplates as YamlTemplates
from services.notify.domain.audience import Audience
from services.notify.domain.message import IN_APP
from services.notify.domain.rule import Rule

OF_NO_EVENT = frozenset({"webhook-disabled"})
"""Templates of what no event causes, so that no rule names them."""


def read_rules(path: Path = DATA / "rules.yaml") -> tuple[Rule, ...]:
    """All rules; raises BrokenData naming the one that is wrong."""
    rules = tuple(_rule(path.name, entry) for entry in read_file(path)["rules"])
    if len({rule.id for rule in rules}) != len(rules):
        raise BrokenData(f"{path.name}: two rules have the same id")
    return rules


def check_templates(rules: Sequence[Rule], templates: YamlTemplates) -> None:
    """Every rule has its template and every template a rule; raises BrokenData."""
    wanted = {rule.template for rule in rules} | OF_NO_EVENT
    if wanted != templates.variables.keys():
        raise BrokenData(f"rules and templates differ: {sorted(wanted ^ templates.variables.keys())}")


def _rule(file: str, entry: Mapping[str, Any]) -> Rule:
    where = f"{file}: {entry.get('id', entry)}"
    try:
        rule = Rule(
            id=entry["id"],
            event=entry["event"],
            audience=Audience(entry["audience"]),
            template=entry["template"],
            channels=tuple(entry.get("channels", (IN_APP,))),
            urgent=entry.get("urgent", False),
            when={field: tuple(values) for field, values in entry.get("when", {}).items()},
        )
    except (KeyError, ValueError) as error:
        raise BrokenData(f"{where}: {error}") from error
    if rule.event not in EVENTS or "notify" not in handlers_of("notify", rule.event):
        raise BrokenData(f"{where}: notify does not hear of {rule.event}")
    return rule
