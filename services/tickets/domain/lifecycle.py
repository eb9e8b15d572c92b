"""The life of an order as one table (design, section 5). A pair that is not in it cannot happen."""

from enum import StrEnum

from contracts.words import TicketStatus as S


class Action(StrEnum):
    """What can be done to an order, by people or by what volunteers tells of its seats."""

    ACCEPT = "accept"
    REJECT = "reject"
    ASSIGN = "assign"
    SEAT_FREED = "seat_freed"
    START = "start"
    COMPLETE = "complete"
    CONFIRM = "confirm"
    REWORK = "rework"
    REDISPATCH = "redispatch"
    CANCEL = "cancel"
    MERGE = "merge"
    """It waits for another that is about the same thing; again, when that was not solved for this one."""
    SPLIT = "split"
    FOLLOW = "follow"
    """The one it is merged into is done."""
    REOPEN = "reopen"
    """It was closed, and somebody is not content after all: its own requester, or another for whom it was done."""
    TAKE_IN = "take_in"
    TAKE_UP = "take_up"
    """Handled on the spot, and not solved: people are looked for after all."""
    CALLED_DONE = "called_done"
    """Nobody had taken it, and a department that was called has done it."""
    REPORT = "report"
    """There is news of what was planned, and whoever ordered it is asked anew."""


TRANSITIONS: dict[tuple[S, Action], S] = {
    (S.SUBMITTED, Action.ACCEPT): S.ACCEPTED,
    (S.SUBMITTED, Action.REJECT): S.REJECTED,
    (S.SUBMITTED, Action.CANCEL): S.CANCELLED,
    (S.ACCEPTED, Action.ASSIGN): S.ASSIGNED,
    (S.ACCEPTED, Action.REDISPATCH): S.ACCEPTED,
    (S.ACCEPTED, Action.CANCEL): S.CANCELLED,
    (S.ASSIGNED, Action.ASSIGN): S.ASSIGNED,
    (S.ASSIGNED, Action.SEAT_FREED): S.ACCEPTED,
    (S.ASSIGNED, Action.START): S.IN_PROGRESS,
    (S.ASSIGNED, Action.COMPLETE): S.COMPLETED,
    (S.ASSIGNED, Action.REDISPATCH): S.ACCEPTED,
    (S.ASSIGNED, Action.CANCEL): S.CANCELLED,
    (S.IN_PROGRESS, Action.ASSIGN): S.IN_PROGRESS,
    (S.IN_PROGRESS, Action.SEAT_FREED): S.ACCEPTED,
    (S.IN_PROGRESS, Action.COMPLETE): S.COMPLETED,
    (S.IN_PROGRESS, Action.REDISPATCH): S.ACCEPTED,
    (S.IN_PROGRESS, Action.CANCEL): S.CANCELLED,
    (S.ACCEPTED, Action.CALLED_DONE): S.COMPLETED,
    (S.ACCEPTED, Action.TAKE_IN): S.ASSIGNED,
    (S.ASSIGNED, Action.TAKE_IN): S.ASSIGNED,
    (S.IN_PROGRESS, Action.TAKE_IN): S.IN_PROGRESS,
    (S.COMPLETED, Action.CONFIRM): S.CLOSED,
    (S.COMPLETED, Action.REWORK): S.IN_PROGRESS,
    (S.COMPLETED, Action.REDISPATCH): S.ACCEPTED,
    (S.ACCEPTED, Action.MERGE): S.MERGED,
    (S.ASSIGNED, Action.MERGE): S.MERGED,
    (S.COMPLETED, Action.MERGE): S.MERGED,
    (S.MERGED, Action.SPLIT): S.ACCEPTED,
    (S.MERGED, Action.FOLLOW): S.COMPLETED,
    (S.MERGED, Action.CANCEL): S.CANCELLED,
    (S.CLOSED, Action.REOPEN): S.COMPLETED,
    (S.COMPLETED, Action.TAKE_UP): S.ACCEPTED,
    (S.COMPLETED, Action.REPORT): S.COMPLETED,
    (S.CLOSED, Action.REPORT): S.COMPLETED,
}
"""(assigned, complete): the news of the arrival may still be on its way when the work is already done."""

TAKES_HOLDERS = frozenset({S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS})
"""Only in these an order can use somebody who took a seat."""
