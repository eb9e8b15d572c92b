"""What a result has to say of itself, and what can be said of something planned when its day comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.actor import Actor
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid
from contracts.events.merging import TicketDoneForOthers
from contracts.events.results import TicketAnsweredAgain
from contracts.results import ResultDetails
from contracts.words import ResultCode, Text
from services.tickets.domain.lifecycle import Action
from services.tickets.domain.private import Note
from services.tickets.domain.ticket import Ticket

LONGEST_PROMISE = timedelta(days=731)
"""A later day is no answer to anybody."""
MOST_TRIES = 50
_AT = time(8)
"""When in the morning of the promised day staff are reminded."""
_NEEDED: Mapping[ResultCode, str] = {
    ResultCode.PLANNED: "next_answer_by",
    ResultCode.REFERRED: "referred_to",
    ResultCode.EXPLAINED: "explanation_code",
    ResultCode.UNREACHABLE: "tries",
    ResultCode.WITHDRAWN: "said",
}
_MAY: Mapping[ResultCode, str] = {ResultCode.PARTLY: "next_answer_by"}
_WHY_NEEDED: Mapping[str, Text] = {
    "next_answer_by": Text("列入计划要写明哪一天前再答复", "a planned result says by which day they hear again"),
    "referred_to": Text("转办要写明转给了谁(代码)", "a referred result says to whom (a code)"),
    "explanation_code": Text("不具备条件要写明原因(代码)", "an explained result says why (a code)"),
    "tries": Text("无法联系要写明联系过几次", "an unreachable result says how often somebody tried"),
    "said": Text("居民放弃要写明本人是怎么说的", "a withdrawn result says how the requester said so"),
}


@dataclass(frozen=True, kw_only=True)
class Ending:
    """A result with what belongs to it; ``next_answer_at`` is the moment in which its promise is remembered."""

    result: ResultCode
    details: ResultDetails | None = None
    next_answer_at: datetime | None = None


def ending(result: ResultCode, said: ResultDetails, now: datetime, time_zone: str) -> Ending:
    """The result as it is kept; raises Invalid naming what is missing, too much, or in the past."""
    given = {name for name, value in vars(said).items() if value is not None}
    needed = _NEEDED.get(result)
    for name in given - {needed, _MAY.get(result)}:
        sentence = Text(f"「{result.value}」不用填这一项", f"a result {result.value} does not take this")
        raise Invalid("not-with-this-result", sentence, field=name)
    if needed is not None and needed not in given:
        raise Invalid("particulars-needed", _WHY_NEEDED[needed], field=needed)
    if said.tries is not None and not 1 <= said.tries <= MOST_TRIES:
        raise Invalid("tries", Text(f"只能是 1 到 {MOST_TRIES}", f"1 to {MOST_TRIES} only"), field="tries")
    at = None if said.next_answer_by is None else _reminder(said.next_answer_by, now, time_zone)
    return Ending(result=result, details=said if given else None, next_answer_at=at)


def must_say_all(result: ResultCode) -> None:
    """Raises Invalid where something belongs to *result* that is not said with it: a day, to whom, why."""
    needed = _NEEDED.get(result)
    if needed is not None:
        raise Invalid("particulars-needed", _WHY_NEEDED[needed], field="result")


def report(ticket: Ticket, by: Actor, ends: Ending, note: Note | None, now: datetime) -> Decided[Ticket]:
    """What became of what was promised; whoever ordered it is asked anew, also where they had closed it.

    Raises Conflict where nothing was promised.
    """
    if ticket.next_answer_at is None:
        raise Conflict(
            "nothing-promised", Text("这一单没有约定再答复的日子", "no later answer was promised for this order")
        )
    after = ticket.moved(
        Action.REPORT,
        result=ends.result,
        particulars=ends.details,
        next_answer_at=ends.next_answer_at,
        answer_told=False,
        reports=ticket.reports + 1,
        private=ticket.with_note(note),
    ).completed_anew(by, now)
    for_others = (TicketDoneForOthers(),) if ticket.merged else ()
    return Decided(after, (TicketAnsweredAgain(result=ends.result), *for_others), after.answer_to_caller())


def _reminder(day: str, now: datetime, time_zone: str) -> datetime:
    zone = ZoneInfo(time_zone)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        wanted = None
    if wanted is None or wanted.isoformat() != day:
        sentence = Text("需要像 2027-03-01 的日期", "a date like 2027-03-01 is needed")
        raise Invalid("not-a-date", sentence, field="next_answer_by")
    today = now.astimezone(zone).date()
    if wanted <= today:
        raise Invalid("in-the-past", Text("要是今天以后的日子", "a day after today is needed"), field="next_answer_by")
    if wanted - today > LONGEST_PROMISE:
        raise Invalid("too-far", Text("最多约定两年以内", "two years ahead at most"), field="next_answer_by")
    return datetime.combine(wanted, _AT, zone).astimezone(now.tzinfo)
