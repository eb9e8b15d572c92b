"""The words that come with the platform: read from YAML once, and every mistake in them is an error at the start."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chassis.yaml_text import read_yaml
from services.notify.adapters.sandbox import Codes, Sandbox
from services.notify.adapters.word_checks import WordChecks
from services.notify.domain.grade import Grade, grade_of, least
from services.notify.domain.rule import Rule
from services.notify.domain.template import PACKAGED, TemplateVersion, Wording

DATA = Path(__file__).parent / "data"
NUMBER = "number"
_PROPERTIES = frozenset({"variables", "requires", "grade"})


class BrokenData(Exception):
    """A rule or a template cannot be used; the message names the file and the entry."""


def read_words(
    rules: Iterable[Rule] = (), path: Path = DATA / "templates.yaml"
) -> tuple[dict[str, TemplateVersion], Codes]:
    """Every template, and the coded words; raises BrokenData naming all that is wrong.

    Words belong to the grade of whoever reads least of those that *rules* tell by them, unless they name one.
    """
    templates, codes = _checked(path.name, path.read_text(encoding="utf-8"), frozenset(_grades(rules).items()))
    return dict(templates), codes


@cache
def _checked(file: str, text: str, grades: frozenset[tuple[str, Grade]]) -> tuple[Mapping[str, TemplateVersion], Codes]:
    """Holding every text to its bounds takes seconds (each is rendered in each language), so once in a process."""
    data = _parsed(file, text)
    by_name = dict(grades)
    templates = {}
    for name, entry in data["templates"].items():
        try:
            templates[name] = _template(name, entry, by_name.get(name, Grade.FULL))
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenData(f"{file}: {name}: {error}") from error
    sandbox = Sandbox(data["codes"])
    checks = WordChecks(sandbox)
    wrong = [f"{file}: {line}" for template in templates.values() for line in _wrong(template, checks)]
    if wrong:
        raise BrokenData("\n".join(wrong))
    return {name: _with_required(one, sandbox) for name, one in templates.items()}, data["codes"]


def read_file(path: Path) -> Any:
    """What a file of data says; raises BrokenData."""
    return _parsed(path.name, path.read_text(encoding="utf-8"))


def _parsed(file: str, text: str) -> Any:
    try:
        return read_yaml(text)
    except yaml.YAMLError as error:
        raise BrokenData(f"{file}: {error}") from error


def _template(name: str, entry: Mapping[str, Any], grade: Grade) -> TemplateVersion:
    texts = {locale: Wording(**words) for locale, words in entry.items() if locale not in _PROPERTIES}
    return TemplateVersion(
        community_id=PACKAGED,
        template=name,
        version=1,
        grade=Grade(entry.get("grade", grade)),
        variables=tuple(entry["variables"]),
        required=tuple(entry.get("requires", ())),
        texts=texts,
    )


def _with_required(template: TemplateVersion, sandbox: Sandbox) -> TemplateVersion:
    """Words that name the order have to go on naming it, in every language and whoever writes them anew."""
    said = all(NUMBER in sandbox.used(wording.body) for wording in template.texts.values())
    missing = NUMBER in template.variables and said and NUMBER not in template.required
    return replace(template, required=(*template.required, NUMBER)) if missing else template


def _grades(rules: Iterable[Rule]) -> Mapping[str, Grade]:
    readers: dict[str, list[Grade]] = {}
    for rule in rules:
        if rule.template is not None:
            readers.setdefault(rule.template, []).append(grade_of(rule.audience))
    return {template: least(grades) for template, grades in readers.items()}


def _wrong(template: TemplateVersion, checks: WordChecks) -> Iterator[str]:
    for problem in checks.problems(template):
        yield f"{template.template} ({problem.field}): {problem.sentence.en}"
