"""The list of somebody who acts for others still goes by indexes, and is sorted by them."""

from typing import Any

from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketAccepted
from contracts.words import Permit
from gateway.views import scope
from tests.builders import a_ticket_snapshot, an_actor, an_envelope, some_terms
from tests.services.gateway.api import Api

DAUGHTER = an_actor(account_id="a-daughter")


def test_no_list_reads_everything(db: Any) -> None:
    """Both branches by their index: what is read is what is shown."""
    others = {"community_id": DAUGHTER.community_id, "area_path": []}
    db["tickets"].insert_many(
        {
            **others,
            "_id": f"t{number}",
            "ticket": {"requester_id": f"a-{number}", "times": {"placed_at": f"2026-11-{number:06d}"}},
        }
        for number in range(500)
    )
    own = {"community_id": DAUGHTER.community_id, "ticket.requester_id": "a-7"}
    newer = {"ticket.times.placed_at": {"$gt": ""}}
    wanted = [{**branch, **newer} for branch in (own, scope.delegate_branch(DAUGHTER))]
    found = db["tickets"].find({"$or": wanted}).sort([("ticket.times.placed_at", -1), ("_id", -1)]).limit(51)
    read = found.explain()["executionStats"]
    assert (read["nReturned"], read["totalDocsExamined"]) == (1, 1)


def test_a_delegate_lists_what_they_may_see_and_nothing_else(api: Api, seen: Any) -> None:
    for number, may in enumerate(((Permit.SEE,), (Permit.ORDER,))):
        order = a_ticket_snapshot(
            id=f"t{number}", requester_id=None, beneficiary_id="p1", delegates=(TicketDelegate("a-daughter", may),)
        )
        seen(an_envelope(TicketAccepted(terms=some_terms()), order))
    assert [ticket["id"] for ticket in api.get(DAUGHTER, "/tickets")["items"]] == ["t0"]
    shown = api.get(DAUGHTER, "/tickets/t0")
    assert (shown["requester_id"], shown["beneficiary_id"], shown["hidden_from"]) == (None, "p1", [])
    api.get(DAUGHTER, "/tickets/t1", 404)
