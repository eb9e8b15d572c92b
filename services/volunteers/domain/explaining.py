"""How a search went, wave by wave, as staff may see it: counts, never who did not come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from contracts.asked import FEWEST_ASKED
from contracts.words import OfferStatus
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.offer import Offer
from services.volunteers.domain.wave import WaveRecord


class Kind(StrEnum):
    """What a row tells of."""

    WAVE = "wave"
    BY_NAME = "by_name"
    """Those whom staff asked by name in a round, outside its waves."""
    END = "end"
    """The look at everybody with which the search of a round ended."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One wave. ``looked_at`` is None where no look is known of it: it was before looks were kept, or by name.

    ``invited`` of those who were asked were free to refuse; ``not_this_time`` and ``no_answer`` are None where they are
    not told. ``yes`` may be more than the seats it filled in the end: somebody may have given theirs back.
    """

    kind: Kind
    round: int
    wave: int
    at: datetime | None
    asked: int = 0
    invited: int = 0
    yes: int = 0
    not_this_time: int | None = 0
    no_answer: int | None = 0
    returned: int = 0
    withdrawn: int = 0
    waiting: int = 0
    looked_at: int | None = None
    stopped: Mapping[str, int] = field(default_factory=dict)
    beyond: int | None = None

    @property
    def found_nobody(self) -> bool:
        """Was everybody who was looked at stopped?"""
        return not self.asked and self.looked_at is not None and self.looked_at <= sum(self.stopped.values())


def rows_of(demand: Demand) -> Sequence[Row]:
    """All rounds, in the order in which things happened."""
    offers: dict[tuple[int, int], list[Offer]] = {}
    for offer in demand.offers:
        offers.setdefault((offer.round, offer.wave), []).append(offer)
    looks = {(one.round, one.wave): one for one in demand.looks}
    keys = sorted({*offers, *(key for key in looks if key[1])})
    found = [_row(key, offers.get(key, ()), looks.get(key) if key[1] else None) for key in keys]
    found += [_end(one) for one in demand.looks if not one.wave]
    return sorted(found, key=_when)


def rows_told(rows: Sequence[Row], in_all: bool) -> Sequence[Row]:
    """The rows as staff see them: the answers of fewer than three who were free to refuse are not told.

    See ``contracts.asked``. Where those of everybody are (*in_all*), the last row that might tell says nothing either,
    if without it what is left over would be the answers of fewer than three.
    """
    few = [row for row in rows if 0 < row.invited < FEWEST_ASKED]
    if in_all and 0 < sum(row.invited for row in few) < FEWEST_ASKED:
        few += [row for row in rows if row.invited >= FEWEST_ASKED][-1:]
    return [replace(row, not_this_time=None, no_answer=None) if row in few else row for row in rows]


def _row(key: tuple[int, int], offers: Sequence[Offer], look: WaveRecord | None) -> Row:
    tally = [offer.status for offer in offers]
    made = [offer.made_at for offer in offers if offer.made_at is not None]
    round, wave = key
    return Row(
        kind=Kind.WAVE if wave else Kind.BY_NAME,
        round=round,
        wave=wave,
        at=min(made, default=look.at if look else None),
        asked=len(tally),
        invited=sum(not offer.owed for offer in offers),
        yes=tally.count(OfferStatus.ACCEPTED),
        not_this_time=tally.count(OfferStatus.DECLINED),
        no_answer=tally.count(OfferStatus.EXPIRED),
        returned=tally.count(OfferStatus.RETURNED),
        withdrawn=tally.count(OfferStatus.WITHDRAWN),
        waiting=tally.count(OfferStatus.OPEN),
        looked_at=look.looked_at if look else None,
        stopped=look.stopped if look else {},
        beyond=look.beyond if look else None,
    )


def _end(look: WaveRecord) -> Row:
    return Row(
        kind=Kind.END,
        round=look.round,
        wave=0,
        at=look.at,
        looked_at=look.looked_at,
        stopped=look.stopped,
        beyond=look.beyond,
    )


def _when(row: Row) -> tuple[int, float, int]:
    return row.round, row.at.timestamp() if row.at else 0.0, row.wave
