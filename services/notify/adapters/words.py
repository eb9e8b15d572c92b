"""Messages in words: with the version they were planned with, in the language of whoever reads."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Template

from services.notify.adapters.coded_answers import OneTable
from services.notify.adapters.packaged import DATA, read_words
from services.notify.adapters.sandbox import Codes, Sandbox, TooLong, rendered
from services.notify.application.ports import Rendered
from services.notify.domain.locales import best, direction
from services.notify.domain.template import PACKAGED, Form, TemplateVersion, Wording

MOST_COMPILED = 2_000
"""Texts that are kept ready; the others are read anew when somebody reads an old message."""


class Versions(Protocol):
    """Where versions are found."""

    def get(self, community_id: str, template: str, version: int | None) -> TemplateVersion:
        """A version of a template as a community has it; None, or one that is not there: the one that holds now."""


class CodeTables(Protocol):
    """What coded answers are called."""

    def table(self, number: int | None) -> Codes:
        """As they were called by that table; None: as they are now."""


class Words:
    """The words of messages, by template, version and locale."""

    def __init__(self, versions: Versions, codes: CodeTables) -> None:
        self._versions = versions
        self._codes = codes
        self._sandboxes: dict[int | None, Sandbox] = {}
        self._compiled: OrderedDict[tuple[str, str, str], Template] = OrderedDict()

    def render(
        self,
        template: str,
        locale: str,
        params: Mapping[str, Any],
        version: int | None = None,
        *,
        community_id: str = PACKAGED,
        form: Form = Form.LETTER,
    ) -> Rendered:
        """The message in words; *locale* may be several tags between commas, the dearest first."""
        found = self._versions.get(community_id, template, version)
        chosen = best(locale, found.texts)
        return self._render(found, chosen, params, form)

    def newest(self, community_id: str, template: str) -> int:
        """The version that holds now where somebody of this community is told."""
        return self._versions.get(community_id, template, None).version

    def render_version(
        self, version: TemplateVersion, locale: str, params: Mapping[str, Any], form: Form = Form.LETTER
    ) -> Rendered:
        """The same of a version that is stored nowhere yet."""
        sandbox = self._sandbox(version)
        values = sandbox.values(version.variables, params, locale)
        wording = version.texts[locale]
        sources = (wording.title, _body(wording, form))
        title, body = (_text(sandbox.compiled(source, locale), values) for source in sources)
        return Rendered(title=title, body=body, locale=locale, dir=direction(locale))

    def _render(self, found: TemplateVersion, locale: str, params: Mapping[str, Any], form: Form) -> Rendered:
        values = self._sandbox(found).values(found.variables, params, locale)
        wording = found.texts[locale]
        title = _text(self._ready(found, locale, "title", wording.title), values)
        body = _text(self._ready(found, locale, form.value, _body(wording, form)), values)
        return Rendered(title=title, body=body, locale=locale, dir=direction(locale))

    def _sandbox(self, version: TemplateVersion) -> Sandbox:
        if version.codes not in self._sandboxes:
            self._sandboxes[version.codes] = Sandbox(self._codes.table(version.codes))
        return self._sandboxes[version.codes]

    def _ready(self, version: TemplateVersion, locale: str, part: str, source: str) -> Template:
        key = (version.id, locale, part)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = self._sandbox(version).compiled(source, locale)
            if len(self._compiled) > MOST_COMPILED:
                self._compiled.popitem(last=False)
        else:
            self._compiled.move_to_end(key)
        return found


class InMemory:
    """``Versions`` of what comes with the platform, without a database."""

    def __init__(self, templates: Mapping[str, TemplateVersion]) -> None:
        self._templates = templates

    def get(self, community_id: str, template: str, version: int | None) -> TemplateVersion:
        """See ``Versions``."""
        return self._templates[template]


class YamlTemplates(Words):
    """The words of a file as they are, for who has no database; raises BrokenData."""

    def __init__(self, path: Path = DATA / "templates.yaml") -> None:
        templates, self.codes = read_words(path=path)
        self.variables = {name: frozenset(one.variables) for name, one in templates.items()}
        super().__init__(InMemory(templates), OneTable(self.codes))


def _body(wording: Wording, form: Form) -> str:
    """A group never reads the body, which is for whoever is told: its own words, or none."""
    if form is Form.GROUP:
        return wording.group or ""
    return wording.sms if form is Form.SMS and wording.sms is not None else wording.body


def _text(template: Template, values: Mapping[str, Any]) -> str:
    """A text that grew too long all the same is cut: somebody has to hear of what happened."""
    try:
        return rendered(template, values)
    except TooLong as error:
        return error.text
