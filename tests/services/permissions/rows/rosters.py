"""The roster: read it, plan it, hold a shift."""

from zoneinfo import ZoneInfo

from tests.builders import a_member_actor
from tests.services.permissions.people import DISPATCHER, GRID, Case
from tests.services.permissions.row import Row, ids
from tests.services.permissions.town import Town

OFFICER = "d1"
SHIFT = "/api/v1/shifts/<shift_id>"


def _today(town: Town) -> str:
    """The day there."""
    return town.resources["volunteers"].clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()


def _planned(town: Town, **changes: object) -> Case:
    """A shift of the officer's, which is on all day, and may be signed in to now."""
    wanted = {"day": _today(town), "role": "duty_officer", "starts": "00:00", "ends": "00:00"}
    asked = {**wanted, "member_id": OFFICER, **changes}
    shift = town.do(DISPATCHER, f"/rosters/{GRID}/shifts", asked)["shift_id"]
    return Case(path={"shift_id": shift}, member=OFFICER, found=shift, query="")


def _listed(town: Town) -> Case:
    case = _planned(town)
    return Case(member=OFFICER, found=case.found, query=f"?since={_today(town)}&days=1")


def _wanted(town: Town) -> Case:
    body = {"day": _today(town), "role": "counter", "starts": "09:00", "ends": "18:00"}
    return Case(path={"area_id": GRID}, body=body)


def _substituted(town: Town) -> Case:
    case = _planned(town, member_id=None)
    return Case(path=case.path, body={"member_id": OFFICER})


def _signed_in(town: Town) -> Case:
    case = _planned(town)
    town.do(a_member_actor(OFFICER), f"/shifts/{case.path['shift_id']}/take-over")
    return Case(path=case.path, member=OFFICER, body={"note": "门卫室钥匙在抽屉里"})


ROWS = (
    Row("GET /api/v1/rosters", _listed, outside=200, lists=ids("shifts", "shift_id")),
    Row("POST /api/v1/rosters/<area_id>/shifts", _wanted),
    Row(f"POST {SHIFT}/remove", _planned),
    Row(f"POST {SHIFT}/substitute", _substituted),
    Row(f"POST {SHIFT}/cannot", _planned),
    Row(f"POST {SHIFT}/take-over", _planned),
    Row(f"POST {SHIFT}/hand-over", _signed_in),
)
