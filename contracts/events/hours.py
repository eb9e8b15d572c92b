"""What volunteers tells of the two ledgers: hours and workload. Never a word that anybody typed."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.hours import EntryState, Ledger, Wanting
from contracts.recusal import Recusal
from contracts.words import Text


@dataclass(frozen=True, kw_only=True)
class HoursSnapshot:
    """One entry after the command that led to the event. ``item_name`` is None where staff typed what was done.

    ``minutes`` are what stands, ``grade`` how good the evidence is (1 best, None: no time can be said yet). It names no
    order: whoever may read the entry reads that there.
    """

    id: str
    community_id: str
    member_id: str
    ledger: Ledger
    state: EntryState
    item_name: Text | None
    area_path: tuple[str, ...]
    minutes: int
    grade: int | None
    year: int
    recused: Recusal | None = None


class HoursEvent:
    """Marks the events of one entry of the ledgers."""

    AGGREGATE: ClassVar[str] = "hours"
    SOURCE: ClassVar[str] = "/shiliu/volunteers"
    SNAPSHOT: ClassVar[type] = HoursSnapshot
    TYPE: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class HoursWanted(HoursEvent):
    """Staff have to see to an entry before, or after, a time limit."""

    TYPE: ClassVar[str] = "shiliu.hours.wanted.v1"
    what: Wanting


@dataclass(frozen=True, kw_only=True)
class HoursAsked(HoursEvent):
    """Whoever served asked for a correction; the reason is sealed in volunteers."""

    TYPE: ClassVar[str] = "shiliu.hours.asked.v1"
    ask_id: str
    member_id: str


@dataclass(frozen=True, kw_only=True)
class HoursCorrected(HoursEvent):
    """Staff put an entry right or added one; ``granted`` is set where it had been asked for."""

    TYPE: ClassVar[str] = "shiliu.hours.corrected.v1"
    member_id: str
    minutes_before: int
    granted: bool | None = None


HOURS_EVENTS: tuple[type[HoursEvent], ...] = (HoursWanted, HoursAsked, HoursCorrected)
