"""The part of an order that nobody sees without a reveal. All of it is sealed before it gets here."""

from dataclasses import dataclass
from datetime import datetime

from contracts.talk import Side


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody typed beside a step, sealed; ``action`` names the step.

    ``side``: somebody spoke who took no step, on that side of the order; ``internal``: for staff and crew alone.
    """

    action: str
    sealed: bytes
    at: datetime
    side: Side | None = None
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class SealedSums:
    """The sums of one cash slip."""

    number: int
    sealed: bytes


@dataclass(frozen=True, kw_only=True)
class Private:
    """The part nobody sees without a reveal: sealed before it gets here. ``area`` is the exact place below the grid,
    ``point`` where it was tapped on a map.

    None is what was forgotten, since it was kept for its time. ``external_number`` is upstream's own, of an order from
    there.
    """

    description: bytes | None
    area: bytes | None
    notes: tuple[Note, ...] = ()
    door_word: bytes | None = None
    point: bytes | None = None
    answers: bytes | None = None
    external_number: bytes | None = None
    cash: tuple[SealedSums, ...] = ()
    published: bytes | None = None
