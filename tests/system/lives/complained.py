"""A complaint: one rung up, hidden from whom it is about, and who made it hidden from who handles it."""

from deploy.demo.scenes import Theatre
from tests.system.lives.orders import DESK, OFFICER, SECRETARY, refusal

COMPLAINER, SUBJECT, LEAD = "resident05", "P03", "P01"


async def a_complaint_about_somebody(house: Theatre) -> None:
    """A resident complains of a man of the property company: neither he nor his lead ever hear of it."""
    resident, desk, secretary = (house.person(name) for name in (COMPLAINER, DESK, SECRETARY))
    body = {"item_id": "complaint", "area_id": "heping-4-1", "description": "修灯的人态度差"}
    assert (await refusal(resident.post("/tickets", body)))[0] == 422
    about = {"subject_kind": "member", "subject_id": house.cast.members[SUBJECT].member_id}
    made = await resident.post("/tickets", {**body, **about})
    path = f"/tickets/{made['id']}"
    assert made["rung"] == "desk", "a complaint begins one rung up"
    for name in (SUBJECT, LEAD):
        assert (await refusal(house.person(name).get(path)))[0] == 404
    for handler in (house.person(OFFICER), desk):
        seen = await handler.get(path)
        assert (seen["requester_id"], seen["nature"]) == (None, "complaint")
    told = await secretary.post(f"{path}/reporter", {"reason": "要当面核实"})
    account = house.cast.accounts[COMPLAINER].account_id
    assert told["requester_id"] == account
    looks = (await resident.get("/me/reveals"))["items"]
    assert [one["reason"] for one in looks if one["part"] == "reporter"] == ["要当面核实"]
    assert account not in str(await desk.get(f"{path}/timeline"))
    await resident.post(f"{path}/cancel", {"reason_code": "no-longer-needed"})
