"""Papers that staff saw, and who is kept from whom."""

from dataclasses import replace

from tests.builders import a_member_actor
from tests.services.permissions.people import WORKER, Case
from tests.services.permissions.row import DONE, Row, for_all
from tests.services.permissions.rows.orders import taken
from tests.services.permissions.town import Town

NOT_THEIRS = 404
"""Whoever did not say it themselves finds nothing to take back."""


def _met(town: Town) -> Case:
    """The worker has a seat of somebody's order."""
    return replace(taken(town), body={"member_id": WORKER})


def _kept(town: Town) -> Case:
    """The worker does not want to go there again."""
    case = _met(town)
    kept = town.do(a_member_actor(WORKER), f"/tickets/{case.path['ticket_id']}/apart", case.body)
    return replace(case, path={"apart_id": kept["id"]}, body=None)


def _seen(_: Town) -> Case:
    return Case(path={"member_id": WORKER}, body={"kind": "credential", "code": "first_aid", "until": "2027-08-31"})


ROWS = (
    Row("POST /api/v1/members/<member_id>/checks", _seen),
    Row("GET /api/v1/members/<member_id>/apart", lambda _: Case(path={"member_id": WORKER})),
    Row("POST /api/v1/tickets/<ticket_id>/apart", _met),
    for_all("GET /api/v1/me/apart", lambda _: Case()),
    for_all("POST /api/v1/apart/<apart_id>/end", _kept, done=DONE | {NOT_THEIRS}),
)
