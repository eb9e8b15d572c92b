"""What holds of the ledgers when everything was delivered."""

from datetime import datetime

from services.volunteers.domain.hours_ledger import SYSTEM, is_over
from services.volunteers.domain.take import Take
from tests.properties.house import House


def all_work_is_on_record(house: House) -> None:
    """Whoever was there and is done has one entry, and it counts each time that they came, once.

    Of who came when it was over already, as nobody had told them, no time is known: their entry makes none up.
    What staff said instead stands until they come once more.
    """
    entries = {entry.id: entry for entry in house.entries()}
    for demand in house.demands():
        for take in demand.takes:
            entry = entries.get(take.id)
            if is_over(take) and take.visits:
                assert entry is not None, f"{take.id} is done and not on record"
                assert list(entry.known) == _in_time(take)
                if all(line.by == SYSTEM for line in entry.lines):
                    assert [span.began for span in entry.spans] == _in_time(take)
            if entry is not None:
                assert len(entry.known) == len(set(entry.known))
                assert sum(line.minutes for line in entry.lines) == entry.minutes


def _in_time(take: Take) -> list[datetime]:
    """When they came, but for what was over by then; the clock of the plays may stand still between two visits."""
    ends = [(visit.arrived_at, visit.left_at or take.released_at) for visit in take.visits]
    return sorted({came for came, left in ends if left is None or came <= left})
