"""Parts 分办件: the shares of one order that other departments do, each an order of its own; one owner, one end.

The order, its whole, is never done while one of its parts is open, and its parts close with it. Either tells the other
where it stands (``linked``), and whoever hears it reconciles: news may come late, twice, or not in order. A part has
no parts.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from contracts.counter import TicketPart
from contracts.decisions import Decided
from contracts.errors import Conflict
from contracts.events import Event
from contracts.events.counter import TicketPartAdded, TicketPartReported, TicketPartsChanged, TicketWholeReported
from contracts.events.ticket_snapshot import TicketSnapshot
from contracts.words import ENDED, Answer, ClosedBy, Nature, ResultCode, Text, TicketStatus
from services.tickets.domain.part_rows import open_of
from services.tickets.domain.ticket import Ticket

MOST_PARTS = 20
WHOLE = "whole"
"""By whose word a part is cancelled whose order was: those who had taken it are told, nobody else a second time."""
WHOLE_ENDED = "no_longer_needed"
_AT_WORK = frozenset({TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS})
_NO_WORD = frozenset({ClosedBy.SILENCE, ClosedBy.NOBODY})
_CALLED_OFF = frozenset({TicketStatus.CANCELLED, TicketStatus.REJECTED})

Decide = Callable[[Ticket | None], Decided[Ticket] | None]


def add(whole: Ticket, part: Decided[Ticket]) -> Decided[Ticket]:
    """The order with one more part, which is a new order already; the answer is the part's.

    Raises Conflict where the order is a part itself, nobody owns it, it is over, or it has as many as it may.
    """
    new = part.aggregate
    _must_take(whole, new)
    row = TicketPart(
        ticket_id=new.id, number=new.number, item_id=new.item_id, item_name=new.item_name, status=new.status
    )
    after = replace(whole, parts=(*whole.parts, row))
    return Decided(after, (TicketPartAdded(part_id=new.id),), {**part.result, "part_of": whole.id})


def linked(decide: Decide) -> Decide:
    """*decide*, whose outcome also tells the whole of a part, and the parts of a whole, where it stands now."""

    def told(before: Ticket | None) -> Decided[Ticket] | None:
        decided = decide(before)
        if decided is None:
            return None
        after = decided.aggregate
        if not (after.part_of or after.parts) or (before is not None and before.status is after.status):
            return decided
        more: list[Event] = []
        if after.part_of is not None and before is not None:
            more.append(TicketPartReported())
        if after.parts:
            more.append(TicketWholeReported())
        return replace(decided, events=(*decided.events, *more))

    return told


def follow_part(whole: Ticket, part: TicketSnapshot, version: int) -> Decided[Ticket] | None:
    """The order after the news of one of its parts (version *version* of it); None where newer news is known.

    Done already, it is taken up again where a part is. Who did the part had a part in the whole.
    """
    known = next((row for row in whole.parts if row.ticket_id == part.id), None)
    if known is None or version <= known.version:
        return None
    row = replace(known, status=part.status, result=part.result, version=version)
    after = replace(
        whole,
        parts=tuple(row if one is known else one for one in whole.parts),
        handled_by=tuple(dict.fromkeys([*whole.handled_by, *part.handlers])),
    )
    all_done = not known.done and not open_of(after.parts)
    changed = TicketPartsChanged(part_id=part.id, part_status=part.status, all_done=all_done)
    if whole.status is TicketStatus.COMPLETED and open_of(after.parts):
        again = after.rework(None)
        return Decided(again.aggregate, (changed, *again.events), again.result)
    return Decided(after, (changed,), after.answer_to_caller())


def follow_whole(part: Ticket, whole: TicketSnapshot, now: datetime) -> Decided[Ticket] | None:
    """The part after the news of its whole; None where that changes nothing.

    Closed with its whole is what is done of it, by the whole's word; what is not done goes on and is asked about by
    itself. Of an order that was called off every part is off.
    """
    if part.part_of != whole.id or whole.status not in ENDED or part.status in ENDED or part.stands_alone:
        return None
    if part.status is TicketStatus.COMPLETED:
        return part.confirm(_by_whom(whole), None, _was_solved(whole), None, now)
    if whole.status in _CALLED_OFF:
        return part.cancel(WHOLE, WHOLE_ENDED, None, None, now)
    after = replace(part, stands_alone=True)
    return Decided(after, (), after.answer_to_caller())


def _by_whom(whole: TicketSnapshot) -> ClosedBy:
    """Nobody's word, or silence, is no word on a part either."""
    if whole.status is not TicketStatus.CLOSED or whole.closed_by is None:
        return ClosedBy.NOBODY
    return whole.closed_by if whole.closed_by in _NO_WORD else ClosedBy.WHOLE


def _was_solved(whole: TicketSnapshot) -> bool:
    """Did whoever closed the whole say that what was done is well? Of a whole that is not solved, their content."""
    if whole.status is not TicketStatus.CLOSED or whole.closed_by is ClosedBy.NOBODY:
        return False
    if whole.result is ResultCode.SOLVED:
        return bool(whole.resolved)
    return whole.answer is not Answer.UNSATISFIED


def _must_take(whole: Ticket, part: Ticket) -> None:
    if whole.part_of is not None:
        raise Conflict("part-of-another", Text(zh="分办件不能再分", en="this is a part itself: a part has no parts"))
    if whole.owner is None:
        raise Conflict("not-taken-in", Text(zh="这一单还没有在窗口接办", en="nobody has taken it in at the counter"))
    if whole.status not in _AT_WORK:
        raise Conflict("order-ended", Text(zh="这件事已经办完了", en="the order is done: nothing is added"))
    if len(whole.parts) >= MOST_PARTS:
        raise Conflict("too-many-parts", Text(zh=f"最多分成 {MOST_PARTS} 件", en=f"at most {MOST_PARTS} parts"))
    if Nature.COMPLAINT in (whole.nature, part.nature):
        raise Conflict("complaint-apart", Text(zh="投诉要单独提", en="a complaint goes by itself"))
