"""What people hear of the counter: who sees to it, when to come with what, and nothing of the parts' own steps."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.counter import ServedAt
from contracts.events.counter import (
    TicketAppointed,
    TicketHandedOver,
    TicketPapersSeen,
    TicketPartsChanged,
    TicketTakenIn,
)
from contracts.events.ledger import TicketHeld
from contracts.events.merging import TicketMerged
from contracts.events.talk import TicketCommented
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import (
    TicketAccepted,
    TicketCancelled,
    TicketClosed,
    TicketCompleted,
    TicketOverdue,
    TicketRedispatched,
    TicketRejected,
    TicketReworked,
)
from contracts.events.upstream import TicketUpstreamRepeated
from contracts.merging import Primary
from contracts.talk import Side
from contracts.words import Answer, ClosedBy, DeadlineKind, Permit, ResultCode, TicketStatus
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.message import IN_APP, Message
from services.notify.domain.planning import messages_for
from tests.builders import NOON, a_ticket_snapshot, received, some_terms
from tests.builders_of_counter import LOCAL, OWNER, PART_ID, a_paper, a_visit

RULES, TEMPLATES = read_rules(), YamlTemplates()
PAPERS = (a_paper(copies=2), a_paper("form", original=False, copies=0, form=True), a_paper("photo", seen=True))
DONE = TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=None)


def messages(body: Any, **snapshot: Any) -> list[Message]:
    values = {"owner": OWNER, "counter": a_visit(*PAPERS), **snapshot}
    return [one for one in messages_for(RULES, received(body, a_ticket_snapshot(**values))) if one.channel == IN_APP]


def told(body: Any, **snapshot: Any) -> set[tuple[str, str]]:
    return {(message.rule, message.recipient) for message in messages(body, **snapshot)}


def body_of(message: Message, locale: str = "zh-CN") -> str:
    return TEMPLATES.render(message.template, locale, message.params).body


def test_who_ordered_hears_who_sees_to_it_and_what_to_bring_and_nothing_of_a_search() -> None:
    (message,) = messages(TicketTakenIn(owner=OWNER))
    assert message.recipient == "account:a-resident"
    assert "要带:身份证(原件、复印件2份);身份证(原件、复印件1份)。" in body_of(message)
    assert "Identity card (original, 2 copies)" in body_of(message, "en")
    assert told(TicketAccepted(terms=some_terms()), status=TicketStatus.IN_PROGRESS) == set()


def test_an_appointment_says_when_where_and_with_what() -> None:
    message, *reminders = messages(TicketAppointed(at=NOON + timedelta(days=3), local=LOCAL, where=ServedAt.HOME))
    assert [f"约在 {LOCAL}" in body_of(one) for one in reminders] == [True, True]
    assert f"约在 {LOCAL},地点:家里。请带:身份证" in body_of(message)


def test_only_the_papers_that_are_not_there_are_missing() -> None:
    (message,) = messages(TicketPapersSeen(complete=False, missing=("form",)))
    assert "还差:身份证。" in body_of(message)
    assert told(TicketPapersSeen(complete=True, missing=())) == set()


def test_the_new_owner_hears_of_it_and_the_owner_of_what_is_late_and_done() -> None:
    assert told(TicketHandedOver(owner=OWNER, before="m-k-002", reason_code="leave")) == {
        ("you-own-it", f"account:{OWNER}")
    }
    assert ("solution-overdue-owner", f"account:{OWNER}") in told(TicketOverdue(kind=DeadlineKind.RESOLVE))
    done = TicketPartsChanged(part_id=PART_ID, part_status=TicketStatus.COMPLETED, all_done=True)
    assert told(done) == {("parts-done", f"account:{OWNER}")}


@pytest.mark.parametrize("body", [TicketAccepted(terms=some_terms()), DONE, TicketOverdue(kind=DeadlineKind.RESOLVE)])
def test_who_is_served_hears_of_one_order_not_of_its_parts(body: Any) -> None:
    values = {"owner": None, "counter": None, "part_of": "the-whole", "status": TicketStatus.COMPLETED}
    assert not [recipient for _, recipient in told(body, **values) if recipient == "account:a-resident"]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (TicketCommented(side=Side.REQUESTER), "they-wrote-owner"),
        (TicketReworked(rework=1), "once-more-owner"),
        (TicketCancelled(by_role="resident", reason_code="other", go_to=None, released=()), "owner-not-needed"),
        (TicketMerged(primary=Primary("t-2", "NC-261121-0043")), "others-do-it-owner"),
        (TicketUpstreamRepeated(repeats=1, ended=False, danger=False), "upstream-again-owner"),
    ],
)
def test_who_owns_it_hears_what_becomes_of_it(body: Any, rule: str) -> None:
    """Nobody else has a seat of it, so that nobody else would come, or stay away."""
    assert (rule, f"account:{OWNER}") in told(body)
    assert not [one for one in told(body, owner=None) if one[0] == rule]


REJECTED = TicketRejected(reason_code="not_ours", go_to="gas_company")
CANCELLED = TicketCancelled(by_role="whole", reason_code="no_longer_needed", go_to=None, released=())
REDISPATCHED = TicketRedispatched(released=())
HELD = TicketHeld(request_id="r-1", reason_code="weather", until=NOON, local=LOCAL)


@pytest.mark.parametrize("body", [REJECTED, CANCELLED, REDISPATCHED, HELD], ids=lambda body: body.TYPE)
def test_what_becomes_of_a_part_is_told_to_nobody_who_is_served(body: Any) -> None:
    family = (TicketDelegate("a-daughter", (Permit.SEE, Permit.BE_TOLD)),)
    theirs = {"account:a-resident", "account:a-daughter"}
    whole = {recipient for _, recipient in told(body, delegates=family)}
    part = {recipient for _, recipient in told(body, delegates=family, part_of="the-whole")}
    assert whole & theirs
    assert not part & theirs


@pytest.mark.parametrize("status", [TicketStatus.REJECTED, TicketStatus.CANCELLED])
@pytest.mark.parametrize("last", [True, False])
def test_the_owner_hears_that_a_part_will_not_be_done_and_never_that_it_was(status: TicketStatus, last: bool) -> None:
    body = TicketPartsChanged(part_id=PART_ID, part_status=status, all_done=last)
    assert told(body, status=TicketStatus.IN_PROGRESS) == {("part-not-done", f"account:{OWNER}")}
    assert told(body, status=TicketStatus.CANCELLED) == set()


def test_nobody_is_asked_how_it_went_who_said_so_at_the_counter() -> None:
    assert told(DONE, status=TicketStatus.CLOSED, owner=OWNER) == set()
    assert ("how-did-it-go", "account:a-resident") in told(DONE, status=TicketStatus.COMPLETED)
    closed = TicketClosed(by=ClosedBy.COUNTER, answer=Answer.SATISFIED, resolved=True)
    assert told(closed, status=TicketStatus.CLOSED) == {("closed", "account:a-resident")}
