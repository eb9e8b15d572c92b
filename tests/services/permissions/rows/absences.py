"""No-shows and late cancels: a member's own, and for staff what was answered or stands."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from contracts.absences import AbsenceKind, AbsenceState, Side
from contracts.decisions import Decided
from contracts.events.absences import AbsenceNoted
from contracts.words import Text
from services.volunteers.adapters.absences import COLLECTION, AbsenceCodec
from services.volunteers.domain.absence import Absence
from tests.builders import COMMUNITY, a_meta
from tests.services.permissions.people import GRID, WORKER, Case
from tests.services.permissions.row import DONE, Row, for_all, listed
from tests.services.permissions.town import Town

NO_MEMBER = 404
ONE = "/api/v1/absences/<absence_id>"


def noted(town: Town, state: AbsenceState = AbsenceState.SHOWN, **body: Any) -> Case:
    """Of the worker, in the grid; as it is when somebody has not come."""
    now, id = town.clock.now(), f"an-order-{town.number()}.s1.1"
    later = now + timedelta(days=3)
    absence = Absence(
        id=id,
        community_id=COMMUNITY,
        member_id=WORKER,
        kind=AbsenceKind.NO_SHOW,
        at=now,
        wanted_start=now,
        demand_id=id.partition(".")[0],
        number="SLL-261121-0001",
        item_name=Text("水电小修", "Small repairs"),
        area_path=("sll", GRID),
        answer_by=later,
        state=state,
        decide_by=None if state is AbsenceState.SHOWN else later,
        side=None if state is AbsenceState.SHOWN else Side.ILL,
    )
    target = SimpleNamespace(collection=town.resources["volunteers"].db[COLLECTION], codec=AbsenceCodec())
    decided = Decided(absence, (AbsenceNoted(member_id=WORKER, answer_by=later),))
    meta = a_meta(command_id=f"absence-{id}", correlation_id=id)
    town.resources["volunteers"].journal.apply_one(meta, target, id, lambda _: decided)
    town.run()
    return Case(path={"absence_id": id}, body=body, found=id)


def _answered(town: Town, **body: Any) -> Case:
    return noted(town, AbsenceState.ANSWERED, **body)


def _of_member(_: Town) -> Case:
    return Case(path={"member_id": WORKER})


ROWS = (
    for_all("GET /api/v1/me/absences", lambda _: Case(), done=DONE | {NO_MEMBER}),
    for_all(f"POST {ONE}/answer", lambda town: noted(town, side="ill"), done=DONE | {NO_MEMBER}),
    listed("GET /api/v1/absences/waiting", _answered, name="absences"),
    Row(f"POST {ONE}/decide", lambda town: _answered(town, stands=False)),
    Row(f"POST {ONE}/reveals", lambda town: _answered(town, reason="核对")),
    Row("GET /api/v1/members/<member_id>/absences", _of_member),
)
