"""The counter comes home: an appointment there, and an order whose owner is another one before it is done."""

from datetime import datetime, timedelta

from contracts.schemas.fields import time_text
from deploy.demo.scenes import Theatre
from tests.system.lives.orders import CONTENT, DAUGHTER, HOME, OFFICER, SOLVED, happened, refusal

COLLEAGUE, ASKS = "G02", "C02"
ELDER = {"name": "阿依古丽", "phone": "000-0003-0061", "form_of_address": "阿姨"}
VISIT = {"item_id": "one-stop-counter", "area_id": HOME, "description": "腿不方便,想请人上门办", "businesses": ["B04"]}
SAID = {"reached": True, "answer": "satisfied", "solved": True}


async def somebody_else_comes_home(house: Theatre) -> None:
    """Taken in by one officer, done at home by another: neither of them says how it went."""
    first, second, third = (house.person(name) for name in (OFFICER, COLLEAGUE, ASKS))
    before, after = (house.cast.members[name].account_id for name in (OFFICER, COLLEAGUE))
    taken = await first.post("/counter/tickets", {**VISIT, "beneficiary": ELDER})
    path, at = f"/tickets/{taken['id']}", datetime.fromisoformat(taken["times"]["placed_at"]) + timedelta(days=4)
    assert (await refusal(first.post(f"{path}/appointment", {"at": "2020-01-01T08:00:00Z", "where": "home"})))[2] == [
        "at"
    ]
    agreed = await first.post(f"{path}/appointment", {"at": time_text(at), "where": "home"})
    expected = agreed["counter"]["appointment"]
    assert (datetime.fromisoformat(expected["at"]), expected["where"]) == (at, "home")
    given = {"to_account": after, "reason_code": "on_leave", "note": "我请假三天"}
    member = {**given, "to_account": house.cast.accounts[DAUGHTER].account_id}
    assert (await refusal(first.post(f"{path}/hand-over", member)))[::2] == (422, ["to_account"])
    assert (await refusal(second.post(f"{path}/hand-over", given)))[0] == 403
    handed = await first.post(f"{path}/hand-over", given)
    assert (taken["owner"], handed["owner"], handed["counter"]) == (before, after, agreed["counter"])
    assert given["note"] not in str(handed)
    assert (await refusal(first.post(f"{path}/appointment", {"at": time_text(at), "where": "home"})))[0] == 403
    await second.post(f"{path}/papers", {"seen": [paper["code"] for paper in handed["counter"]["papers"]]})
    done = await second.post(f"{path}/complete", SOLVED)
    assert (done["status"], done["callback"]["kind"]) == ("completed", "no_account")
    for name, person in ((OFFICER, first), (COLLEAGUE, second)):
        assert (await refusal(person.post(f"{path}/confirm", CONTENT)))[:2] == (403, "own-work"), name
        assert (await refusal(person.post(f"{path}/callback", SAID)))[0] == 403, name
        assert done["id"] not in [one["id"] async for one in person.pages("/callbacks", limit=100)], name
    assert done["id"] in [one["id"] async for one in third.pages("/callbacks", kind="no_account", limit=100)]
    closed = await third.post(f"{path}/callback", SAID)
    assert (closed["status"], closed["closed_by"]) == ("closed", "callback")
    await happened(third, path, "handed_over")
    (told,) = [one for one in (await third.get(f"{path}/timeline"))["items"] if ".handed_over." in one["type"]]
    assert told["data"]["reason_code"] == given["reason_code"]
