"""The words of one kind of message: a version of a template is never changed, the next one is added beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from contracts.words import Text
from services.notify.domain.grade import Grade

PACKAGED = "*"
"""In place of a community: words that came with the platform."""
OWN = "own-"
"""What the names of a community's own templates and rules begin with."""
PLAIN = "plain-words"
"""The template that tells what a rule tells by one that is not there: no rule names it."""
NEWEST_KEPT = 50
"""So many versions of a template are shown, and kept for as long as the template is."""
MOST_VERSIONS = 200
"""Of one template that one community has stored at a time, with those that messages are still read by."""
PACKAGED_VERSION = 1
"""Theirs, as long as nobody wrote them anew."""


class Form(StrEnum):
    """For which way the words are."""

    LETTER = "letter"
    """The inbox, e-mail, a slip: title and body."""
    SMS = "sms"
    """The short form; where a template has none, the body."""
    GROUP = "group"
    """What a robot says in a group."""


PARTS = ("title", "body", "sms", "group")


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The words in one language; ``group`` is masked by itself, whatever grade the others have."""

    title: str
    body: str
    sms: str | None = None
    group: str | None = None

    def parts(self) -> Mapping[str, str]:
        """Those that are there."""
        named = {"title": self.title, "body": self.body, "sms": self.sms, "group": self.group}
        return {name: words for name, words in named.items() if words is not None}


@dataclass(frozen=True, kw_only=True)
class TemplateVersion:
    """One version; ``variables`` may be used, ``required`` have to be in every body.

    ``follows``: a community that had its own went back to what comes with the platform, and to what will come.
    ``event`` and ``audience`` are those that a template of a community's own was written for; ``variables`` are those
    that its words say. ``deleted``: no rule may use it any more, what was told by it reads as it did.
    ``codes`` is the table by which it calls coded answers (None: that of now).
    ``saved_by`` is an account (None: it came with the platform), ``saved_at`` business time; ``command_id`` and
    ``body_hash`` are those of the command that made it.
    """

    community_id: str
    template: str
    version: int
    grade: Grade
    variables: tuple[str, ...]
    required: tuple[str, ...]
    texts: Mapping[str, Wording]
    saved_by: str | None = None
    saved_at: datetime | None = None
    follows: bool = False
    event: str | None = None
    audience: str | None = None
    deleted: bool = False
    codes: int | None = None
    command_id: str | None = None
    body_hash: str | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """What it is stored under."""
        return version_id(self.community_id, self.template, self.version)


@dataclass(frozen=True)
class Problem:
    """What is wrong with words or a rule: ``field`` is a path like ``texts.en.body``."""

    field: str
    code: str
    sentence: Text


def version_id(community_id: str, template: str, version: int) -> str:
    """The id of one version of a template, or of the rules."""
    return f"{community_id}:{template}:{version}"
