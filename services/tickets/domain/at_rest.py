"""What becomes of holds and requests when an order is done or ended: of the tuples alone, for the order uses it."""

from dataclasses import replace
from datetime import datetime

from contracts.ledger import Hold, LedgerRow, RequestState, Resumed


def over(held: tuple[Hold, ...], end: datetime, by: Resumed) -> tuple[Hold, ...]:
    """*held* with the hold that stood, if there is one, ended; it stays on record."""
    return tuple(one if one.ended_at else replace(one, ended_at=end, ended_by=by) for one in held)


def lapsed(ledger: tuple[LedgerRow, ...], now: datetime) -> tuple[LedgerRow, ...]:
    """*ledger* where nobody has to decide any more."""
    return tuple(
        replace(row, state=RequestState.LAPSED, decided_at=now) if row.state is RequestState.ASKED else row
        for row in ledger
    )
