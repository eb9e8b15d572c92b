"""Fresh reads from volunteers that say why: how a search went, for staff; why somebody sees no offers, for members."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.volunteers import VolunteerCommand


@dataclass(frozen=True, kw_only=True)
class ReadSearch(VolunteerCommand):
    """How the search for an order went, for staff of its area; nobody who did not come is named.

    Result: ``{"demand_id", "number", "status", "round", "wave", "seats", "open_seats", "counts", "terms", "waves":
    [{"kind", "round", "wave", "at", "asked", "yes", "not_this_time", "no_answer", "returned", "withdrawn", "waiting",
    "looked_at", "gates", "sentence"}], "now": None | {"looked_at", "fits", "gates", "sentence"}, "costs": [{"cost",
    "sentence", "weights": [{"name", "value"}]}], "frozen", "waits", "suggestion", "suggestions", "interventions"}``;
    ``gates`` is ``[{"gate", "count", "sentence": {"zh", "en"}}]``, ``sentence`` beside it why nobody was left, None
    where somebody was; ``not_this_time``, ``no_answer`` and the counts of the same are None where they would say whose
    answer it was (``contracts.asked``); ``costs`` is what whom to ask first is chosen by, weighed in tenths of a minute
    on foot.
    """

    METHOD: ClassVar[str] = "read_search"
    demand_id: str


@dataclass(frozen=True, kw_only=True)
class ReadWhyNone(VolunteerCommand):
    """Why the acting member sees no offers now.

    Result: ``{"waiting", "sentence", "reasons": [{"gate", "sentence"}], "orders", "gates": [{"gate", "count",
    "sentence"}]}``: ``waiting`` offers wait for their answer; ``reasons`` are about themselves; ``orders`` want people
    in the community, by what keeps the member from them (``teams``, ``suit`` and ``claim`` beside the gates). A count
    is None where there are only a few.
    """

    METHOD: ClassVar[str] = "read_why_none"
