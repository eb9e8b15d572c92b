"""Three strikes: what was given back or done once more three times is for somebody who stands above."""

from contracts.events.ledger import TicketStruckThree

EVERY = 3
"""So many returns and reworks together, and every so many after (design, section 5)."""


def strikes(count: int) -> tuple[TicketStruckThree, ...]:
    """What the return or rework number *count* says beside itself."""
    return (TicketStruckThree(strikes=count),) if count and count % EVERY == 0 else ()
