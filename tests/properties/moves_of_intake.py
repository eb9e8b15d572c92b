"""What staff did on the spot, in the play: done before it was written down, and taken up where it was not solved."""

from contracts.commands.intake import HandleTicket
from contracts.words import PictureKind
from tests.properties.house import RESIDENT, STAFF, House
from tests.properties.masters import WATCH
from tests.properties.moves import MOST_ORDERS


def handle(house: House, a: int, b: int) -> None:
    """Staff enter what they did; every other time a resident had brought it up, every ninth sounds dangerous."""
    if len(house.placed) >= MOST_ORDERS:
        return
    done = HandleTicket(
        item_id=WATCH.id,
        area_id="heping-1",
        description="插座冒火花,已断电" if b % 9 == 8 else "已断开",
        requester_id=RESIDENT.account_id if a % 2 else None,
        pictures=(PictureKind.AFTER,),
    )
    id = f"order{len(house.placed) + 1}"
    if house.command(house.handling.handle, done, STAFF, id):
        house.placed.append(id)
