"""Who sees which orders, and how much of them; what is out of scope is not found."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.events.tickets import TicketAccepted, TicketAssigned, TicketCompleted, TicketRejected
from contracts.events.volunteers import AssignmentMade, ClaimOpened, DemandUnserved, OfferMade
from contracts.words import DemandStatus, ResultCode, TicketStatus
from gateway.api import schemas
from tests.builders import (
    COMMUNITY,
    MEMBER_ID,
    NOON,
    TICKET_ID,
    a_demand_snapshot,
    a_holder,
    a_member_actor,
    a_ticket_holder,
    a_ticket_snapshot,
    an_actor,
    an_envelope,
    an_offer_change,
    some_terms,
)
from tests.services.gateway.api import Api

REQUESTER = an_actor(Role.RESIDENT, account_id="a-daughter")
STRANGER = an_actor(Role.RESIDENT, account_id="a-stranger")
OFFICER = an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, "sll-g1"),))
ELSEWHERE = an_actor(Role.DUTY, account_id="a-other", grants=(Grant(Role.DUTY, "sll-g2"),))
DISPATCHER = an_actor(Role.DISPATCHER)
ABROAD = Actor(account_id="a-abroad", community_id="elsewhere", grants=(Grant(Role.ADMIN),))
HOLDER = a_member_actor()
ASKED = a_member_actor("m-asked")
OTHER = a_member_actor("m-other")

ORDER = a_ticket_snapshot(requester_id="a-daughter", beneficiary_id="p-mother")
ACCEPTED = an_envelope(TicketAccepted(terms=some_terms()), ORDER)
OFFERED = an_envelope(OfferMade(offers=(an_offer_change(member_id="m-asked"),)), a_demand_snapshot(holders=()))
TAKEN = an_envelope(
    AssignmentMade(assignment_id=f"{TICKET_ID}.s1.1", member_id=MEMBER_ID, offer_id=None),
    a_demand_snapshot(holders=(a_holder(),), status=DemandStatus.FILLED),
    version=2,
)

Seen = Callable[..., None]


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (REQUESTER, True),
        (STRANGER, False),
        (OFFICER, True),
        (ELSEWHERE, False),
        (DISPATCHER, True),
        (ABROAD, False),
        (HOLDER, True),
        (ASKED, True),
        (OTHER, False),
    ],
)
def test_who_sees_an_order(api: Api, seen: Seen, who: Actor, sees: bool) -> None:
    seen(ACCEPTED, OFFERED, TAKEN)
    api.get(who, f"/tickets/{TICKET_ID}", 200 if sees else 404)
    listed = api.get(who, "/tickets", schema=schemas.page_of("P", schemas.TICKET))["items"]
    assert [ticket["id"] for ticket in listed] == ([TICKET_ID] if sees else [])


def test_not_there_and_not_yours_look_the_same(api: Api, seen: Seen) -> None:
    seen(ACCEPTED)
    there = api.get(STRANGER, f"/tickets/{TICKET_ID}", 404)
    missing = api.get(STRANGER, "/tickets/01KAJ5ZX000000000000NOTHER", 404)
    assert there | {"instance": ""} == missing | {"instance": ""}


def test_an_order_is_shown_as_its_schema_says(api: Api, seen: Seen) -> None:
    seen(ACCEPTED, OFFERED, TAKEN)
    for who in (REQUESTER, DISPATCHER, HOLDER):
        ticket = api.get(who, f"/tickets/{TICKET_ID}", schema=schemas.TICKET)
        assert ticket["demand"]["holders"][0]["member_id"] == MEMBER_ID
        assert ticket["links"]["timeline"] == f"/api/v1/tickets/{TICKET_ID}/timeline"


def test_for_whom_it_is_is_shown_to_them_and_to_staff(api: Api, seen: Seen) -> None:
    seen(ACCEPTED, TAKEN)
    shown = {who: api.get(who, f"/tickets/{TICKET_ID}") for who in (REQUESTER, DISPATCHER, HOLDER)}
    assert [ticket["requester_id"] for ticket in shown.values()] == ["a-daughter", "a-daughter", None]
    assert [ticket["beneficiary_id"] for ticket in shown.values()] == ["p-mother", "p-mother", None]


def test_counts_and_gates_are_for_staff(api: Api, seen: Seen) -> None:
    unserved = an_envelope(
        DemandUnserved(gates={"skill": 12}), a_demand_snapshot(holders=(), status=DemandStatus.UNSERVED), version=3
    )
    seen(ACCEPTED, OFFERED, unserved)
    demand = api.get(DISPATCHER, f"/tickets/{TICKET_ID}", schema=schemas.TICKET)["demand"]
    assert demand["gates"] == {"skill": 12}
    assert demand["counts"]["asked"] >= 0
    demand = api.get(REQUESTER, f"/tickets/{TICKET_ID}", schema=schemas.TICKET)["demand"]
    assert (demand["gates"], demand["counts"]) == (None, None)
    board = api.get(DISPATCHER, "/demands?status=unserved", schema=schemas.page_of("P", schemas.OPEN_DEMAND))
    assert [row["ticket_id"] for row in board["items"]] == [TICKET_ID]
    assert api.get(ELSEWHERE, "/demands")["items"] == []


def test_where_to_go_instead_is_shown(api: Api, seen: Seen) -> None:
    rejected = an_envelope(
        TicketRejected(reason_code="not_ours", go_to="gas"),
        a_ticket_snapshot(requester_id="a-daughter", status=TicketStatus.REJECTED),
    )
    seen(rejected)
    ticket = api.get(REQUESTER, f"/tickets/{TICKET_ID}", schema=schemas.TICKET)
    assert ticket["ending"] == {"reason_code": "not_ours", "go_to": "gas", "by_role": None}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?status=accepted", 1),
        ("?status=accepted,assigned", 1),
        ("?status=closed", 0),
        ("?area=sll-g1", 1),
        ("?area=sll-g2", 0),
        (f"?item={ORDER.item_id}", 1),
        ("?item=other", 0),
        (f"?number={ORDER.number}", 1),
        ("?mine=true", 0),
    ],
)
def test_lists_are_narrowed(api: Api, seen: Seen, query: str, found: int) -> None:
    seen(ACCEPTED)
    for who in (DISPATCHER, OFFICER):
        assert len(api.get(who, f"/tickets{query}")["items"]) == found


def test_an_offer_is_its_members_alone(api: Api, seen: Seen) -> None:
    seen(ACCEPTED, OFFERED)
    page = api.get(ASKED, "/offers?status=open", schema=schemas.page_of("P", schemas.OFFER))
    offer_id = page["items"][0]["id"]
    assert page["items"][0]["why"]
    assert api.get(OTHER, "/offers")["items"] == []
    api.get(ASKED, f"/offers/{offer_id}", schema=schemas.OFFER)
    api.get(OTHER, f"/offers/{offer_id}", 404)
    api.get(DISPATCHER, f"/offers/{offer_id}", 403)


@pytest.mark.parametrize(
    ("employment", "skills", "terms", "claimable"),
    [
        ("volunteer", ["water_electric"], {}, True),
        ("volunteer", [], {}, False),
        ("volunteer", ["water_electric"], {"who_may": "professional"}, False),
        ("volunteer", ["water_electric"], {"policy": "contracted"}, False),
        ("property", ["water_electric"], {"who_may": "professional"}, True),
        ("property", ["water_electric"], {}, False),
        ("property", ["water_electric"], {"policy": "contracted"}, True),
        ("duty", ["water_electric"], {"policy": "duty", "who_may": "duty"}, True),
        ("shop", ["water_electric"], {"policy": "contracted"}, True),
    ],
)
def test_a_member_is_shown_the_claims_that_may_suit(
    api: Api, seen: Seen, db: Any, employment: str, skills: list[str], terms: dict[str, Any], claimable: bool
) -> None:
    seen(ACCEPTED)
    db["tickets"].update_one({}, {"$set": {f"terms.{name}": value for name, value in terms.items()}})
    db["members"].insert_one(
        {"_id": "m-other", "community_id": COMMUNITY, "member": {"v": 1, "employment": employment, "skills": skills}}
    )
    opened = a_demand_snapshot(holders=(), status=DemandStatus.CLAIM, claim_until=NOON)
    seen(an_envelope(ClaimOpened(until=NOON), opened))
    assert len(api.get(OTHER, "/demands?status=claim")["items"]) == claimable
    api.get(OTHER, f"/tickets/{TICKET_ID}")


def test_a_seat_ends_with_its_order(api: Api, seen: Seen) -> None:
    seen(ACCEPTED, TAKEN)
    page = schemas.page_of("P", schemas.ASSIGNMENT)
    assert [seat["status"] for seat in api.get(HOLDER, "/assignments?status=taken", schema=page)["items"]] == ["taken"]
    assert api.get(HOLDER, "/assignments?status=finished")["items"] == []
    assert api.get(OTHER, "/assignments")["items"] == []
    done = a_ticket_snapshot(
        status=TicketStatus.COMPLETED, result=ResultCode.SOLVED, holders=(a_ticket_holder(),), lead=MEMBER_ID
    )
    seen(an_envelope(TicketCompleted(result=ResultCode.SOLVED, by_member=MEMBER_ID, headcount=1), done, version=5))
    assert api.get(HOLDER, "/assignments?status=taken,arrived")["items"] == []
    for query in ("?status=finished", "?status=taken,finished", ""):
        seats = api.get(HOLDER, f"/assignments{query}", schema=page)["items"]
        assert [(seat["status"], seat["lead"]) for seat in seats] == [("finished", True)]
    api.get(HOLDER, f"/assignments/{TICKET_ID}.s1.1", schema=schemas.ASSIGNMENT)
    api.get(OTHER, f"/assignments/{TICKET_ID}.s1.1", 404)


def test_the_timeline_of_somebody_elses_order_is_not_found(api: Api, seen: Seen, rpc: Any) -> None:
    seen(ACCEPTED, OFFERED)
    rpc.will("tickets.history", {"events": [ACCEPTED.to_wire()]})
    rpc.will("volunteers.history", {"events": [OFFERED.to_wire()]})
    api.get(STRANGER, f"/tickets/{TICKET_ID}/timeline", 404)
    assert rpc.asked == []
    items = api.get(REQUESTER, f"/tickets/{TICKET_ID}/timeline", schema=schemas.TIMELINE)["items"]
    assert [entry["type"] for entry in items] == ["shiliu.offer.made.v1", "shiliu.ticket.accepted.v1"]
    api.get(ASKED, f"/tickets/{TICKET_ID}/deliveries", 403)
    api.get(ELSEWHERE, f"/tickets/{TICKET_ID}/deliveries", 404)


def test_an_order_known_only_from_its_demand_is_not_shown_yet(api: Api, seen: Seen) -> None:
    seen(TAKEN, an_envelope(TicketAssigned(assignment_ids=("x",), lead=MEMBER_ID), a_ticket_snapshot(id="t2")))
    assert [ticket["id"] for ticket in api.get(DISPATCHER, "/tickets")["items"]] == ["t2"]
    api.get(DISPATCHER, f"/tickets/{TICKET_ID}", 404)
