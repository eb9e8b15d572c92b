"""What holds of the ledgers when everything was delivered."""

from datetime import datetime

from contracts.words import TicketStatus
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.hours_ledger import is_over
from services.volunteers.domain.take import Take
from tests.properties.house import House

_LETS_GO = {TicketStatus.CANCELLED, TicketStatus.MERGED}


def all_work_is_on_record(house: House) -> None:
    """Whoever was there and is done has one entry, and it counts each time that they came, once.

    Of who came when it was over already, as nobody had told them, no time is known: their entry makes none up.
    """
    entries = {entry.id: entry for entry in house.entries()}
    for demand in house.demands():
        for take in demand.takes:
            entry = entries.get(take.id)
            if is_over(take) and take.visits:
                assert entry is not None, f"{take.id} is done and not on record"
                assert [span.began for span in entry.spans] == _in_time(house, demand, take)
            if entry is not None:
                assert len(entry.known) == len(set(entry.known))
                assert sum(line.minutes for line in entry.lines) == entry.minutes


def _in_time(house: House, demand: Demand, take: Take) -> list[datetime]:
    """When they came, but for what was over by then; the clock of the plays may stand still between two visits."""
    over = _let_go_at(house, demand, take)
    ends = [(visit.arrived_at, visit.left_at or over) for visit in take.visits]
    return sorted({came for came, left in ends if left is None or came <= left})


def _let_go_at(house: House, demand: Demand, take: Take) -> datetime | None:
    """When the order was ended, given to others or taken in; None: it never was while they had the seat."""
    for envelope in house.journal.envelopes:
        if envelope.subject == demand.id and take.released is not None:
            known = envelope.data["snapshot"]
            if known["round"] > take.round or known["status"] in _LETS_GO or known.get("owner"):
                return datetime.fromisoformat(envelope.time)
    return None
