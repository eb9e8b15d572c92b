"""What an order knows of its parts: which are still open, and that it is not done before they are."""

from collections.abc import Iterable

from contracts.counter import TicketPart
from contracts.errors import Conflict
from contracts.words import Text


def open_of(parts: Iterable[TicketPart]) -> tuple[TicketPart, ...]:
    """Those whose work is not over."""
    return tuple(part for part in parts if not part.done)


def must_all_be_done(parts: Iterable[TicketPart]) -> None:
    """Raises Conflict ``parts-open``, which names them."""
    numbers = [part.number for part in open_of(parts)]
    if numbers:
        raise Conflict(
            "parts-open",
            Text(zh=f"还有分办件没办完:{'、'.join(numbers)}", en=f"parts are not done yet: {', '.join(numbers)}"),
        )
