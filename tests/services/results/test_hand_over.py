"""An order that changed hands at the counter, by HTTP: no owner says how it went, and whose it is sees an office."""

import pytest

from contracts.actor import Actor, Role
from tests.builders import an_actor
from tests.services.permissions.people import PLACE
from tests.services.permissions.town import Town

CLERK = an_actor(Role.DUTY, account_id="a-clerk")
NEXT = an_actor(Role.DUTY, account_id="a-next")
OFFICER = an_actor(Role.DUTY, account_id="a-officer")
DISPATCHER = an_actor(Role.DISPATCHER, account_id="a-dispatcher")
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
VISIT = {"item_id": "counter", "area_id": PLACE, "description": "来办低保", "businesses": ["B01"]}
HEARD = {"reached": True, "answer": "unsatisfied", "solved": False}
SHIFT = {"reason_code": "end_of_shift", "note": "她来过三次了"}

pytestmark = pytest.mark.xdist_group("results")


@pytest.fixture
def order(results_town: Town) -> tuple[str, Actor]:
    """Taken in by the clerk, handed on to another officer; and whose it is."""
    resident = results_town.account(an_actor(Role.RESIDENT, account_id=f"a-handed-{results_town.number()}"))
    results_town.account(NEXT)
    visit = {**VISIT, "requester_id": resident.account_id}
    path = f"/tickets/{results_town.post(CLERK, '/counter/tickets', visit)['id']}"
    results_town.post(CLERK, f"{path}/hand-over", {**SHIFT, "to_account": "a-next"})
    return path, resident


def _refused(town: Town, who: Actor, path: str, body: object) -> str:
    response = town.ask("POST", f"/api/v1{path}", who, body)
    assert response.status_code == 403, response.text
    return str(response.json["code"])


def _listed(town: Town, who: Actor, tasks: str, path: str) -> bool:
    found = {one["id"] for one in town.get(who, f"/{tasks}?limit=200")["items"]}
    return path.rpartition("/")[2] in found


def test_no_owner_of_it_asks_how_it_went_nor_is_told_to(results_town: Town, order: tuple[str, Actor]) -> None:
    town, (path, resident) = results_town, order
    town.post(DISPATCHER, f"{path}/complete", {"result": "solved", "signed": True})
    happy = {"answer": "satisfied", "solved": True}
    for who in (CLERK, NEXT, DISPATCHER):
        assert not _listed(town, who, "callbacks", path)
        assert _refused(town, who, f"{path}/callback", HEARD) == "own-work"
        assert _refused(town, who, f"{path}/confirm", happy) == "own-work"
    assert _listed(town, OFFICER, "callbacks", path)
    assert town.ask("POST", f"/api/v1{path}/confirm", resident, happy).status_code == 200
    town.post(OFFICER, f"{path}/callback", HEARD)
    assert _listed(town, SECRETARY, "reviews", path)
    assert not _listed(town, DISPATCHER, "reviews", path)
    explain = {"reason_code": "not_feasible"}
    assert _refused(town, DISPATCHER, f"{path}/explain", explain) == "own-work"
    town.post(SECRETARY, f"{path}/explain", explain)


def test_whose_it_is_sees_offices_and_nothing_that_was_typed_among_staff(
    results_town: Town, order: tuple[str, Actor]
) -> None:
    town, (path, resident) = results_town, order
    shown = town.get(resident, path)
    assert (shown["owner"], shown["owner_office"]["zh"]) == (None, "社区 值守人员")
    listed = town.get(resident, "/tickets")["items"]
    assert [one["owner_office"] for one in listed if path.endswith(one["id"])] == [shown["owner_office"]]
    assert town.get(OFFICER, path)["owner"] == "a-next"
    whole = town.get(resident, f"{path}/timeline")
    assert not [name for name in ("a-next", "a-clerk") if name in str(whole)]
    handed = next(one["data"] for one in whole["items"] if one["type"].endswith("handed_over.v1"))
    assert handed["owner_office"] == {"zh": "社区 值守人员", "en": "duty staff of the community"}
    assert SHIFT["note"] not in str(town.post(resident, f"{path}/reveals"))
    assert SHIFT["note"] in str(town.post(OFFICER, f"{path}/reveals", {"reason": "核对"}))


def test_nobody_is_handed_their_own_affair(results_town: Town) -> None:
    own = results_town.account(an_actor(Role.DUTY, account_id="a-own"))
    visit = {**VISIT, "requester_id": own.account_id}
    path = f"/tickets/{results_town.post(CLERK, '/counter/tickets', visit)['id']}"
    assert _refused(results_town, CLERK, f"{path}/hand-over", {**SHIFT, "to_account": "a-own"}) == "own-case"
