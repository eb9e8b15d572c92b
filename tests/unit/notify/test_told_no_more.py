"""What was right when it was planned and is wrong when it is due is not told: to nobody, in whatever order it came."""

from dataclasses import replace
from datetime import time, timedelta
from itertools import permutations
from typing import Any

import pytest

from contracts.catalogue import Wanted
from contracts.counter import ServedAt
from contracts.events.counter import TicketAppointed
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import (
    TicketAssigned,
    TicketCancelled,
    TicketDelegatesChanged,
    TicketOverdue,
    TicketRecused,
    TicketRedispatched,
    TicketSeatFreed,
)
from contracts.notices import Every
from contracts.recusal import Recusal
from contracts.words import DeadlineKind, Permit
from services.notify.domain.category import Category
from services.notify.domain.message import GROUP, OUTWARD
from services.notify.domain.quiet import QuietHours
from tests.builders import ASSIGNMENT_ID, MEMBER_ID, NOON, a_ticket_holder, a_ticket_snapshot, received
from tests.fakes.sending import ZONE
from tests.unit.notify.test_sending import House

DAUGHTER = TicketDelegate("a-daughter", (Permit.SEE, Permit.BE_TOLD))
SON = TicketDelegate("a-son", (Permit.SEE, Permit.BE_TOLD))
COMES = TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID)
ORDER = a_ticket_snapshot(holders=(a_ticket_holder(),), delegates=(DAUGHTER, SON))
OFF = TicketCancelled(by_role="staff", reason_code="other", go_to=None, released=())


def outward(house: House) -> dict[tuple[str, str], list[tuple[str, str | None]]]:
    """By rule and recipient: what became of each, the oldest first."""
    found: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for row in sorted(house.messages.rows.values(), key=lambda row: row.message.event_version):
        if row.message.channel in (OUTWARD, GROUP):
            whose = row.message.rule, row.message.recipient
            found.setdefault(whose, []).append((row.message.status.value, row.reason))
    return found


def test_a_delegate_whose_grant_ended_is_told_nothing_that_was_planned_before_and_the_others_are() -> None:
    comes = received(COMES, ORDER, 2)
    gone = received(TicketDelegatesChanged(), replace(ORDER, delegates=(SON, DAUGHTER_WHO_SEES)), 3)
    for events in permutations((comes, gone)):
        told = outward(House(*events).after(minutes=11))
        assert told["family-somebody-comes", "account:a-daughter"] == [("suppressed", "no-longer-told")]
        assert told["family-somebody-comes", "account:a-son"] == [("sent", None)]
        assert told["somebody-comes", "account:a-resident"] == [("sent", None)]


DAUGHTER_WHO_SEES = TicketDelegate("a-daughter", (Permit.SEE,))


def test_who_may_be_told_again_hears_what_comes_after() -> None:
    gone = received(TicketDelegatesChanged(), replace(ORDER, delegates=(SON,)), 2)
    back = received(TicketDelegatesChanged(), ORDER, 3)
    told = outward(House(received(COMES, ORDER, 4), back, gone).after(minutes=11))

    assert told["family-somebody-comes", "account:a-daughter"] == [("sent", None)]


def test_who_is_recused_meanwhile_and_their_group_hear_nothing_that_was_planned_before() -> None:
    late = received(TicketOverdue(kind=DeadlineKind.RESOLVE), replace(ORDER, owner="m-k-001"), 2)
    about = Recusal(members=("k-001",))
    known = received(TicketRecused(), replace(ORDER, recused=about, owner="m-k-001"), 3)
    for events in permutations((late, known)):
        told = outward(House(*events, robots=("r-1",)).after(minutes=6))
        gone = [("suppressed", "no-longer-told")]
        assert told["solution-overdue-owner", "account:m-k-001"] == gone
        assert [one for (rule, _), one in told.items() if rule == "solution-overdue"] == [gone]
        assert told["we-are-late", "account:a-resident"] == [("sent", None)]


def an_appointment(hours: int, version: int) -> Any:
    at = NOON + timedelta(hours=hours)
    return received(TicketAppointed(at=at, local="2026-11-21 14:00", where=ServedAt.COUNTER), ORDER, version)


def test_an_appointment_that_was_moved_twice_is_told_as_it_is_now() -> None:
    moves = [an_appointment(hours, hours) for hours in (2, 3, 4)]
    for events in permutations(moves):
        told = outward(House(*events).after(minutes=11))
        for rule, recipient in (("appointed", "account:a-resident"), ("family-appointed", "account:a-son")):
            assert told[rule, recipient] == [("suppressed", "overtaken")] * 2 + [("sent", None)]


def test_an_appointment_of_an_order_that_ended_is_not_told() -> None:
    told = outward(House(an_appointment(2, 2), received(OFF, ORDER, 3)).after(minutes=11))

    assert told["appointed", "account:a-resident"] == [("suppressed", "overtaken")]


@pytest.mark.parametrize(
    "undone",
    [TicketRedispatched(released=(a_ticket_holder(),)), TicketSeatFreed(assignment_ids=("x",))],
    ids=lambda body: type(body).__name__,
)
def test_nobody_is_told_that_somebody_comes_who_does_not_come_any_more(undone: Any) -> None:
    comes, off = received(COMES, ORDER, 2), received(undone, replace(ORDER, holders=()), 3)
    others = received(COMES, ORDER, 4)
    for events in permutations((comes, off, others)):
        told = outward(House(*events).after(minutes=11))
        for rule, recipient in (
            ("somebody-comes", "account:a-resident"),
            ("family-somebody-comes", "account:a-daughter"),
        ):
            assert told[rule, recipient] == [("suppressed", "overtaken"), ("sent", None)]
    looks = [one for (rule, _), one in told.items() if rule == "looking-again"]
    assert looks in ([], [[("suppressed", "overtaken")]]), "somebody was found meanwhile"


def reminded(hours: float, **wish: Any) -> House:
    """Somebody comes in so many hours; the requester is reminded an hour before."""
    start = NOON + timedelta(hours=hours)
    house = House(received(COMES, replace(ORDER, wanted=Wanted(start=start), delegates=()), 2))
    house.outside.wish = replace(house.outside.wish, **wish)
    return house.after(hours=hours - 1)


def soon(house: House) -> str:
    (letter,) = [letter for letter in house.posts["sms"].letters if letter.template == "visit-soon"]
    return letter.body


def at(moment: Any) -> time:
    local: time = moment.astimezone(ZONE).time()
    return local


def test_a_reminder_that_quiet_hours_would_make_useless_comes_in_them_and_says_so() -> None:
    start = NOON + timedelta(hours=12)
    house = reminded(12, quiet=QuietHours(at(start - timedelta(hours=4)), at(start)))

    assert house.status("visit-soon") == ("sent", None)
    assert [one.override for one in house.row("visit-soon").attempts] == [True]


def test_a_reminder_that_a_digest_would_make_useless_comes_by_itself() -> None:
    house = reminded(3, digests={Category.VISIT: Every.DAY}, digest_at=at(NOON + timedelta(hours=5)))

    assert house.status("visit-soon") == ("sent", None)


def test_a_reminder_that_was_put_off_says_how_long_it_still_is() -> None:
    house = reminded(12, quiet=QuietHours(time(0), at(NOON + timedelta(hours=11, minutes=33))))
    assert house.status("visit-soon") == ("queued", None)
    house.after(minutes=33)

    assert "30 分钟" in soon(house)
    house = reminded(3)
    assert "60 分钟" in soon(house)
