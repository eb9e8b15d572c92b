"""What can be true of an order, as conditions on its view: the words that the formulas are written in."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.ladder import Rung, WhistleStatus
from contracts.ledger import RequestKind, RequestState
from contracts.words import Answer, ClosedBy, ResultCode, TicketStatus, Urgency

Condition = dict[str, Any]

_TIMES, _DEADLINES = "ticket.times", "ticket.deadlines"
_SET = {"$gt": ""}
"""Moments are text in the wire form, which sorts as time does; what has not happened is null."""
_BY_SOMEBODY = [
    by.value for by in (ClosedBy.REQUESTER, ClosedBy.DELEGATE, ClosedBy.CALLBACK, ClosedBy.COUNTER, ClosedBy.WHOLE)
]


def _not_after(moment: str, limit: str) -> Condition:
    return {moment: _SET, limit: _SET, "$expr": {"$lte": [f"${moment}", f"${limit}"]}}


def _ended(status: TicketStatus) -> Condition:
    return {"ticket.status": status.value}


def _of_whistles(holds: Mapping[str, Any]) -> Mapping[str, Any]:
    """*holds* of every department that was called and did not give it back."""
    back = {"$eq": ["$$one.status", WhistleStatus.RETURNED.value]}
    every = {"$map": {"input": {"$ifNull": ["$ticket.whistles", []]}, "as": "one", "in": {"$or": [back, holds]}}}
    return {"$allElementsTrue": [every]}


_PROMISED = {"$ifNull": ["$ticket.promised_by", f"${_DEADLINES}.resolve_by"]}
"""By when it was promised to be solved: a rework buys no time, whatever new time it is given."""
_IN_TIME = {
    "$and": [
        {"$gt": ["$$one.contacted_at", ""]},
        {"$lte": ["$$one.contacted_at", "$$one.contact_by"]},
    ]
}
_ON_THE_SPOT = [Rung.CREW.value, Rung.DUTY.value]
_VOID = {"kind": RequestKind.VOID.value, "state": RequestState.APPROVED.value}
_GIVEN_UP = {"kind": RequestKind.RETURN_UPSTREAM.value, "state": RequestState.APPROVED.value}
_WITHDRAWN: Condition = {**_ended(TicketStatus.CANCELLED), "ending.by_role": {"$ne": "staff"}}

FACTS: Mapping[str, Callable[[str], Condition]] = {
    "without_deadline": lambda now: {f"{_DEADLINES}.resolve_by": {"$not": _SET}},
    "answered_in_time": lambda now: _not_after(f"{_TIMES}.responded_at", f"{_DEADLINES}.respond_by"),
    "answered": lambda now: {f"{_TIMES}.responded_at": _SET},
    "answer_not_due": lambda now: {
        f"{_TIMES}.responded_at": {"$not": _SET},
        f"{_DEADLINES}.respond_by": {"$gt": now},
    },
    "withdrawn_unanswered": lambda now: {**_WITHDRAWN, f"{_TIMES}.responded_at": {"$not": _SET}},
    "withdrawn": lambda now: _WITHDRAWN,
    "withdrawn_by_word": lambda now: {
        **_ended(TicketStatus.CANCELLED),
        "ending.by_role": "staff",
        "ending.reason_code": ResultCode.WITHDRAWN.value,
    },
    "not_ours": lambda now: {"$or": [_ended(TicketStatus.REJECTED), {"ticket.ledger": {"$elemMatch": _GIVEN_UP}}]},
    "of_a_deceased": lambda now: {"ticket.quiet": True},
    "solution_not_due": lambda now: {
        "ticket.status": {"$ne": TicketStatus.CLOSED.value},
        "$expr": {"$gt": [_PROMISED, now]},
    },
    "closed": lambda now: _ended(TicketStatus.CLOSED),
    "closed_and_done_in_time": lambda now: {
        **_ended(TicketStatus.CLOSED),
        f"{_TIMES}.completed_at": _SET,
        f"{_DEADLINES}.resolve_by": _SET,
        "$expr": {"$lte": [f"${_TIMES}.completed_at", _PROMISED]},
    },
    "confirmed_by_silence": lambda now: {"ticket.closed_by": {"$in": [ClosedBy.SILENCE.value, ClosedBy.SAMPLE.value]}},
    "confirmed_by_nobody": lambda now: {"ticket.closed_by": ClosedBy.NOBODY.value},
    "confirmed_by_somebody": lambda now: {"ticket.closed_by": {"$in": _BY_SOMEBODY}},
    "resolved": lambda now: {"ticket.resolved": True},
    "asked_how_it_was": lambda now: {"ticket.answer": {"$in": [answer.value for answer in Answer]}},
    "content": lambda now: {"ticket.answer": {"$in": [Answer.SATISFIED.value, Answer.FAIRLY.value]}},
    "completed": lambda now: {f"{_TIMES}.completed_at": _SET},
    "done_again": lambda now: {"ticket.rework_count": {"$gt": 0}},
    "void": lambda now: {"ticket.ledger": {"$elemMatch": _VOID}},
    "part_of_another": lambda now: {"ticket.part_of": _SET},
    "accepted": lambda now: {f"{_TIMES}.accepted_at": _SET},
    "given_back": lambda now: {"ticket.returns": {"$gt": 0}},
    "done_on_the_spot": lambda now: {"ticket.rung": {"$in": [*_ON_THE_SPOT, None]}},
    "handled_at_birth": lambda now: {"ticket.handled_at_birth": True},
    "handled_unasked": lambda now: {"ticket.handled_at_birth": True, "terms": {"$exists": False}},
    "wish": lambda now: {"ticket.urgency": Urgency.WISH.value},
    "taken": lambda now: {f"{_TIMES}.assigned_at": _SET},
    "whistled": lambda now: {"ticket.whistles.0": {"$exists": True}},
    "contact_not_due": lambda now: {
        "ticket.whistles": {"$elemMatch": {"contacted_at": {"$not": _SET}, "contact_by": {"$gt": now}}}
    },
    "contacted_in_time": lambda now: {"$expr": _of_whistles(_IN_TIME)},
}
"""Each takes the moment now (business time, wire form)."""
