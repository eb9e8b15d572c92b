"""Whistles 吹哨: departments called to an order sign in, make first contact, report, or return it with a reason.

They are contracted, so they answer within limits; all of these run from the whistle, whenever they sign in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from contracts.decisions import Decided, Due
from contracts.errors import Conflict, Invalid
from contracts.events import Event
from contracts.events.ladder import (
    TicketWhistled,
    WhistleContacted,
    WhistleNear,
    WhistleOverdue,
    WhistleReported,
    WhistleReturned,
    WhistleSignedIn,
)
from contracts.ladder import OPEN_WHISTLES, Whistle, WhistleStatus, WhistleStep
from contracts.lifecycle import advance
from contracts.words import ENDED, ResultCode, Text, TicketStatus
from services.tickets.domain.private import Note
from services.tickets.domain.ticket import Ticket
from services.tickets.domain.ticket_parts import with_answer
from services.tickets.domain.time_limits import WARN_AT

WHISTLE_NEAR = "whistle-near"
WHISTLE_OVERDUE = "whistle-overdue"
NOT_AT_WORK = ENDED | {TicketStatus.COMPLETED, TicketStatus.MERGED}
"""In these nobody is called to an order, and nobody who was called is urged."""


class WhistleAction(StrEnum):
    """What a whistled department can do."""

    SIGN_IN = "sign_in"
    CONTACT = "contact"
    REPORT = "report"
    RETURN = "return"


_S, _A = WhistleStatus, WhistleAction
WHISTLE: dict[tuple[WhistleStatus, WhistleAction], WhistleStatus] = {
    (_S.WHISTLED, _A.SIGN_IN): _S.SIGNED_IN,
    (_S.WHISTLED, _A.RETURN): _S.RETURNED,
    (_S.SIGNED_IN, _A.CONTACT): _S.CONTACTED,
    (_S.SIGNED_IN, _A.REPORT): _S.REPORTED,
    (_S.SIGNED_IN, _A.RETURN): _S.RETURNED,
    (_S.CONTACTED, _A.REPORT): _S.REPORTED,
}
"""(signed_in, report): where there is nobody to speak with, the report is the first contact too."""
_NEXT = {
    WhistleStatus.WHISTLED: WhistleStep.SIGN_IN,
    WhistleStatus.SIGNED_IN: WhistleStep.CONTACT,
    WhistleStatus.CONTACTED: WhistleStep.REPORT,
}


@dataclass(frozen=True)
class Unit:
    """A team that can be whistled, and the members who answer for it: its lead and deputy."""

    team: str
    name: Text
    leads: tuple[str, ...]


def whistle(ticket: Ticket, units: Sequence[Unit], by: str | None, note: Note | None, now: datetime) -> Decided[Ticket]:
    """Call these units; raises Conflict where one of them is at it already, or the order is done."""
    must_be_at_work(ticket)
    if not units:
        raise Invalid("teams-needed", Text(zh="请写明吹哨给谁", en="say which teams are called"), field="teams")
    for unit in units:
        known = latest(ticket, unit.team)
        if known is not None and known.status in OPEN_WHISTLES:
            raise Conflict(
                "already-whistled",
                Text(zh=f"已经给「{known.name.zh}」吹过哨了", en=f"{known.name.en} was called already"),
                field="teams",
            )
    return called(ticket, units, by, note, now)


def called(ticket: Ticket, units: Sequence[Unit], by: str | None, note: Note | None, now: datetime) -> Decided[Ticket]:
    """As ``whistle``, but those who are at it already are left out; nothing happened where nobody is left."""
    wanted = {unit.team: unit for unit in units if not is_at_it(ticket, unit.team)}
    if not wanted:
        return Decided(ticket, (), ticket.answer_to_caller())
    whistles = (*ticket.whistles, *(_new(ticket, unit, by, now) for unit in wanted.values()))
    after = with_note(replace(ticket, whistles=whistles), note)
    return Decided(after, (TicketWhistled(teams=tuple(wanted)),), after.answer_to_caller())


def sign_in(ticket: Ticket, team: str, now: datetime) -> Decided[Ticket]:
    """The department has it."""
    return _answered(ticket, team, WhistleAction.SIGN_IN, WhistleSignedIn(team=team), None, signed_in_at=now)


def contact(ticket: Ticket, team: str, note: Note | None, now: datetime) -> Decided[Ticket]:
    """The department has been in touch: somebody has the order at last."""
    answered = replace(ticket, times=with_answer(ticket.times, now))
    return _answered(answered, team, WhistleAction.CONTACT, WhistleContacted(team=team), note, contacted_at=now)


def report(ticket: Ticket, team: str, result: ResultCode, note: Note | None, now: datetime) -> Decided[Ticket]:
    """The department says what it did; the order itself is completed by its crew or staff."""
    first = _of(ticket, team).contacted_at or now
    answered = replace(ticket, times=with_answer(ticket.times, now))
    event = WhistleReported(team=team, result=result)
    return _answered(
        answered, team, WhistleAction.REPORT, event, note, reported_at=now, contacted_at=first, result=result
    )


def give_back(ticket: Ticket, team: str, reason_code: str, note: Note | None, now: datetime) -> Decided[Ticket]:
    """It is not theirs; the order is where it was."""
    event = WhistleReturned(team=team, reason_code=reason_code)
    return _answered(ticket, team, WhistleAction.RETURN, event, note, returned_at=now, reason_code=reason_code)


def latest(ticket: Ticket, team: str) -> Whistle | None:
    """The newest whistle to a team, whatever became of it."""
    return next((one for one in reversed(ticket.whistles) if one.team == team), None)


def is_at_it(ticket: Ticket, team: str) -> bool:
    """Is the team called and not done?"""
    known = latest(ticket, team)
    return known is not None and known.status in OPEN_WHISTLES


def led_by(ticket: Ticket, team: str, leads: tuple[str, ...]) -> Ticket:
    """With those who answer for a team that was called as they are now."""
    one = latest(ticket, team)
    if one is None or one.leads == leads:
        return ticket
    return _with(ticket, ticket.whistles.index(one), replace(one, leads=leads))


def taken_up(ticket: Ticket, now: datetime) -> Ticket:
    """*ticket*, which goes on: while it was done or merged no limit ran of departments that are still to do something.

    As it is while it rests.
    """
    if ticket.rested_at is None or ticket.status in NOT_AT_WORK:
        return ticket
    away = now - ticket.rested_at
    later = tuple(_later(one, away) if one.status in OPEN_WHISTLES else one for one in ticket.whistles)
    return replace(ticket, whistles=later, rested_at=None)


def _later(one: Whistle, away: timedelta) -> Whistle:
    return replace(
        one,
        sign_in_by=one.sign_in_by + away,
        contact_by=one.contact_by + away,
        report_by=one.report_by + away,
        stood_still=one.stood_still + away / timedelta(minutes=1),
    )


def must_be_at_work(ticket: Ticket) -> None:
    """Raises Conflict where the order is done."""
    if ticket.status in NOT_AT_WORK:
        raise Conflict("order-is-done", Text(zh="这件工单已经办完", en="this order is done"))


def with_note(ticket: Ticket, note: Note | None) -> Ticket:
    """With what was typed beside a step."""
    if note is None:
        return ticket
    return replace(ticket, private=replace(ticket.private, notes=(*ticket.private.notes, note)))


def standing(ticket: Ticket) -> Iterator[Due]:
    """By when each department that was called has to do its next step; of somebody who died nothing is urged."""
    if ticket.quiet or ticket.status in NOT_AT_WORK:
        return
    for one in ticket.whistles:
        step = _NEXT.get(one.status)
        if step is None or step in one.overdue:
            continue
        due_at = due_of(one, step)
        yield Due(_key(WHISTLE_OVERDUE, one, step), due_at)
        if step not in one.warned:
            begun = one.whistled_at + timedelta(minutes=one.stood_still)
            yield Due(_key(WHISTLE_NEAR, one, step), begun + WARN_AT * (due_at - begun))


def fire(ticket: Ticket, key: str, now: datetime) -> Decided[Ticket] | None:
    """Say that a step is near, or missed. *key* is one of ``standing``."""
    what, said, count, team = key.split(":", 3)
    step = WhistleStep(said)
    place = next(place for place, one in enumerate(ticket.whistles) if (one.team, one.count) == (team, int(count)))
    one = ticket.whistles[place]
    event: Event
    if what == WHISTLE_OVERDUE:
        changed, event = replace(one, overdue=(*one.overdue, step)), WhistleOverdue(team=team, step=step)
    elif due_of(one, step) <= now:
        return None  # the warning comes too late: that it is over is said in the same look
    else:
        changed, event = replace(one, warned=(*one.warned, step)), WhistleNear(team=team, step=step)
    after = _with(ticket, place, changed)
    return Decided(after, (event,), after.answer_to_caller())


def due_of(one: Whistle, step: WhistleStep) -> datetime:
    """By when a whistle's step has to be done."""
    moments = {
        WhistleStep.SIGN_IN: one.sign_in_by,
        WhistleStep.CONTACT: one.contact_by,
        WhistleStep.REPORT: one.report_by,
    }
    return moments[step]


def _new(ticket: Ticket, unit: Unit, by: str | None, now: datetime) -> Whistle:
    minutes = ticket.ladder.minutes
    return Whistle(
        team=unit.team,
        name=unit.name,
        count=1 + sum(one.team == unit.team for one in ticket.whistles),
        leads=unit.leads,
        by=by,
        status=WhistleStatus.WHISTLED,
        whistled_at=now,
        sign_in_by=now + timedelta(minutes=minutes.sign_in),
        contact_by=now + timedelta(minutes=minutes.contact),
        report_by=now + timedelta(minutes=minutes.report),
    )


def _answered(
    ticket: Ticket, team: str, action: WhistleAction, event: Event, note: Note | None, **changes: Any
) -> Decided[Ticket]:
    must_be_at_work(ticket)
    one = _of(ticket, team)
    changed = replace(one, status=advance(WHISTLE, one.status, action), **changes)
    after = with_note(_with(ticket, ticket.whistles.index(one), changed), note)
    return Decided(after, (event,), after.answer_to_caller())


def _of(ticket: Ticket, team: str) -> Whistle:
    known = latest(ticket, team)
    if known is None:
        raise Invalid("not-whistled", Text(zh="没有给这支队伍吹过哨", en="this team was not called"), field="team")
    return known


def _with(ticket: Ticket, place: int, changed: Whistle) -> Ticket:
    return replace(ticket, whistles=(*ticket.whistles[:place], changed, *ticket.whistles[place + 1 :]))


def _key(what: str, one: Whistle, step: WhistleStep) -> str:
    return f"{what}:{step.value}:{one.count}:{one.team}"
