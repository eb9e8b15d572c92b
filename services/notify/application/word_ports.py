"""What keeping words and rules needs of the world."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from contracts.events import AnyReceived
from services.notify.application.ports import Rendered
from services.notify.domain.rule_changes import RulesNow, RuleVersion
from services.notify.domain.template import Form, Problem, TemplateVersion


class Rules(Protocol):
    """Who hears of what in a community; answered from memory, for every event asks."""

    def of(self, community_id: str) -> RulesNow:
        """The rules that hold there now; at most some seconds old."""

    def fresh(self, community_id: str) -> RulesNow:
        """The same, as they are this moment."""


class TemplateVersions(Protocol):
    """The versions of templates."""

    def numbers(self, community_id: str) -> Mapping[str, int]:
        """The version of each template that holds now; at most some seconds old."""

    def heads(self, community_id: str) -> Mapping[str, TemplateVersion]:
        """What holds now of every template that was not deleted, fresh."""

    def head(self, community_id: str, template: str) -> TemplateVersion | None:
        """What holds now of one template, fresh; None: there is none of that name."""

    def find(self, community_id: str, template: str, version: int) -> TemplateVersion | None:
        """One version, as the community has it."""

    def packaged(self, template: str) -> TemplateVersion:
        """What came with the platform, as it is now."""

    def versions(self, community_id: str, template: str) -> Sequence[TemplateVersion]:
        """The newest ``NEWEST_KEPT`` of the community and of the platform, newest first."""

    def count(self, community_id: str, template: str) -> int:
        """How many the community has stored."""

    def made_by(self, command_id: str) -> TemplateVersion | None:
        """The version that a command made."""

    def saves(self, community_id: str) -> int:
        """The newest save of the community's rules and own templates; asked before what a save is checked against."""

    def add(self, version: TemplateVersion, after: int | None = None) -> bool:
        """Store a new version; False where there is one of that number, or by that command, already.

        *after*: also where another save came after that one (see ``saves``).
        """


class RuleVersions(Protocol):
    """The versions of what communities changed in the rules."""

    def holding(self, community_id: str) -> RuleVersion:
        """What holds now; at most some seconds old."""

    def newest(self, community_id: str) -> RuleVersion:
        """What holds now, fresh."""

    def add(self, version: RuleVersion, after: int) -> bool:
        """Store a new version; False where there is one of that number already, or another save came after *after*."""


class Checks(Protocol):
    """Holds words against what they may say."""

    def problems(self, version: TemplateVersion) -> Iterable[Problem]:
        """Everything that is wrong with them."""

    def used(self, version: TemplateVersion) -> frozenset[str]:
        """The variables that words without mistakes say somewhere."""


class Renderer(Protocol):
    """Puts words together that are stored nowhere yet."""

    def render_version(
        self, version: TemplateVersion, locale: str, params: Mapping[str, Any], form: Form = Form.LETTER
    ) -> Rendered:
        """In one of its locales."""


class Samples(Protocol):
    """One plausible event of each type, from the contracts."""

    def of(self, event_type: str) -> AnyReceived:
        """All invented."""
