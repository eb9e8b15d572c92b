"""Public answers 民呼我应."""

from dataclasses import replace
from typing import Any

from contracts.actor import Role
from tests.builders import COMMUNITY, an_actor
from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, for_all, listed
from tests.services.permissions.rows.orders import ONE, completed, sent
from tests.services.permissions.town import Town

WRITER = an_actor(Role.DUTY, account_id="a-writer")
WORDS = {"question": "水龙头滴水找谁修?", "answer": "打社区电话,一般当天有人上门。"}
PUBLIC = f"{ONE}/public-answer"


def _written(town: Town, body: Any = None) -> Case:
    case = completed(town)
    town.do(WRITER, f"/tickets/{case.path['ticket_id']}/public-answer", WORDS)
    return replace(case, body=body)


def _to_agree(town: Town) -> Case:
    return _written(town, {"version": 1})


def _agreed(town: Town) -> Case:
    case = _written(town, {"version": 1})
    who = an_actor(Role.RESIDENT, account_id=case.requester)
    town.do(who, f"/tickets/{case.path['ticket_id']}/public-answer/agree", {"version": 1})
    return case


ROWS = (
    for_all("GET /api/v1/public-answers", lambda _: Case(query=f"?community={COMMUNITY}")),
    listed("GET /api/v1/public-answers/orders", _written),
    Row(f"GET {PUBLIC}", _written),
    Row(f"POST {PUBLIC}", sent(completed, WORDS)),
    # Who ordered agrees by their own tap, staff by what was signed or said: the other way is refused.
    Row(f"POST {PUBLIC}/agree", _to_agree, done=frozenset({200, 403})),
    Row(f"POST {PUBLIC}/approve", _agreed),
    Row(f"POST {PUBLIC}/withdraw", _written),
)
