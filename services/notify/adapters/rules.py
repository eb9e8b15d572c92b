"""Rules and templates are read from YAML once, at the start, and every mistake in them is an error there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment

from chassis.yaml_text import read_yaml
from contracts.events import EVENTS
from contracts.topology import handlers_of
from services.notify.application.ports import Rendered
from services.notify.domain.audience import Audience
from services.notify.domain.message import IN_APP
from services.notify.domain.rule import Rule

DATA = Path(__file__).parent / "data"
LOCALES = ("zh-CN", "en")


class BrokenData(Exception):
    """A rule or a template cannot be used; the message names the file and the entry."""


def read_rules(path: Path = DATA / "rules.yaml") -> tuple[Rule, ...]:
    """All rules; raises BrokenData naming the one that is wrong."""
    rules = tuple(_rule(path.name, entry) for entry in _read(path)["rules"])
    if len({rule.id for rule in rules}) != len(rules):
        raise BrokenData(f"{path.name}: two rules have the same id")
    return rules


def _read(path: Path) -> Any:
    try:
        return read_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BrokenData(f"{path.name}: {error}") from error


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


class YamlTemplates:
    """Templates by name and locale, compiled in a sandbox; coded values are put into words of the locale."""

    def __init__(self, path: Path = DATA / "templates.yaml") -> None:
        data = _read(path)
        self.codes: Mapping[str, Mapping[str, str]] = data["codes"]
        self._environments = {locale: self._environment(locale) for locale in LOCALES}
        self.variables = {name: frozenset(entry["variables"]) for name, entry in data["templates"].items()}
        self._compiled = {
            (name, locale, part): self._compile(f"{path.name}: {name}", name, locale, entry, part)
            for name, entry in data["templates"].items()
            for locale in LOCALES
            for part in ("title", "body")
        }

    def render(self, template: str, locale: str, params: Mapping[str, Any]) -> Rendered:
        """The message in words; an unknown locale is answered in zh-CN."""
        locale = locale if locale in LOCALES else LOCALES[0]
        empty = dict.fromkeys(self.variables[template])
        values = empty | {name: _in_locale(value, locale) for name, value in params.items()}
        return Rendered(
            title=self._compiled[template, locale, "title"].render(values),
            body=self._compiled[template, locale, "body"].render(values),
        )

    def _environment(self, locale: str) -> SandboxedEnvironment:
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        key = locale.partition("-")[0]
        environment.filters["code"] = lambda code: self.codes.get(code.replace("-", "_"), {}).get(key, code)
        return environment

    def _compile(self, where: str, name: str, locale: str, entry: Mapping[str, Any], part: str) -> Any:
        try:
            source = entry[locale][part]
            environment = self._environments[locale]
            used = meta.find_undeclared_variables(environment.parse(source))
            compiled = environment.from_string(source)
        except (KeyError, TemplateError) as error:
            raise BrokenData(f"{where} ({locale} {part}): {error}") from error
        unknown = used - self.variables[name]
        if unknown:
            raise BrokenData(f"{where} ({locale} {part}): unknown variables {sorted(unknown)}")
        return compiled


def _in_locale(value: Any, locale: str) -> Any:
    """A text in both languages becomes one; lists of them too."""
    if isinstance(value, Mapping):
        return value[locale.partition("-")[0]]
    if isinstance(value, list):
        return [_in_locale(part, locale) for part in value]
    return value


def check_templates(rules: tuple[Rule, ...], templates: YamlTemplates) -> None:
    """Every rule has its template and every template a rule; raises BrokenData."""
    wanted = {rule.template for rule in rules}
    if wanted != templates.variables.keys():
        raise BrokenData(f"rules and templates differ: {sorted(wanted ^ templates.variables.keys())}")
