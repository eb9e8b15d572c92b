"""What holds of the ledgers when everything was delivered."""

from services.volunteers.domain.hours_ledger import is_over
from tests.properties.house import House


def all_work_is_on_record(house: House) -> None:
    """Whoever was there and is done has one entry, and it counts each time that they came, once."""
    entries = house.volunteers.entries
    for demand in house.demands():
        for take in demand.takes:
            entry = entries.get(take.id)
            came = [visit.arrived_at for visit in take.visits]
            if is_over(take) and came:
                assert entry is not None, f"{take.id} is done and not on record"
                assert [span.began for span in entry.spans] == came
            if entry is not None:
                assert len(entry.known) == len(set(entry.known))
                assert sum(line.minutes for line in entry.lines) == entry.minutes
