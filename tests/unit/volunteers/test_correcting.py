"""Corrections are asked for by whoever served and decided by somebody else; each is a line more."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Role
from contracts.errors import Conflict, Invalid
from contracts.hours import AskState, EntryState, Ledger, Wanting
from services.volunteers.domain import hours_corrections
from services.volunteers.domain.hours_corrections import said
from services.volunteers.domain.hours_entry import Ask, Entry, Limits
from services.volunteers.domain.hours_ledger import passed
from services.volunteers.domain.stars import stars, to_the_next
from tests.builders import COMMUNITY, NOON, a_member_actor, an_actor

STAFF = an_actor(Role.SECRETARY, account_id="a-staff")
COLLEAGUE = an_actor(Role.SECRETARY, account_id="a-colleague")
LATER = NOON + timedelta(days=14)
HALF_AN_HOUR = said(NOON - timedelta(minutes=30), NOON, NOON)


def an_entry() -> Entry:
    """Half an hour, entered by STAFF from a paper sheet."""
    blank = Entry(
        id="e1",
        community_id=COMMUNITY,
        member_id="m1",
        ledger=Ledger.HOURS,
        state=EntryState.MISSING,
        over_at=NOON,
        limits=Limits(warn_at=LATER, by=LATER),
        time_zone="Asia/Shanghai",
    )
    return hours_corrections.enter(blank, HALF_AN_HOUR, STAFF, NOON, b"sealed", LATER)


def asked(entry: Entry, id: str = "k1") -> Entry:
    return hours_corrections.ask(entry, Ask(id=id, at=NOON, by="m-m1", decide_by=LATER, asked_why=b"sealed"))


def decided(entry: Entry, by: Any = COLLEAGUE, **changes: Any) -> Entry:
    values: dict[str, Any] = {"why": b"sealed", "granted": False, "span": None, "to_workload": False, **changes}
    return hours_corrections.decide(entry, "k1", by, NOON, confirm_at=LATER, **values)


def test_granted_takes_the_line_back_and_writes_another() -> None:
    longer = said(NOON - timedelta(minutes=90), NOON, NOON)
    after = decided(asked(an_entry()), granted=True, span=longer)
    assert [line.minutes for line in after.lines] == [30, -30, 90]
    assert after.lines[1].reverses == 1
    assert (after.minutes, after.state, after.asks[0].state) == (90, EntryState.RECORDED, AskState.GRANTED)


def test_not_granted_changes_no_line() -> None:
    before = asked(an_entry())
    after = decided(before)
    assert (before.state, after.state) == (EntryState.DISPUTED, EntryState.RECORDED)
    assert (after.lines, after.asks[0].state) == (before.lines, AskState.REFUSED)


def test_what_turns_out_to_be_paid_moves_to_the_other_ledger_with_its_minutes() -> None:
    after = decided(asked(an_entry()), granted=True, to_workload=True)
    assert after.ledger is Ledger.WORKLOAD
    by_ledger = {one: sum(line.minutes for line in after.lines if line.ledger is one) for one in Ledger}
    assert by_ledger == {Ledger.HOURS: 0, Ledger.WORKLOAD: 30}


@pytest.mark.parametrize("by", [STAFF, a_member_actor("m1")], ids=["wrote it", "served"])
def test_neither_whoever_served_nor_who_wrote_the_line_decides(by: Any) -> None:
    with pytest.raises(Conflict) as refused:
        decided(asked(an_entry()), by=by)
    assert refused.value.code == "not-yours-to-decide"


def test_one_at_a_time_and_decided_once() -> None:
    with pytest.raises(Conflict) as refused:
        asked(asked(an_entry()), "k2")
    assert refused.value.code == "asked-already"
    with pytest.raises(Conflict) as again:
        decided(decided(asked(an_entry())))
    assert again.value.code == "decided-already"
    assert asked(decided(asked(an_entry())), "k2").open_ask is not None


def test_granted_needs_times() -> None:
    with pytest.raises(Invalid):
        decided(asked(an_entry()), granted=True)


def test_times_that_are_known_are_not_entered_again_nor_ones_own() -> None:
    with pytest.raises(Conflict) as refused:
        hours_corrections.enter(an_entry(), HALF_AN_HOUR, COLLEAGUE, NOON, None, LATER)
    assert refused.value.code == "times-known"


@pytest.mark.parametrize(
    ("began", "ended"),
    [
        (NOON, NOON),
        (NOON, NOON - timedelta(hours=1)),
        (NOON - timedelta(hours=25), NOON),
        (NOON, NOON + timedelta(hours=1)),
    ],
)
def test_times_that_cannot_be(began: datetime, ended: datetime) -> None:
    with pytest.raises(Invalid):
        said(began, ended, NOON)


def test_a_decision_that_waits_too_long_warns_staff_once_for_each_asking() -> None:
    entry = asked(an_entry())
    [due] = entry.deadlines()
    entry, wanting = passed(entry, due.key, due.at)
    assert wanting is Wanting.DECISION
    assert entry.deadlines() == ()
    assert [one.key for one in asked(decided(entry), "k2").deadlines()] == [Wanting.DECISION.value]


@pytest.mark.parametrize(
    ("minutes", "count", "next_one"),
    [(5_999, 0, 1), (6_000, 1, 12_000), (89_999, 4, 1), (90_000, 5, None)],
)
def test_stars(minutes: int, count: int, next_one: int | None) -> None:
    thresholds = (100, 300, 600, 1000, 1500)
    assert (stars(minutes, thresholds), to_the_next(minutes, thresholds)) == (count, next_one)
