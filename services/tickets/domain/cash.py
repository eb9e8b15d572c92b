"""Cash slips (product, point 21): the money of an errand, said by one side and confirmed by the other, never above the
item's limit. An order with money that is still out does not end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contracts.actor import Actor
from contracts.cash import CashSide, SlipStep
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.events.cash import TicketCashChanged
from contracts.words import Permit, Text, TicketStatus
from services.tickets.domain import relations
from services.tickets.domain.slips import open_slips
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import Slip

FEN = 100
_AT_WORK = frozenset({TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS})
_NEXT = {
    (SlipStep.HANDED, True): SlipStep.OUT,
    (SlipStep.HANDED, False): SlipStep.VOID,
    (SlipStep.RETURNED, True): SlipStep.SETTLED,
    (SlipStep.RETURNED, False): SlipStep.OUT,
}
"""What a slip that waits becomes, by whether the other side says that it is right."""
_OTHER = {CashSide.SERVED: CashSide.CREW, CashSide.CREW: CashSide.SERVED}


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What is private of a slip: fen that went out, were spent, came back; the receipt's picture."""

    out_fen: int
    spent_fen: int | None = None
    change_fen: int | None = None
    receipt: str | None = None


def hand(ticket: Ticket, actor: Actor, out_fen: int, before: Sequence[Sums]) -> Decided[Ticket]:
    """Money goes out; *before* are the sums of its slips that are not void. Raises Refused, Conflict, Invalid."""
    if ticket.cash_limit is None:
        raise Refused(
            "no-cash-here",
            Text(zh="这类服务不经手现金", en="no money passes through anybody's hands here"),
        )
    if ticket.status not in _AT_WORK:
        raise Conflict("nobody-to-hand-it", Text(zh="要先有人接单", en="somebody has to have taken it first"))
    if any(slip.step is SlipStep.HANDED for slip in ticket.slips):
        raise Conflict("slip-waits", Text(zh="上一张小票还没有核对", en="the slip before waits to be confirmed"))
    if out_fen <= 0:
        raise Invalid("sum", Text(zh="金额要大于 0", en="a sum is above 0"), field="out_fen")
    if out_fen + sum(one.out_fen for one in before) > ticket.cash_limit * FEN:
        raise Invalid(
            "above-limit",
            Text(
                zh=f"每次不超过 {ticket.cash_limit} 元;更多的请本人、家人或社区直接付款",
                en=f"{ticket.cash_limit} yuan an errand at most; beyond it the person, family or staff pay directly",
            ),
            field="out_fen",
        )
    by = sides(ticket, actor)[0]
    slip = Slip(number=len(ticket.slips) + 1, step=SlipStep.HANDED, waits_for=_OTHER[by], said_by=actor.account_id)
    return _changed(replace(ticket, slips=(*ticket.slips, slip)), slip)


def give_back(ticket: Ticket, actor: Actor, number: int, sums: Sums, *, no_receipt: bool) -> Decided[Ticket]:
    """What is left comes back; whoever ran the errand says so, and may put it right until it is confirmed."""
    slip = must_have(ticket, number)
    may = sides(ticket, actor)
    if slip.step not in (SlipStep.OUT, SlipStep.RETURNED):
        raise Conflict("slip-not-out", Text(zh="这张小票现在不能找零", en="nothing of this slip is out now"))
    if CashSide.CREW not in may:
        raise Refused("crew-only", Text(zh="由经手的人填写", en="whoever ran the errand says so"))
    spent, change = sums.spent_fen or 0, sums.change_fen or 0
    if min(spent, change) < 0 or spent + change != sums.out_fen:
        raise Invalid(
            "does-not-add-up",
            Text(zh="花的和找回的加起来要等于交出的钱", en="spent and change together are what was handed over"),
            field="change_fen",
        )
    if spent and sums.receipt is None and not no_receipt:
        raise Invalid(
            "receipt-needed",
            Text(zh="请先上传票据照片;没有请写明 no_receipt", en="send the receipt's picture, or say no_receipt"),
            field="receipt",
        )
    after = replace(slip, step=SlipStep.RETURNED, waits_for=CashSide.SERVED, said_by=actor.account_id)
    return _changed(_with(ticket, after), after)


def confirm(ticket: Ticket, actor: Actor, number: int, *, right: bool) -> Decided[Ticket]:
    """The other side says that it is right, or not: then the money is where it was, and staff look into it."""
    slip = must_have(ticket, number)
    if slip.waits_for is None:
        raise Conflict("nothing-to-confirm", Text(zh="这张小票没有要核对的", en="there is nothing to confirm"))
    if slip.waits_for not in sides(ticket, actor) or actor.account_id == slip.said_by:
        raise Refused("other-side", Text(zh="要由另一方核对", en="the other side confirms it"))
    after = replace(slip, step=_NEXT[slip.step, right], waits_for=None, said_by=actor.account_id)
    return _changed(_with(ticket, after), after, refused=not right)


def must_be_even(ticket: Ticket) -> None:
    """Raises Conflict ``cash-open`` while money of the order is out, or a slip waits to be confirmed."""
    if open_slips(ticket.slips):
        raise Conflict(
            "cash-open", Text(zh="还有现金没有结清,请先核对小票", en="money is still out: settle the cash slip first")
        )


def is_settled(ticket: Ticket) -> bool:
    """Did money pass, and is it even?"""
    return any(slip.step is SlipStep.SETTLED for slip in ticket.slips) and not open_slips(ticket.slips)


def sides(ticket: Ticket, actor: Actor) -> tuple[CashSide, ...]:
    """For whom the actor may speak, first for whom they do of themselves; raises Refused for anybody else."""
    if ticket.holds(actor.member_id):
        return (CashSide.CREW,)
    if relations.is_requester(ticket, actor) or relations.delegate_may(ticket, actor, Permit.CONFIRM):
        return (CashSide.SERVED,)
    relations.must_be_staff(ticket, actor)
    return (CashSide.SERVED, CashSide.CREW)


def must_have(ticket: Ticket, number: int) -> Slip:
    """The slip with this number; raises NotFound."""
    for slip in ticket.slips:
        if slip.number == number:
            return slip
    raise NotFound("no-such-slip", Text(zh="没有这张小票", en="there is no such slip"))


def _with(ticket: Ticket, slip: Slip) -> Ticket:
    return replace(ticket, slips=tuple(slip if one.number == slip.number else one for one in ticket.slips))


def _changed(ticket: Ticket, slip: Slip, *, refused: bool = False) -> Decided[Ticket]:
    event = TicketCashChanged(slip=slip.number, step=slip.step, waits_for=slip.waits_for, refused=refused)
    return Decided(ticket, (event,), ticket.answer_to_caller())
