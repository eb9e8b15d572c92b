"""The counter, in the play: taken in, handed over, closed there; nobody else is looked for meanwhile."""

from contracts.commands.counter import CloseAtCounter, HandOver, TakeIn, TakeInNew
from contracts.counter import Signed
from contracts.words import Answer, ResultCode
from tests.properties.house import DISPATCHER, STAFF, House
from tests.properties.masters import WATCH
from tests.properties.moves import MOST_ORDERS
from tests.properties.moves_of_ledger import OFFICER


def take_in(house: House, a: int, b: int) -> None:
    """Staff take an order to the counter that was placed elsewhere; most items do not close there."""
    if house.placed:
        by = (OFFICER, DISPATCHER, STAFF)[b % 3]
        house.command(house.counter.take_in, TakeIn(ticket_id=house.placed[a % len(house.placed)]), by)


def take_in_new(house: House, a: int, b: int) -> None:
    """Somebody stands at the counter."""
    if len(house.placed) >= MOST_ORDERS:
        return
    id = f"order{len(house.placed) + 1}"
    order = TakeInNew(item_id=WATCH.id, area_id="heping-1", description="开个证明")
    if house.command(house.counter.take_in_new, order, OFFICER if b % 2 else STAFF, id):
        house.placed.append(id)


def hand_over(house: House, a: int, b: int) -> None:
    """A colleague owns it from now on."""
    owned = [id for id in house.placed if house.ticket(id).owner is not None]
    if owned:
        to = (OFFICER, DISPATCHER, STAFF)[b % 3].account_id
        command = HandOver(ticket_id=owned[a % len(owned)], to_account=to, reason_code="off_duty")
        house.command(house.counter.hand_over, command, DISPATCHER)


def close_at_counter(house: House, a: int, b: int) -> None:
    """Done, and said so there."""
    owned = [id for id in house.placed if house.ticket(id).owner is not None]
    if owned:
        command = CloseAtCounter(
            ticket_id=owned[a % len(owned)],
            answer=Answer.SATISFIED,
            solved=b % 3 != 2,
            signed=Signed.TAP,
            result=ResultCode.SOLVED,
        )
        house.command(house.counter.close, command, DISPATCHER if b % 2 else OFFICER)
