"""民呼我应: answers that everybody can read, in the words of staff."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AnswerState(StrEnum):
    """Where a public answer stands; withdrawn, its words are gone."""

    WRITTEN = "written"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class PublicAnswer:
    """What everybody may know of a public answer but its words; ``agreed`` is the version to which who ordered agreed.

    ``needs_agreement``: an order of its kind is never published without (design, section 8).
    """

    state: AnswerState
    version: int
    needs_agreement: bool
    agreed: int | None = None
    published_at: datetime | None = None
