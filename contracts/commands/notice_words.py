"""Commands and reads to notify about the words of messages, and about the rules by which people hear."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from contracts.commands.notify import NotifyCommand


@dataclass(frozen=True, kw_only=True)
class TemplateWords:
    """The words in one language: Jinja with the variables of the template; ``sms`` short, ``group`` masked."""

    title: str
    body: str
    sms: str | None = None
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListTemplates(NotifyCommand):
    """Every template as it holds now. Result: ``{"items": [a template, with "titles" in place of "texts"]}``."""

    METHOD: ClassVar[str] = "list_templates"


@dataclass(frozen=True, kw_only=True)
class ReadTemplate(NotifyCommand):
    """One template with its versions, newest first.

    Result: ``{"id", "version", "grade", "event", "audience", "variables": [{"name", "holds", "meaning", "required"}],
    "texts", "rules", "follows", "versions": [{"version", "packaged", "follows", "saved_by", "saved_at", "texts"}]}``.
    """

    METHOD: ClassVar[str] = "read_template"
    template: str


@dataclass(frozen=True, kw_only=True)
class SaveTemplate(NotifyCommand):
    """A new version of a template for the actor's community; ``seen`` is the version that was read (None: whichever).

    Raises Invalid naming the field that is wrong, Conflict ``changed-meanwhile``. Result: as of ``ReadTemplate``.
    """

    METHOD: ClassVar[str] = "save_template"
    template: str
    texts: Mapping[str, TemplateWords]
    seen: int | None = None


@dataclass(frozen=True, kw_only=True)
class RestoreTemplate(NotifyCommand):
    """The words of an earlier ``version`` hold again, as a new one; None: those of the platform, now and later."""

    METHOD: ClassVar[str] = "restore_template"
    template: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class AddTemplate(NotifyCommand):
    """A template of the community's own, ``own-…``, for its rules: what they tell ``audience`` of ``event``.

    Raises Invalid naming the field that is wrong, Conflict ``already-there``. Result: as of ``ReadTemplate``.
    """

    METHOD: ClassVar[str] = "add_template"
    template: str
    event: str
    audience: str
    texts: Mapping[str, TemplateWords]


@dataclass(frozen=True, kw_only=True)
class RemoveTemplate(NotifyCommand):
    """A template of the community's own is no more; what was told by it reads as it did. Raises Conflict ``in-use``.

    Result: ``{}``.
    """

    METHOD: ClassVar[str] = "remove_template"
    template: str


@dataclass(frozen=True, kw_only=True)
class PreviewTemplate(NotifyCommand):
    """A template with invented values, or with these ``values``: nothing is stored, nobody is told.

    ``texts`` are words that are not saved yet; else those of ``version``; else those that hold now. ``event`` and
    ``audience`` are needed of an own template that is not there yet. Result:
    ``{"problems": [{"field", "code", "detail", "detail_en"}], "previews": [{"locale", "dir", "grade", "form",
    "title", "body", "characters", "parts", "bytes"}]}``.
    """

    METHOD: ClassVar[str] = "preview_template"
    template: str
    texts: Mapping[str, TemplateWords] | None = None
    version: int | None = None
    values: Mapping[str, Any] | None = None
    event: str | None = None
    audience: str | None = None


@dataclass(frozen=True, kw_only=True)
class OwnRule:
    """A rule that a community added; ``when`` has lists of coded values by field."""

    id: str
    event: str
    audience: str
    template: str
    category: str
    when: Mapping[str, Any]
    urgent: bool = False
    reach: int | None = None
    group: bool = False
    before: tuple[int, ...] = ()
    cancels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadRules(NotifyCommand):
    """The rules as they hold now in the actor's community.

    Result: ``{"version", "saved_by", "saved_at", "rules": [{the fields of a rule, "packaged", "on", "changed"}]}``.
    """

    METHOD: ClassVar[str] = "read_rules"


@dataclass(frozen=True, kw_only=True)
class SaveRules(NotifyCommand):
    """What the actor's community changes in the platform's rules, and its own: whole, in place of what it had.

    Each of ``changed`` has ``id`` and some of ``on``, ``urgent``, ``reach``, ``template``. ``seen`` is the version that
    was read. Raises Invalid naming the field, Conflict ``changed-meanwhile``. Result: as of ``ReadRules``.
    """

    METHOD: ClassVar[str] = "save_rules"
    changed: tuple[Mapping[str, Any], ...]
    own: tuple[OwnRule, ...]
    seen: int


@dataclass(frozen=True, kw_only=True)
class ReadRuleChoices(NotifyCommand):
    """What a rule may be made of: events with their fields, values and variables; audiences, categories.

    Result: ``{"events": [{"event", "fields": [{"name", "values"}], "variables"}], "audiences": [{"audience",
    "grade"}], "categories"}``.
    """

    METHOD: ClassVar[str] = "read_rule_choices"
