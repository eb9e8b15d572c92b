"""The lists of what staff still owe somebody hold exactly what whoever looks may do."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.events.results import TicketReviewDue
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.recusal import Recusal
from contracts.results import Callback, CallbackKind, CallbackState, Review
from contracts.words import Permit, TicketStatus
from gateway.api import schemas
from tests.builders import NOON, TICKET_ID, a_ticket_holder, a_ticket_snapshot, an_actor, an_envelope
from tests.services.gateway.api import Api

OFFICER = an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, "sll-g1"),))
DISPATCHER = an_actor(Role.DISPATCHER, account_id="a-dispatcher")
BY_TOKEN = an_actor(Role.DISPATCHER, account_id="a-second", member_id="m-7")
PAGE = schemas.page_of("P", schemas.TICKET)
OWED: dict[str, Any] = {
    "status": TicketStatus.CLOSED,
    "callback": Callback(kind=CallbackKind.SAMPLE, state=CallbackState.OPEN, due_at=NOON, tries=0),
    "review": Review(opened_at=NOON, due_at=NOON),
}

Seen = Callable[..., None]


def listed(api: Api, who: Actor) -> list[int]:
    """How many calls and how many reviews somebody sees."""
    lists = ("callbacks", "reviews") if who is not OFFICER else ("callbacks",)
    return [len(api.get(who, f"/{tasks}", schema=PAGE)["items"]) for tasks in lists]


def test_staff_see_what_they_may_ask_about_and_staff_above_what_they_may_explain(api: Api, seen: Seen) -> None:
    seen(an_envelope(TicketReviewDue(), a_ticket_snapshot(id=TICKET_ID, **OWED)))
    assert listed(api, OFFICER) == [1]
    api.get(OFFICER, "/reviews", 403)
    assert listed(api, DISPATCHER) == [1, 1]


@pytest.mark.parametrize(
    ("who", "part"),
    [
        (DISPATCHER, {"handlers": ("a-dispatcher",)}),
        (BY_TOKEN, {"handlers": ("m-m-7",)}),
        (DISPATCHER, {"completed_by": "a-dispatcher"}),
        (DISPATCHER, {"owner": "a-dispatcher"}),
        (BY_TOKEN, {"holders": (a_ticket_holder(member_id="m-7"),)}),
        (DISPATCHER, {"requester_id": "a-dispatcher"}),
        (DISPATCHER, {"delegates": (TicketDelegate("a-dispatcher", (Permit.ORDER,)),)}),
        (DISPATCHER, {"recused": Recusal(staff=("a-dispatcher",))}),
        (OFFICER, {"handled_in": ("sll-g1",)}),
    ],
)
def test_what_one_had_a_part_in_or_may_not_know_of_is_in_neither(
    api: Api, seen: Seen, who: Actor, part: dict[str, Any]
) -> None:
    seen(an_envelope(TicketReviewDue(), a_ticket_snapshot(id=TICKET_ID, **{**OWED, **part})))
    assert set(listed(api, who)) == {0}
    assert listed(api, an_actor(Role.SECRETARY, account_id="a-secretary")) == [1, 1]
