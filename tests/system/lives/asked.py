"""What an item asks beside words: a day, one of several, a picture; and for whom it is, which staff look up."""

from datetime import date, datetime, timedelta

from deploy.demo.scenes import Theatre
from deploy.simulate.client import Caller
from tests.system.lives.orders import BEFORE, DAUGHTER, DESK, HOME, PNG, refusal

LEND = {"item_id": "lending", "area_id": HOME, "description": "借一把轮椅"}
CLUTTER = {"item_id": "green-and-clutter", "area_id": HOME, "description": "楼道里堆着旧柜子"}
NAILS = {"item_id": "nail-care", "area_id": HOME, "description": "请人来剪脚指甲"}
VOLUNTEER = "V001"
NO_LONGER = {"reason_code": "no-longer-needed"}


async def what_is_asked_is_answered(house: Theatre) -> None:
    """Choices are everybody's who sees the order, days and what is sealed are private, a picture follows."""
    daughter = house.person(DAUGHTER)
    day = await _a_picture(daughter)
    await _a_day(daughter, day)


async def for_whom_it_is(house: Theatre) -> None:
    """Staff say that they looked it up; which facts decide no member reads."""
    daughter, desk = house.person(DAUGHTER), house.person(DESK)
    item = f"/catalogue-items/{NAILS['item_id']}"
    facts = (await desk.get(item))["eligibility"]["facts"]
    assert facts
    for member in (daughter, house.person(VOLUNTEER)):
        shown = await member.get(item)
        assert shown["eligibility"] is None
        past = await member.get(f"{item}/versions/{shown['version']}")
        listed = [one async for one in member.pages("/catalogue-items", limit=100)]
        assert [one["eligibility"] for one in (past, *listed) if one["eligibility"] is not None] == []
    order = {**NAILS, "answers": [{"question": "foot", "choices": ["none"]}]}
    assert await refusal(daughter.post("/tickets", {**order, "eligible": True})) == (403, "staff-only", ["eligible"])
    placed = await daughter.post("/tickets", order)
    path = f"/tickets/{placed['id']}"
    assert (placed["status"], placed["answers"]) == ("submitted", [])
    assert (await daughter.post(f"{path}/reveals"))["answers"] == [
        {"question": "foot", "kind": "one_of", "value": "none"}
    ]
    for said, code in (({}, "eligibility-unchecked"), ({"eligible": False}, "not-eligible")):
        assert await refusal(desk.post(f"{path}/accept", said)) == (422, code, ["eligible"])
    assert (await desk.post(f"{path}/accept", {"eligible": True}))["status"] == "accepted"
    seen = str(await daughter.get(path))
    assert [fact for fact in facts if fact in seen] == []
    await daughter.post(f"{path}/cancel", NO_LONGER)


async def _a_picture(daughter: Caller) -> date:
    """Missing by name until it is there; the day of the order."""
    instead = {"question": "photo", "text": "没拍"}
    assert await refusal(daughter.post("/tickets", {**CLUTTER, "answers": [instead]})) == (
        422,
        "answer-by-picture",
        ["answers.photo"],
    )
    placed = await daughter.post("/tickets", {**CLUTTER, "answers": [{"question": "kind", "choices": ["clutter"]}]})
    path = f"/tickets/{placed['id']}"
    assert [one["question"] for one in placed["pictures_missing"]] == ["photo"]
    sent = await daughter.post_file(f"{path}/pictures?kind=before&question=photo", BEFORE, PNG)
    seen = await daughter.get(path)
    assert [(one["id"], one["question"]) for one in seen["pictures"]] == [(sent["id"], "photo")]
    assert seen["pictures_missing"] == []
    await daughter.post(f"{path}/cancel", NO_LONGER)
    return datetime.fromisoformat(placed["times"]["placed_at"]).date()


async def _a_day(daughter: Caller, today: date) -> None:
    """One of several and a day, both needed: what is wrong names its question, and what is right is read back."""
    back, thing = f"{today + timedelta(days=10)}", {"question": "thing", "choices": ["wheelchair"]}
    wrong = {
        "thing": [{**thing, "choices": ["wheelchair", "umbrella"]}, {"question": "back", "date": back}],
        "back": [thing, {"question": "back", "date": f"{today + timedelta(days=99)}"}],
    }
    for question, answers in wrong.items():
        assert (await refusal(daughter.post("/tickets", {**LEND, "answers": answers})))[::2] == (
            422,
            [f"answers.{question}"],
        )
    assert (await refusal(daughter.post("/tickets", {**LEND, "answers": [thing]})))[1:] == (
        "answer-needed",
        ["answers.back"],
    )
    placed = await daughter.post("/tickets", {**LEND, "answers": [thing, {"question": "back", "date": back}]})
    path = f"/tickets/{placed['id']}"
    assert placed["answers"] == [thing]
    assert (await daughter.post(f"{path}/reveals"))["answers"] == [{"question": "back", "kind": "date", "value": back}]
    await daughter.post(f"{path}/cancel", NO_LONGER)
