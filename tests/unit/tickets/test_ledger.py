"""Who asks and who decides; and that nothing waits for ever for somebody who is silent."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Actor, Role
from contracts.commands import Call
from contracts.commands.tickets import ReadPrivate
from contracts.errors import Conflict, Invalid, NotFound, Refused
from contracts.events.ledger import (
    TicketRequestLapsed,
    TicketRequestMade,
    TicketRequestRaised,
)
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.ladder import Rung
from contracts.ledger import RequestKind, RequestState
from contracts.recusal import Recusal
from contracts.words import Permit, TicketStatus, Urgency
from services.tickets.domain.private import Private
from services.tickets.domain.rungs import Ladder
from tests.builders import NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.asking import (
    CHIEF,
    DAY,
    DISPATCHER,
    HOUR,
    LATER,
    LEAD,
    OFFICER,
    REQUESTER,
    SECOND,
    SECRETARY,
    TOP,
    a_house,
    ask,
    decide,
    order,
    silence,
    told,
)


@pytest.mark.parametrize("kind", [kind for kind in RequestKind if kind is not RequestKind.RETURN_UPSTREAM])
def test_the_lead_asks_for_what_the_crew_need_and_staff_for_everything(kind: RequestKind) -> None:
    assert ask(a_house(), OFFICER, kind)["request_id"] == f"{TICKET_ID}.r1"
    house = a_house()
    if kind in (RequestKind.VOID, RequestKind.REASSIGN):
        with pytest.raises(Refused, match="not-yours-to-ask"):
            ask(house, LEAD, kind)
    else:
        ask(house, LEAD, kind)
        assert order(house).ledger[0].asked_as is Rung.CREW
    for nobody in (SECOND, REQUESTER):
        with pytest.raises(Refused, match="not-yours-to-ask"):
            ask(a_house(), nobody, kind)
    for stranger in (a_member_actor("m-9"), an_actor(account_id="a-stranger")):
        with pytest.raises(NotFound):
            ask(a_house(), stranger, kind)


@pytest.mark.parametrize(
    ("asker", "decider", "refusal"),
    [
        (LEAD, OFFICER, "approver-only"),
        (LEAD, DISPATCHER, None),
        (OFFICER, OFFICER, "approver-only"),
        (OFFICER, SECRETARY, None),
        (OFFICER, CHIEF, None),
        (DISPATCHER, DISPATCHER, "approver-only"),
        (DISPATCHER, SECRETARY, "approver-only"),
        (SECRETARY, CHIEF, None),
        (SECRETARY, TOP, None),
        (LEAD, REQUESTER, "approver-only"),
        (LEAD, SECOND, "approver-only"),
    ],
)
def test_only_who_stands_above_decides(asker: Actor, decider: Actor, refusal: str | None) -> None:
    house = a_house()
    ask(house, asker)
    if refusal is None:
        decide(house, decider)
        assert order(house).ledger[0].state is RequestState.APPROVED
        assert order(house).ledger[0].decided_by == decider.account_id
    else:
        with pytest.raises(Refused, match=refusal):
            decide(house, decider)
        assert order(house).ledger[0].state is RequestState.ASKED


def test_where_nobody_stands_above_an_equal_decides_and_never_who_asked() -> None:
    house = a_house(ladder=Ladder())
    ask(house, SECRETARY)
    with pytest.raises(Refused, match="own-request"):
        decide(house, SECRETARY)
    decide(house, DISPATCHER)
    assert order(house).ledger[0].decided_as is Rung.DESK


def test_who_asked_as_a_member_does_not_decide_with_another_account() -> None:
    house = a_house(ladder=Ladder())
    asker = an_actor(Role.DISPATCHER, account_id="m-m-5", member_id="m-5")
    ask(house, asker)
    with pytest.raises(Refused, match="own-request"):
        decide(house, an_actor(Role.SECRETARY, account_id="a-desk-2", member_id="m-5"))


@pytest.mark.parametrize(
    "part", [an_actor(Role.DISPATCHER, member_id="m-2"), an_actor(Role.DISPATCHER, account_id="a-resident")]
)
def test_who_has_a_part_in_the_order_does_not_decide(part: Actor) -> None:
    house = a_house()
    ask(house, OFFICER)
    with pytest.raises(Refused, match="own-part"):
        decide(house, part)


def test_who_acts_for_the_person_served_does_not_decide_about_their_order() -> None:
    house = a_house(delegates=(TicketDelegate(DISPATCHER.account_id, (Permit.SEE,)),))
    ask(house, OFFICER)
    with pytest.raises(Refused, match="own-part"):
        decide(house, DISPATCHER)


def test_what_is_typed_with_a_request_is_for_staff_and_crew_and_not_for_who_ordered() -> None:
    house = a_house(private=Private(description=None, area=None))
    ask(house, LEAD, RequestKind.RETURN, note="进门就骂人")
    decide(house, DISPATCHER, approved=False, note="再去一次")
    texts = {
        who.account_id: [
            note["text"]
            for note in house.reads.read_private(
                Call(ReadPrivate(ticket_id=TICKET_ID, reason="台账"), a_meta(who))
            ).result["notes"]
        ]
        for who in (REQUESTER, LEAD, OFFICER)
    }
    both = ["进门就骂人", "再去一次"]
    assert texts == {REQUESTER.account_id: [], LEAD.account_id: both, OFFICER.account_id: both}


def test_whose_own_case_a_complaint_is_knows_nothing_of_its_ledger() -> None:
    house = a_house(recused=Recusal(staff=(DISPATCHER.account_id,)))
    ask(house, OFFICER)
    with pytest.raises(NotFound):
        decide(house, DISPATCHER)
    house = a_house(recused=Recusal(members=("m-7",)))
    with pytest.raises(Invalid) as refusal:
        ask(house, OFFICER, RequestKind.REASSIGN)
    assert refusal.value.field == "member_id"


def test_a_silent_approver_is_passed_over_and_at_last_it_lapses() -> None:
    house = a_house()
    ask(house, OFFICER)
    silence(house, NOON + 4 * HOUR - timedelta(seconds=1))
    assert told(house) == [TicketRequestMade]
    silence(house, NOON + 4 * HOUR)
    raised = house.tickets.events[-1]
    assert isinstance(raised, TicketRequestRaised)
    assert (raised.approver, raised.until) == (Rung.BLOCK_CHIEF, NOON + 8 * HOUR)
    silence(house, NOON + 30 * HOUR)
    assert told(house) == [TicketRequestMade, TicketRequestRaised, TicketRequestRaised, TicketRequestLapsed]
    assert order(house).ledger[0].state is RequestState.LAPSED
    with pytest.raises(Conflict, match="decided-already"):
        decide(house, TOP)
    ask(house, OFFICER)
    assert [row.state for row in order(house).ledger] == [RequestState.LAPSED, RequestState.ASKED]


def test_the_only_secretary_never_waits_for_ever() -> None:
    house = a_house(ladder=Ladder())
    ask(house, SECRETARY)
    silence(house, NOON + 4 * HOUR)
    assert told(house) == [TicketRequestMade, TicketRequestLapsed]
    assert order(house).held == ()


def test_an_approver_of_what_can_wait_has_working_hours() -> None:
    """Noon of a Saturday in 石榴里: the desk has until Monday, four hours after it opens at nine, with its rest."""
    house = a_house(urgency=Urgency.ORDINARY)
    ask(house, OFFICER)
    first, second, _ = order(house).ledger[0].desks
    assert (first.rung, first.until) == (Rung.DESK, datetime.fromisoformat("2026-11-23T07:00:00+00:00"))
    assert (second.rung, second.until) == (Rung.BLOCK_CHIEF, datetime.fromisoformat("2026-11-24T02:00:00+00:00"))


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (RequestKind.HOLD, {"until": None}, "until"),
        (RequestKind.HOLD, {"until": NOON}, "until"),
        (RequestKind.HOLD, {"until": NOON + 181 * DAY}, "until"),
        (RequestKind.HOLD, {"reason_code": "他不在家"}, "reason_code"),
        (RequestKind.HOLD, {"papers": ("户口簿",)}, "papers.0"),
        (RequestKind.HOLD, {"papers": ("x",) * 31}, "papers"),
        (RequestKind.HOLD, {"team_id": "silver-vanguard"}, "team_id"),
        (RequestKind.EXTENSION, {"until": None}, "until"),
        (RequestKind.RETURN, {"until": LATER}, "until"),
        (RequestKind.VOID, {"papers": ("x",)}, "papers"),
        (RequestKind.REASSIGN, {"member_id": None}, "member_id"),
        (RequestKind.REASSIGN, {"team_id": "silver-vanguard"}, "member_id"),
        (RequestKind.REASSIGN, {"member_id": "m-0"}, "member_id"),
        (RequestKind.REASSIGN, {"member_id": None, "team_id": "no-team"}, "team_id"),
    ],
)
def test_what_is_wrong_with_a_request_is_named(kind: RequestKind, changes: dict[str, Any], field: str) -> None:
    house = a_house()
    with pytest.raises(Invalid) as refusal:
        ask(house, OFFICER, kind, **changes)
    assert refusal.value.field == field
    assert order(house).ledger == ()


@pytest.mark.parametrize("kind", list(RequestKind))
@pytest.mark.parametrize("status", [TicketStatus.COMPLETED, TicketStatus.CLOSED, TicketStatus.CANCELLED])
def test_nothing_is_asked_for_what_is_done(kind: RequestKind, status: TicketStatus) -> None:
    with pytest.raises(Conflict):
        ask(a_house(status), OFFICER, kind)


def test_the_same_is_asked_for_once_at_a_time() -> None:
    house = a_house()
    ask(house, OFFICER)
    with pytest.raises(Conflict, match="asked-already"):
        ask(house, OFFICER)
    ask(house, OFFICER, RequestKind.EXTENSION)
    decide(house, DISPATCHER)
    with pytest.raises(Conflict, match="held-already"):
        ask(house, OFFICER)


def test_a_request_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        decide(a_house(), DISPATCHER)
