"""Who hears of what: frames are thin, and who declined an offer reaches nobody but that member."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.events.results import TicketCallbackRecorded, TicketExplained
from contracts.events.talk import TicketCommented, TicketNoted
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketAssignmentRefused, TicketCancelled, TicketCompleted, TicketSubmitted
from contracts.events.volunteers import (
    AssignmentArrived,
    AssignmentLeft,
    AssignmentMade,
    ClaimOpened,
    DemandUnserved,
    OfferDeclined,
    OfferExpired,
    OfferMade,
)
from contracts.hearing import audience
from contracts.ladder import Rung
from contracts.recusal import Recusal
from contracts.talk import Side
from contracts.words import Answer, OfferStatus, Permit, ResultCode
from gateway.stream.fanout import Fanout
from gateway.stream.frames import frame
from tests.builders import (
    AREA_PATH,
    ASSIGNMENT_ID,
    COMMUNITY,
    MEMBER_ID,
    NOON,
    TICKET_ID,
    a_demand_snapshot,
    a_holder,
    a_ticket_holder,
    a_ticket_snapshot,
    an_envelope,
    an_offer_change,
    every_sample,
)
from tests.builders_of_harm import HARM_BODIES
from tests.builders_of_ledger import LEDGER_BODIES

CREW = a_demand_snapshot(holders=(a_holder(member_id="holder"),))
ORDERED = {TICKET_ID: "a-daughter"}


@pytest.mark.parametrize("kind", [OfferDeclined, OfferExpired])
def test_who_declined_or_let_an_offer_pass_reaches_that_member_only(kind: type) -> None:
    event = an_envelope(kind(offers=(an_offer_change(member_id="shy", status=OfferStatus.DECLINED),)), CREW)
    whom = audience(event, ORDERED)
    assert whom["member_ids"] == ["shy"]
    assert (whom["staff"], whom["members"], whom["requester_ids"]) == (False, False, [])


def test_an_offer_is_told_to_the_member_who_is_asked_and_to_staff() -> None:
    whom = audience(an_envelope(OfferMade(offers=(an_offer_change(member_id="asked"),)), CREW), ORDERED)
    assert whom["member_ids"] == ["asked"]
    assert whom["staff"] is True
    assert whom["requester_ids"] == []


@pytest.mark.parametrize("body", LEDGER_BODIES[:4], ids=lambda body: body.TYPE)
def test_what_is_asked_for_is_between_those_who_handle_the_order(body: Any) -> None:
    event = an_envelope(body, a_ticket_snapshot(requester_id="a-mother", holders=(a_ticket_holder(),), blocks=("b",)))
    whom = audience(event, {})
    assert (whom["requester_ids"], whom["member_ids"], whom["staff"]) == ([], [MEMBER_ID], True)
    assert whom.get("blocks") == (["b"] if getattr(body, "approver", None) is Rung.BLOCK_CHIEF else None)


def test_every_member_hears_that_seats_are_open_to_claims() -> None:
    assert audience(an_envelope(ClaimOpened(until=NOON), CREW), {})["members"] is True


@pytest.mark.parametrize(
    ("body", "hears"),
    [
        (AssignmentMade(assignment_id=ASSIGNMENT_ID, member_id="holder", offer_id=None), True),
        (AssignmentArrived(assignment_id=ASSIGNMENT_ID, member_id="holder"), True),
        (AssignmentLeft(assignment_id=ASSIGNMENT_ID, member_id="holder"), False),
        (DemandUnserved(gates={"skill": 3}), False),
    ],
)
def test_who_ordered_hears_that_somebody_took_it_and_arrived(body: object, hears: bool) -> None:
    assert audience(an_envelope(body, CREW), ORDERED)["requester_ids"] == (["a-daughter"] if hears else [])


def test_an_order_is_told_to_who_ordered_who_holds_it_and_who_was_released() -> None:
    snapshot = a_ticket_snapshot(requester_id="a-daughter", holders=(a_ticket_holder(member_id="holder"),))
    body = TicketCancelled(
        by_role="staff", reason_code="other", go_to=None, released=(a_ticket_holder(member_id="released"),)
    )
    whom = audience(an_envelope(body, snapshot), {})
    assert whom["member_ids"] == ["holder", "released"]
    assert whom["requester_ids"] == ["a-daughter"]
    assert whom["area_path"] == list(AREA_PATH)


def test_a_seat_that_came_too_late_concerns_that_member_and_nobody_of_the_crew() -> None:
    snapshot = a_ticket_snapshot(requester_id="a-daughter", holders=(a_ticket_holder(member_id="holder"),))
    whom = audience(an_envelope(TicketAssignmentRefused(assignment_id="x", member_id="late"), snapshot), {})
    assert whom["member_ids"] == ["late"]


def test_frames_are_thin() -> None:
    for envelope in every_sample().values():
        assert frame(envelope).keys() == {"id", "type", "subject", "time", "version", "number"}


def _stored(envelope: object) -> dict[str, object]:
    return {"community_id": COMMUNITY, "audience": audience(envelope, {}), "frame": frame(envelope)}  # type: ignore[arg-type]


def _actor(account: str, role: Role, area: str | None = None, member: str | None = None) -> Actor:
    return Actor(account_id=account, community_id=COMMUNITY, grants=(Grant(role, area),), member_id=member)


def test_staff_hear_their_own_areas_only_and_each_subscriber_once() -> None:
    fanout = Fanout()
    here = fanout.subscribe(_actor("officer", Role.DUTY, "sll-g1"))
    elsewhere = fanout.subscribe(_actor("other", Role.DUTY, "sll-g2"))
    everywhere = fanout.subscribe(_actor("secretary", Role.SECRETARY))
    both = fanout.subscribe(_actor("m-holder", Role.DUTY, "sll-g1", member=MEMBER_ID))
    body = TicketCompleted(result=ResultCode.SOLVED, by_member=None, headcount=None)
    fanout.deliver(_stored(an_envelope(body, a_ticket_snapshot(holders=(a_ticket_holder(),)))))
    heard = [len(who.take(0)[1]) for who in (here, elsewhere, everywhere, both)]
    assert heard == [1, 0, 1, 1]


def test_another_community_hears_nothing() -> None:
    fanout = Fanout()
    stranger = Actor(account_id="s", community_id="elsewhere", grants=(Grant(Role.SECRETARY),))
    listening = fanout.subscribe(stranger)
    fanout.deliver(_stored(an_envelope(DemandUnserved(gates={}), CREW)))
    assert listening.take(0) == (False, [])


def test_a_slow_subscriber_loses_frames_and_hears_of_the_gap() -> None:
    fanout = Fanout(queue=2)
    slow = fanout.subscribe(_actor("secretary", Role.SECRETARY))
    for version in (1, 2, 3):
        fanout.deliver(_stored(an_envelope(DemandUnserved(gates={}), CREW, version)))
    gap, told = slow.take(0)
    assert gap
    assert [one.frame["version"] for one in told] == [3]
    assert slow.take(0) == (False, [])


def test_who_left_is_forgotten() -> None:
    fanout = Fanout()
    gone = fanout.subscribe(_actor("secretary", Role.SECRETARY))
    fanout.unsubscribe(gone)
    assert len(fanout) == 0


def test_who_acts_for_somebody_hears_nothing_of_a_complaint_about_themselves() -> None:
    may = (Permit.SEE, Permit.BE_TOLD)
    delegates = (TicketDelegate("a-son", may), TicketDelegate("m-mate", may))
    order = a_ticket_snapshot(requester_id="a-mother", delegates=delegates, recused=Recusal(members=("mate",)))
    whom = audience(an_envelope(TicketSubmitted(), order), {})
    assert whom["requester_ids"] == ["a-mother", "a-son"]
    assert whom["recused"] == {"members": ["mate"], "areas": [], "staff": []}


def test_a_note_among_staff_and_crew_reaches_nobody_on_the_side_of_who_ordered() -> None:
    snapshot = a_ticket_snapshot(delegates=(TicketDelegate("a-daughter", (Permit.BE_TOLD,)),))
    heard = {
        body: audience(an_envelope(body, snapshot), {})["requester_ids"]
        for body in (TicketCommented(side=Side.STAFF), TicketNoted(side=Side.STAFF))
    }
    assert list(heard.values()) == [["a-resident", "a-daughter"], []]


@pytest.mark.parametrize(
    "body",
    [
        TicketCallbackRecorded(reached=True, answer=Answer.UNSATISFIED, solved=False),
        TicketExplained(reason_code="no_parts"),
    ],
)
def test_what_was_said_of_the_work_in_a_call_reaches_not_who_did_it(body: Any) -> None:
    snapshot = a_ticket_snapshot(holders=(a_ticket_holder(member_id="holder"),))
    whom = audience(an_envelope(body, snapshot), {})
    assert whom["member_ids"] == []
    assert whom["staff"] is True
    assert whom["requester_ids"] == [snapshot.requester_id]


@pytest.mark.parametrize("body", HARM_BODIES, ids=lambda body: type(body).__name__)
def test_of_suspected_harm_the_stream_tells_nobody(body: Any) -> None:
    whom = audience(an_envelope(body), ORDERED)
    assert not any(whom.values())
