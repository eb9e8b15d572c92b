"""Offers, open seats, and what a member does on theirs."""

from dataclasses import replace

from tests.builders import a_member_actor
from tests.services.permissions.people import WORKER, Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.orders import offered, placed, taken
from tests.services.permissions.town import Town

OFFER = "/api/v1/offers/<offer_id>"
SEAT = "/api/v1/assignments/<assignment_id>"


def _listed_offer(town: Town) -> Case:
    case = offered(town)
    return replace(case, found=case.path["offer_id"])


def _with_a_reason(town: Town) -> Case:
    return replace(offered(town), body={"reason": "busy"})


def _listed_seat(town: Town) -> Case:
    case = taken(town)
    return replace(case, found=case.path["assignment_id"])


def _open(town: Town) -> Case:
    """A seat that any member may claim."""
    case = placed(town, "open")
    return replace(case, path={"demand_id": case.path["ticket_id"]}, found=case.path["ticket_id"])


def arrived(town: Town) -> Case:
    case = taken(town)
    town.do(a_member_actor(WORKER), f"/assignments/{case.path['assignment_id']}/arrive")
    return case


ROWS = (
    listed("GET /api/v1/offers", _listed_offer),
    Row(f"GET {OFFER}", offered),
    Row(f"POST {OFFER}/accept", offered),
    Row(f"POST {OFFER}/decline", offered),
    # The worker is invited: whoever may answer is told that nobody asks them for a reason.
    Row(f"POST {OFFER}/return", _with_a_reason, done=frozenset({409})),
    listed("GET /api/v1/demands", _open),
    Row("GET /api/v1/me/offers/why-none", lambda _: Case(), outside=None),
    Row("POST /api/v1/demands/<demand_id>/claim", _open),
    listed("GET /api/v1/assignments", _listed_seat),
    Row(f"GET {SEAT}", taken),
    Row(f"POST {SEAT}/leave", arrived),
    Row(f"POST {SEAT}/release", taken),
)
