"""What people may ask for about an order, and who decides it; now and then who may not."""

from datetime import datetime, timedelta

from contracts.actor import Role
from contracts.commands.ledger import AskFor, DecideRequest, ResumeTicket
from contracts.ledger import LedgerRow, RequestKind, RequestState
from services.tickets.domain.ticket import Ticket
from tests.builders import a_member_actor, an_actor
from tests.properties.house import DISPATCHER, STAFF, House
from tests.properties.masters import MEMBERS

OFFICER = an_actor(Role.DUTY, account_id="a-officer")
CHIEF = an_actor(Role.BLOCK_CHIEF)
KINDS = (RequestKind.HOLD, RequestKind.RETURN, RequestKind.HOLD, RequestKind.EXTENSION, RequestKind.REASSIGN)
_DAY = timedelta(days=1)


def ask_for(house: House, a: int, b: int) -> None:
    """The lead or an officer ask for one thing or another; every eleventh time for the end of it."""
    if not house.placed:
        return
    ticket = house.ticket(house.placed[a % len(house.placed)])
    kind = RequestKind.VOID if b % 11 == 10 else KINDS[b % len(KINDS)]
    lead = ticket.lead if a % 2 and kind not in (RequestKind.VOID, RequestKind.REASSIGN) else None
    until = {RequestKind.HOLD: house.clock.now() + (1 + b % 3) * _DAY, RequestKind.EXTENSION: _later(ticket, b)}
    command = AskFor(
        ticket_id=ticket.id,
        kind=kind,
        reason_code="parts_missing",
        until=until.get(kind),
        member_id=MEMBERS[b % len(MEMBERS)].id if kind is RequestKind.REASSIGN else None,
        note="等配件" if b % 4 == 0 else None,
    )
    house.command(house.ledger.ask, command, OFFICER if lead is None else a_member_actor(lead))


def decide_request(house: House, a: int, b: int) -> None:
    """Somebody grants or refuses what waits; every seventh time it is who asked."""
    waiting = [(id, row) for id in house.placed for row in house.ticket(id).ledger if row.state is RequestState.ASKED]
    if waiting:
        id, row = waiting[a % len(waiting)]
        command = DecideRequest(ticket_id=id, request_id=row.id, approved=b % 4 != 3)
        house.command(house.ledger.decide, command, (DISPATCHER, STAFF, CHIEF)[b % 3] if b % 7 else OFFICER)


def resume(house: House, a: int, b: int) -> None:
    """An officer ends a hold before its time."""
    held = [id for id in house.placed if any(one.ended_at is None for one in house.ticket(id).held)]
    if held:
        house.command(house.ledger.resume, ResumeTicket(ticket_id=held[a % len(held)]), OFFICER)


def _later(ticket: Ticket, b: int) -> datetime | None:
    promised = ticket.unheld or ticket.deadlines
    return None if promised is None else promised.resolve_by + (1 + b % 2) * _DAY


class OnlyAdded:
    """After each step: no line of a ledger is gone or another, and none is decided twice or by who asked."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[LedgerRow, ...]] = {}

    def __call__(self, house: House) -> None:
        for id in house.placed:
            ticket = house.ticket(id)
            before, now = self._known.get(id, ()), ticket.ledger
            assert len(now) >= len(before)
            for was, row in zip(before, now, strict=False):
                assert (was.id, was.kind, was.asked_by, was.asked_at) == (row.id, row.kind, row.asked_by, row.asked_at)
                assert was.state is RequestState.ASKED or was == row, f"{was} became {row}"
            assert all(row.decided_by != row.asked_by for row in now)
            assert sum(one.ended_at is None for one in ticket.held) <= 1
            self._known[id] = now
