"""Commands to volunteers by which staff send suggestions and step into a search; all by staff of the order's area."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.volunteers import VolunteerCommand


@dataclass(frozen=True, kw_only=True)
class ReadSuggestion(VolunteerCommand):
    """The best for an order, as they wait for staff.

    Result: ``{"suggestion": None | {"number", "made_at", "send_at", "wanted", "choices": [{"rank", "member_id",
    "display_name", "why": [{"zh", "en"}]}]}}``; ``wanted`` is how many are asked if it sends itself.
    """

    METHOD: ClassVar[str] = "read_suggestion"
    demand_id: str


@dataclass(frozen=True, kw_only=True)
class SendSuggestion(VolunteerCommand):
    """Ask those of a suggestion with these ``ranks`` (1 the best); none named: the first, as many as are wanted.

    ``number`` guards against a touch on a suggestion that has been replaced. Result: ``{"ticket_id"}``.
    """

    METHOD: ClassVar[str] = "send_suggestion"
    demand_id: str
    number: int | None = None
    ranks: tuple[int, ...] = ()
