"""Orders about the same thing, in the play: merged, split, whatever state they are in."""

from contracts.commands.merging import MergeTickets, SplitTicket
from tests.properties.house import DISPATCHER, House


def merge(house: House, a: int, b: int) -> None:
    """A dispatcher merges one order into another; often they do not fit."""
    if len(house.placed) > 1:
        id, into = house.placed[a % len(house.placed)], house.placed[b % len(house.placed)]
        house.command(house.merging.merge, MergeTickets(ticket_id=id, into=into), DISPATCHER)


def split(house: House, a: int, b: int) -> None:
    """A dispatcher splits one that is merged, if there is any."""
    merged = [id for id in house.placed if house.ticket(id).primary is not None]
    if merged:
        house.command(house.merging.split, SplitTicket(ticket_id=merged[a % len(merged)]), DISPATCHER)
