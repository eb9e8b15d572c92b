"""What simulated people decide: pure draws from a seeded source, so that one seed gives one crowd."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from contracts.dispatch import FREE_TO_REFUSE, Asking
from contracts.words import ENDED, Answer, ResultCode, TicketStatus

WORKABLE = frozenset({TicketStatus.ASSIGNED, TicketStatus.IN_PROGRESS})
"""In these an order can be completed."""


@dataclass(frozen=True, kw_only=True)
class Temper:
    """Shares (0 to 1) of what people do, and how long it takes them in business minutes."""

    accept: float = 0.82
    decline: float = 0.12
    """What is left of accepting and declining is silence: the offer expires."""
    release: float = 0.03
    leave_early: float = 0.05
    claim: float = 0.8
    rework: float = 0.04
    cancel: float = 0.02
    silent: float = 0.0
    """Residents who never say how it went; silence confirms after the community's window."""
    reject: float = 0.05
    redispatch: float = 0.6
    partly: float = 0.08

    think: tuple[float, float] = (2, 25)
    travel: tuple[float, float] = (10, 60)
    work: tuple[float, float] = (15, 75)
    answer: tuple[float, float] = (5, 60)
    review: tuple[float, float] = (2, 15)


class Reply(StrEnum):
    """What a member does with an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    RETURN = "return"
    SILENCE = "silence"


class Step(StrEnum):
    """What a member with a seat does next about completing the order."""

    COMPLETE = "complete"
    WAIT = "wait"
    DONE = "done"


class Verdict(StrEnum):
    """What a resident says of completed work."""

    CONFIRM = "confirm"
    REWORK = "rework"
    SILENCE = "silence"


class Rescue(StrEnum):
    """What a dispatcher does with an order nobody took."""

    REDISPATCH = "redispatch"
    CANCEL = "cancel"
    NOTHING = "nothing"


def minutes(rng: Random, span: tuple[float, float]) -> float:
    """A duration within *span*, in business minutes."""
    return rng.uniform(*span)


def reply_to_offer(rng: Random, temper: Temper, asking: str = Asking.INVITED) -> Reply:
    """Accept, say no or let it expire; whoever is not free to decline returns it."""
    draw = rng.random()
    if draw < temper.accept:
        return Reply.ACCEPT
    return no_to(asking) if draw < temper.accept + temper.decline else Reply.SILENCE


def no_to(asking: str) -> Reply:
    """How somebody who was asked in that way says no."""
    return Reply.DECLINE if asking in FREE_TO_REFUSE else Reply.RETURN


def next_step(ticket: Mapping[str, object], member_id: str) -> Step:
    """May this member complete the order now (they lead it and it is at work), or wait, or is it over for them?"""
    status = ticket.get("status")
    if status in WORKABLE:
        return Step.COMPLETE if ticket.get("lead") == member_id else Step.WAIT
    return Step.WAIT if status == TicketStatus.ACCEPTED else Step.DONE


def result_of(rng: Random, temper: Temper) -> ResultCode:
    """Mostly solved; sometimes partly, or nobody was there."""
    draw = rng.random()
    if draw < temper.partly:
        return ResultCode.PARTLY
    return ResultCode.UNREACHABLE if draw < temper.partly * 1.3 else ResultCode.SOLVED


def particulars(result: ResultCode) -> Mapping[str, object]:
    """What such a result has to say of itself."""
    return {"tries": 3} if result is ResultCode.UNREACHABLE else {}


def verdict(rng: Random, temper: Temper, reworks: int) -> Verdict:
    """Rework at most once, so that every order comes to an end; some never answer."""
    draw = rng.random()
    if draw < temper.silent:
        return Verdict.SILENCE
    return Verdict.REWORK if not reworks and draw < temper.silent + temper.rework else Verdict.CONFIRM


def answer_of(rng: Random, result: object) -> tuple[Answer, bool]:
    """How satisfied, and whether it is solved: nobody is glad of what was not done."""
    solved = result in (None, ResultCode.SOLVED, ResultCode.PARTLY) and rng.random() < 0.97
    if not solved:
        return Answer.UNSATISFIED, False
    return (Answer.SATISFIED if rng.random() < 0.85 else Answer.FAIRLY), True


def rescue(rng: Random, temper: Temper, ticket: Mapping[str, object]) -> Rescue:
    """One more round for an order in its first, then an honest no; nothing for one that somebody serves or ended."""
    if ticket.get("status") != TicketStatus.ACCEPTED:
        return Rescue.NOTHING
    first_round = ticket.get("round") == 1
    return Rescue.REDISPATCH if first_round and rng.random() < temper.redispatch else Rescue.CANCEL


def at_end(ticket: Mapping[str, object]) -> bool:
    """Is the order at an end?"""
    return ticket.get("status") in ENDED
