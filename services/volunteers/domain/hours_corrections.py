"""Corrections: asked for by whoever served, decided by staff who had no part in it; and times from paper sheets."""

from dataclasses import replace
from datetime import datetime, timedelta

from contracts.actor import Actor
from contracts.errors import Conflict, Invalid
from contracts.hours import PAPER_GRADE, AskState, Cause, Ending, EntryState, Ledger, Span
from contracts.words import Text
from services.volunteers.domain.hours_entry import Ask, Entry

LONGEST = timedelta(hours=24)
MOST_ASKS = 20


def said(began: datetime, ended: datetime, now: datetime) -> Span:
    """Times that somebody typed; raises Invalid where they cannot be."""
    if not timedelta() < ended - began <= LONGEST:
        raise Invalid(
            "bad-times", Text("结束要晚于开始,至多24小时", "it ends after it begins, within 24 hours"), "ended"
        )
    if ended > now:
        raise Invalid("bad-times", Text("还没有到这个时间", "that time has not come yet"), "ended")
    return Span(began=began, ended=ended, ending=Ending.SAID, grade=PAPER_GRADE)


def ask(entry: Entry, asked: Ask) -> Entry:
    """Whoever served says that it is wrong; one at a time."""
    if entry.open_ask is not None:
        raise Conflict("asked-already", Text("上一次申请还没有决定", "the last one is not decided yet"))
    if len(entry.asks) >= MOST_ASKS:
        raise Conflict("asked-too-often", Text("这一条申请得太多次了", "this entry was disputed too often"))
    warned = tuple(what for what in entry.warned if what != "decision")
    return replace(entry, asks=(*entry.asks, asked), state=EntryState.DISPUTED, warned=warned)


def decide(
    entry: Entry,
    ask_id: str,
    by: Actor,
    now: datetime,
    *,
    why: bytes | None,
    granted: bool,
    span: Span | None,
    to_workload: bool,
    confirm_at: datetime,
) -> Entry:
    """Grant it, with what stands from now on, or leave what stands."""
    asked = entry.ask(ask_id)
    if asked.state is not AskState.OPEN:
        raise Conflict("decided-already", Text("这个申请已经决定了", "it is decided already"))
    if by.member_id == entry.member_id or (entry.standing is not None and entry.standing.by == by.account_id):
        sentence = Text(
            "本人、记录人不能决定,请同事来办", "whoever served or wrote it does not decide: ask a colleague"
        )
        raise Conflict("not-yours-to-decide", sentence)
    if granted and span is None and not to_workload:
        raise Invalid("times-needed", Text("同意时要写起止时间", "granted: from when to when was it?"), "began")
    state = AskState.GRANTED if granted else AskState.REFUSED
    decided = replace(asked, state=state, decided_at=now, decided_by=by.account_id, decided_why=why)
    settled = replace(entry, asks=tuple(decided if one.id == ask_id else one for one in entry.asks))
    if not granted:
        rest = EntryState.RECORDED if entry.lines else EntryState.MISSING
        return replace(settled, state=rest, confirm_at=confirm_at if entry.lines else None)
    spans = (span,) if span is not None else entry.spans
    ledger = Ledger.WORKLOAD if to_workload else entry.ledger
    return settled.written(spans, now, by.account_id, Cause.ASKED, confirm_at=confirm_at, ledger=ledger)


def enter(entry: Entry, span: Span, by: Actor, now: datetime, vouched: bytes | None, confirm_at: datetime) -> Entry:
    """Times from a paper sheet, where none are known."""
    if by.member_id == entry.member_id:
        raise Conflict("not-yours-to-decide", Text("自己的时长请同事来补", "your own hours: ask a colleague"))
    if entry.lines:
        raise Conflict("times-known", Text("已经有时间了,要改请走更正", "times are known: ask for a correction"))
    return entry.written((span,), now, by.account_id, Cause.PAPER, confirm_at=confirm_at, vouched=vouched)
