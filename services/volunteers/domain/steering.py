"""Who sends the offers of a demand: what is kept of suggestions, of waiting for staff, and of what staff did."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from contracts.decisions import Due
from contracts.hands_on import Intervention, SteeringSnapshot, SuggestionMark, SuggestionOutcome
from services.volunteers.domain.choice import Choice


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """The best for an order, best first, as staff are shown them; at ``send_at`` it sends itself.

    It is forgotten whole once it is settled: who was suggested and not asked is kept nowhere.
    """

    number: int
    round: int
    made_at: datetime
    send_at: datetime
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What became of one suggestion; ``taken_ranks`` are those of it who were asked, 1 the best. It names nobody."""

    number: int
    at: datetime
    outcome: SuggestionOutcome
    taken_ranks: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Nobody is asked until staff act; they were told ``times`` times, and are again at ``remind_at``."""

    remind_at: datetime
    times: int


@dataclass(frozen=True, kw_only=True)
class Officer:
    """In ``round`` nobody took it and it came to the duty officer; ``offer`` is theirs, as long as it is waited for."""

    round: int
    offer: str | None = None


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Whose hand it was: the account behind the intervention with this ``number``. In no event and no snapshot.

    ``note`` is what they typed beside the reason, sealed for them; ``about``, where there is one, the member whom the
    step was about: they may know who has read it. Both are forgotten together.
    """

    number: int
    account_id: str
    note: bytes | None = None
    about: str | None = None


@dataclass(frozen=True, kw_only=True)
class Steering:
    """``let_go`` is the round whose first suggestion was sent: from then on its offers go out by themselves.

    ``pinned`` is the offer of a member who is asked alone; it counts as long as it is open. ``officer``: by the ladder
    it came to whoever is on duty (``domain.officer``).
    """

    suggestion: Suggestion | None = None
    settled: tuple[Settled, ...] = ()
    let_go: int = 0
    waits: Waits | None = None
    frozen: bool = False
    pinned: str | None = None
    officer: Officer | None = None
    interventions: tuple[Intervention, ...] = ()
    hands: tuple[Hand, ...] = ()

    def deadlines(self) -> tuple[Due, ...]:
        """When a suggestion sends itself, when staff are reminded; no key ever comes twice."""
        found = []
        if self.suggestion is not None:
            found.append(Due(f"suggest:{self.suggestion.number}", self.suggestion.send_at))
        if self.waits is not None:
            found.append(Due(f"waits:{self.waits.remind_at.isoformat()}", self.waits.remind_at))
        return tuple(found)

    def after(self, outcome: SuggestionOutcome, now: datetime, ranks: tuple[int, ...] = ()) -> Self:
        """With the suggestion settled, if there is one."""
        if self.suggestion is None:
            return self
        settled = Settled(number=self.suggestion.number, at=now, outcome=outcome, taken_ranks=ranks)
        return replace(self, suggestion=None, settled=(*self.settled, settled))

    def snapshot(self, pinned: bool) -> SteeringSnapshot | None:
        """What staff may see at a glance; None where there is nothing to see."""
        shown = SteeringSnapshot(
            suggestion=_mark(self.suggestion) if self.suggestion else None,
            waits=self.waits is not None,
            frozen=self.frozen,
            pinned=pinned,
            interventions=self.interventions,
        )
        return None if shown == SteeringSnapshot() else shown


NOT_STEERED = Steering()
"""Nothing was suggested, and staff never stepped in."""


def _mark(suggestion: Suggestion) -> SuggestionMark:
    return SuggestionMark(number=suggestion.number, send_at=suggestion.send_at, count=len(suggestion.choices))
