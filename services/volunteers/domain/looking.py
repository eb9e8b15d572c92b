"""What a look for people saw, in numbers alone: how many were looked at, and how many each gate stopped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import overload

from services.volunteers.domain.choice import Choice
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import stopped_by
from services.volunteers.domain.need import Candidate, Need
from services.volunteers.domain.walking import metres
from services.volunteers.domain.wave import WaveRecord

KEPT = 24
"""So many looks of a demand are remembered: three waves of eight rounds. The oldest go first."""

STEP = 500
"""Metres. How near the nearest is who does not come so far is told in whole steps, rounded down: nobody is found by
it."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """``stopped`` holds how many each gate stopped, by its name; each counts for the first one that did.

    ``beyond``: nobody whom the distance alone stopped starts within so many metres; None where that says nothing.
    """

    looked_at: int = 0
    stopped: Mapping[str, int] = field(default_factory=dict)
    beyond: int | None = None

    def plus(self, other: "Look") -> "Look":
        """Both together, as one look further out, or at another role of a crew."""
        names = dict.fromkeys((*self.stopped, *other.stopped))
        both = {name: self.stopped.get(name, 0) + other.stopped.get(name, 0) for name in names}
        known = [one for one in (self.beyond, other.beyond) if one is not None]
        return Look(looked_at=self.looked_at + other.looked_at, stopped=both, beyond=min(known, default=None))


@dataclass(frozen=True)
class Found(Sequence[Choice]):
    """Whom a look found, best first, and what it saw."""

    choices: tuple[Choice, ...] = ()
    look: Look = Look()

    def __len__(self) -> int:
        return len(self.choices)

    @overload
    def __getitem__(self, at: int) -> Choice: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Choice]: ...

    def __getitem__(self, at: int | slice) -> Choice | Sequence[Choice]:
        return self.choices[at]


def look_at(need: Need, candidates: Iterable[Candidate]) -> Look:
    """All of them, gate by gate."""
    seen, stopped, far = 0, dict[str, int](), list[float]()
    for candidate in candidates:
        seen += 1
        gate = stopped_by(need, candidate)
        if gate is None:
            continue
        stopped[gate.counted] = stopped.get(gate.counted, 0) + 1
        start = candidate.member.start
        if gate.name == "far" and start is not None and need.place is not None:
            far.append(metres(start, need.place))
    beyond = int(min(far) // STEP) * STEP if far else None
    return Look(looked_at=seen, stopped=stopped, beyond=beyond or None)


def noted(demand: Demand, before: Demand, look: Look, now: datetime) -> Demand:
    """*demand*, which was *before*, with what the look in between saw.

    A look after which nobody was asked belongs to the wave that would have been; the next look of it takes its place.
    """
    asked = len(demand.offers) - len(before.offers)
    return _with(demand, before.wave + 1, look, asked, now)


def noted_at_the_end(demand: Demand, look: Look, now: datetime) -> Demand:
    """The same of the look at the whole community with which a search ends: it is nobody's wave."""
    return _with(demand, 0, look, 0, now)


def _with(demand: Demand, wave: int, look: Look, asked: int, now: datetime) -> Demand:
    record = WaveRecord(
        round=demand.round,
        wave=wave,
        at=now,
        asked=asked,
        looked_at=look.looked_at,
        stopped=dict(look.stopped),
        beyond=look.beyond,
    )
    others = [one for one in demand.looks if (one.round, one.wave) != (record.round, record.wave)]
    return replace(demand, looks=(*others, record)[-KEPT:])
