"""Orders about the same thing are one task: one of them is done, and the others end with it (design, section 5).

Depth is one: what is merged into another has none merged into itself, and whatever has some is merged into nothing.
Who ordered keeps what is theirs: their callback, their answer, their word that it is not solved. The news of either
side may come late, twice, or in any order: an order looks at the other as it is now and at the turn it waits for.
"""

from dataclasses import replace
from datetime import datetime

from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid
from contracts.events.merging import TicketGathered, TicketMerged, TicketSplit
from contracts.events.tickets import TicketCompleted, TicketReworked
from contracts.merging import Primary
from contracts.words import ENDED, Nature, Text, TicketStatus
from services.tickets.domain.cash import must_be_even
from services.tickets.domain.done_with import as_done
from services.tickets.domain.lifecycle import TAKES_HOLDERS, Action
from services.tickets.domain.promises import done_for_too, done_without
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import Said, with_answer
from services.tickets.domain.whistles import is_at_it, taken_up

MOST = 50
"""So many orders are merged into one at most."""
_BETWEEN_TWO = frozenset({"mediation"})
_SERVED_NOW = frozenset({TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS})
_DONE = frozenset({TicketStatus.COMPLETED, TicketStatus.CLOSED})
_UNSERVED = ENDED - _DONE

Pair = tuple[Decided[Ticket], Decided[Ticket]]
"""What becomes of the order that is merged, and of the one that is done for both."""


def is_between_two(ticket: Ticket) -> bool:
    """Is it nobody else's to know of? A complaint or a quarrel is never done together with another's order."""
    return ticket.nature is Nature.COMPLAINT or ticket.category in _BETWEEN_TWO


def is_served_with(ticket: Ticket, primary: Ticket, member_id: str) -> bool:
    """Is the member at work on *primary*, for which *ticket* waits?"""
    return _waits_for(ticket, primary) and primary.status in _SERVED_NOW and primary.holds(member_id)


def merge(ticket: Ticket, into: Ticket, now: datetime) -> Pair:
    """*ticket*, which the community has accepted, waits for *into* from now on; whoever had it is released.

    That is an answer to whoever ordered it. Raises Invalid or Conflict where the two do not fit.
    """
    _must_fit(ticket, into)
    after = (
        ticket.at_rest(now)
        .without_crew()
        .moved(
            Action.MERGE,
            primary=Primary(into.id, into.number),
            primary_turn=into.turn,
            times=with_answer(ticket.times, now),
        )
    )
    told = TicketMerged(primary=Primary(into.id, into.number), released=ticket.holders)
    gathered = _gathered(into, ticket, now)
    return (
        Decided(after, (told,), after.answer_to_caller()),
        Decided(gathered, (TicketGathered(),), gathered.answer_to_caller()),
    )


def split(ticket: Ticket, primary: Ticket, now: datetime) -> Pair:
    """*ticket* goes on by itself, in a new round. Raises Conflict where it is none of *primary*'s, or that is done."""
    _must_belong(ticket, primary)
    if primary.status in _DONE and primary.turn >= ticket.primary_turn:
        raise Conflict(
            "primary-done",
            Text(
                zh=f"{primary.number} 已经办好,这一单也随之完成;没解决可以要求再办",
                en=f"{primary.number} is done, and this order with it: if it is not solved, ask for it once more",
            ),
        )
    left = replace(primary, merged=tuple(one for one in primary.merged if one != ticket.id))
    left = done_without(left, ticket.id, now)
    return alone(ticket, now), Decided(left, (TicketGathered(),), left.answer_to_caller())


def alone(ticket: Ticket, now: datetime) -> Decided[Ticket]:
    """A merged order that is no longer one: people are looked for, and whoever had it once is not held to it."""
    primary = ticket.primary or Primary(ticket.id, ticket.number)
    split_off = ticket.moved(
        Action.SPLIT,
        primary=None,
        primary_turn=0,
        owner=None,
        handled_by=ticket.owners,
        round=ticket.round + 1,
        round_news=(*ticket.round_news, ticket.demand_version),
    )
    after = taken_up(split_off, now)
    return Decided(after, (TicketSplit(primary=primary),), after.answer_to_caller())


def follow_done(ticket: Ticket, primary: Ticket, now: datetime) -> Decided[Ticket] | None:
    """The merged order, after the one it waits for was completed; None where it does not wait for that."""
    if not _waits_for(ticket, primary) or primary.status not in _DONE or primary.turn < ticket.primary_turn:
        return None
    if primary.result is None:
        return None
    after = ticket.moved(
        Action.FOLLOW,
        times=replace(with_answer(ticket.times, now), completed_at=now),
        **as_done(ticket, primary),
    )
    told = TicketCompleted(result=primary.result, by_member=None, headcount=None)
    return Decided(after, (told,), after.answer_to_caller())


def follow_cancelled(
    ticket: Ticket, primary: Ticket, reason_code: str, go_to: str | None, now: datetime
) -> Decided[Ticket] | None:
    """The merged order, after the one it waits for ended without service.

    The community's word (*go_to* says where help is to be had) is for all; what its own requester, or their death,
    ended goes on for the others (``is_theirs_alone``): this one by itself.
    """
    if not _waits_for(ticket, primary) or primary.status not in _UNSERVED:
        return None
    if is_theirs_alone(primary, go_to):
        return alone(ticket, now)
    return ticket.cancel("staff", reason_code, go_to, None, now)


def is_theirs_alone(primary: Ticket, go_to: str | None) -> bool:
    """Did an order end for its own requester only, and not because the community does not serve it?"""
    return go_to is None or primary.called_off


def goes_on(ticket: Ticket) -> bool:
    """Is it under way by itself, so that others may wait for it?"""
    return ticket.primary is None and ticket.status in TAKES_HOLDERS and len(ticket.merged) < MOST


def inherit(ticket: Ticket, heir: Ticket, primary: Ticket, now: datetime) -> Pair | None:
    """*ticket* waits for *heir* from now on, which was merged into *primary* like itself and goes on in its place.

    None where it does not wait for *primary* any more, or the heir does not go on.
    """
    if not _waits_for(ticket, primary) or not goes_on(heir):
        return None
    known = Primary(heir.id, heir.number)
    after = replace(ticket, primary=known, primary_turn=heir.turn)
    gathered = _gathered(heir, ticket, now)
    return (
        Decided(after, (TicketMerged(primary=known),), after.answer_to_caller()),
        Decided(gathered, (TicketGathered(),), gathered.answer_to_caller()),
    )


def ask_again(primary: Ticket, ticket: Ticket, now: datetime) -> Decided[Ticket] | None:
    """The order that is done for others, after *ticket* (one of them) said that it is not solved.

    None where that is known, or somebody is at it already. Its own requester's answer stays as it was.
    """
    if not _waits_for(ticket, primary) or primary.turn >= ticket.primary_turn or primary.status not in _DONE:
        return None
    if primary.status is TicketStatus.CLOSED:
        primary = _opened_again(primary)
    again = primary.rework(None)
    events = tuple(
        replace(event, for_another=True) if isinstance(event, TicketReworked) else event for event in again.events
    )
    return replace(again, aggregate=done_for_too(again.aggregate, ticket, now), events=events)


def left_behind(ticket: Ticket, primary: Ticket, now: datetime) -> Decided[Ticket] | None:
    """The merged order, where the one that it asks again ended without service meanwhile: it goes on by itself."""
    return alone(ticket, now) if _waits_for(ticket, primary) and primary.status in _UNSERVED else None


def _opened_again(primary: Ticket) -> Ticket:
    return primary.moved(
        Action.REOPEN,
        said=Said(by=primary.closed_by, answer=primary.answer, resolved=primary.resolved),
        answer=None,
        closed_by=None,
        resolved=None,
        times=replace(primary.times, ended_at=None),
    )


def _gathered(primary: Ticket, ticket: Ticket, now: datetime) -> Ticket:
    """One that went on by itself meanwhile and comes back is there once."""
    merged = (*(one for one in primary.merged if one != ticket.id), ticket.id)
    return done_for_too(replace(primary, merged=merged), ticket, now)


def _waits_for(ticket: Ticket, primary: Ticket) -> bool:
    return ticket.status is TicketStatus.MERGED and ticket.primary is not None and ticket.primary.id == primary.id


def same_order() -> Invalid:
    """An order is not about the same thing as itself."""
    return Invalid("same-order", Text(zh="不能和自己一起办", en="an order cannot be merged into itself"), "into")


def not_merged() -> Conflict:
    """It waits for no other order."""
    return Conflict("not-merged", Text(zh="这一单没有和别的单一起办", en="this order is not merged into another"))


def _must_belong(ticket: Ticket, primary: Ticket) -> None:
    if not _waits_for(ticket, primary):
        raise not_merged()


def _must_fit(ticket: Ticket, into: Ticket) -> None:
    if ticket.id == into.id:
        raise same_order()
    if is_between_two(ticket) or is_between_two(into):
        raise Conflict(
            "never-merged",
            Text(zh="投诉和纠纷只能单独办", en="a complaint or a quarrel is never merged with another order"),
        )
    if ticket.part_of or ticket.parts or into.part_of:
        raise Conflict(
            "has-parts",
            Text(zh="窗口分办的单不能合并", en="an order with shares of other departments is not merged"),
        )
    if ticket.merged:
        raise Conflict(
            "has-others",
            Text(
                zh=f"已有别的单和 {ticket.number} 一起办,请反过来合并",
                en=f"others are merged into {ticket.number}: merge the other one into it instead",
            ),
        )
    if ticket.danger and not into.danger:
        raise Conflict(
            "danger-first",
            Text(zh="有危险的单不能并入平常的单", en="where there is danger an order waits for no ordinary one"),
        )
    _must_be_under_way(ticket, into)


def _must_be_under_way(ticket: Ticket, into: Ticket) -> None:
    if into.primary is not None or into.status not in TAKES_HOLDERS:
        raise Conflict(
            "not-under-way",
            Text(
                zh=f"{into.number} 现在是「{into.status.value}」,只能并入正在办理、自己没有并入别单的工单",
                en=f"{into.number} is {into.status.value}: only an order under way that is itself merged into none",
            ),
        )
    if ticket.status is TicketStatus.SUBMITTED:
        raise Conflict("not-accepted-yet", Text(zh="请先受理,再并入别的单", en="it is accepted first, then merged"))
    if ticket.status not in (TicketStatus.ACCEPTED, TicketStatus.ASSIGNED):
        raise Conflict(
            "too-late-to-merge",
            Text(
                zh=f"{ticket.number} 现在是「{ticket.status.value}」,不能再并入别的单",
                en=f"{ticket.number} is {ticket.status.value}: it cannot be merged any more",
            ),
        )
    if any(hold.ended_at is None for hold in ticket.held):
        raise Conflict(
            "on-hold", Text(zh="挂起的单先恢复,再并入别的单", en="an order on hold is resumed before it is merged")
        )
    must_be_even(ticket)
    if any(is_at_it(ticket, one.team) and not is_at_it(into, one.team) for one in ticket.whistles):
        raise Conflict(
            "departments-at-it",
            Text(
                zh=f"{ticket.number} 已吹哨的部门还没到 {into.number}:先给后者吹哨,或请反过来合并",
                en=f"departments called to {ticket.number} are at it: call them to {into.number} first, "
                "or merge that one into this",
            ),
        )
    if len(into.merged) >= MOST:
        raise Conflict(
            "too-many-merged", Text(zh=f"一单最多并入 {MOST} 单", en=f"at most {MOST} orders are merged into one")
        )
