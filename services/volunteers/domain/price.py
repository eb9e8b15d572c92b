"""What it costs to leave an order unserved: scarcity never silently drops the urgent."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from contracts.words import Text, Urgency
from services.volunteers.domain.costs import Weights

RANKS: Mapping[Urgency, int] = {Urgency.EMERGENCY: 4, Urgency.URGENT: 3, Urgency.ORDINARY: 1, Urgency.WISH: 0}
"""Who is served first where there are too few: the rank above outweighs any walk, any load and any wait."""

LONG_WAITED = 2
"""The rank of ordinary orders and wishes that waited for ``LONG`` already: below the urgent, before all new ones."""

LONG = timedelta(hours=24)
SENTENCE = Text("缓急和等了多久:缺人时先办急的、等得久的", "urgency and age: where people lack, these come first")
"""What the price is, in one line for staff."""
WEIGHT = "age"
STEP = 10_000_000
"""Between two ranks, and of the lowest one above nothing: no chain of dearer choices in one match costs as much."""


def price(urgency: Urgency, since: datetime | None, now: datetime, weights: Weights) -> int:
    """What leaving a seat of an order unserved costs: by its rank, and within the rank by how long it waited."""
    waited = max(timedelta(0), now - since) if since is not None else timedelta(0)
    rank = RANKS[urgency]
    if rank < LONG_WAITED and waited >= LONG:
        rank = LONG_WAITED
    return (rank + 1) * STEP + min(STEP // 2, int(waited / timedelta(hours=1) * weights.age))
