"""民呼我应: written by staff, agreed to, published by somebody else, read by anybody, taken back."""

from deploy.demo.play import COMMUNITY
from deploy.demo.scenes import Theatre
from tests.system.lives.orders import AFTER, DAUGHTER, DESK, OFFICER, SECRETARY, TAP, refusal

QUESTION, ANSWER = "家里的龙头漏水,找谁修?", "打社区电话点「水电小修」,当天有人联系。"


async def an_answer_that_everybody_reads(house: Theatre) -> None:
    """Of what is done in a home nothing is published unless whoever ordered agrees to the very words."""
    daughter, officer, desk = (house.person(name) for name in (DAUGHTER, OFFICER, DESK))
    account = house.cast.accounts[DAUGHTER].account_id
    done = await officer.post_form("/tickets/handled", {**TAP, "requester_id": account}, {"after": AFTER})
    path = f"/tickets/{done['id']}/public-answer"
    told = {"question": QUESTION, "answer": ANSWER}
    for wrong in ({**told, "answer": "3号楼2单元修好了"}, {**told, "question": f"{TAP['description']}?"}):
        status, _, fields = await refusal(officer.post(path, wrong))
        assert (status, fields) == (422, ["answer" if wrong["question"] == QUESTION else "question"])
    written = await officer.post(path, told)
    assert (written["public_answer"]["state"], written["public_answer"]["needs_agreement"]) == ("written", True)
    assert ANSWER not in str(written)
    assert (await refusal(officer.post(f"{path}/approve", {"version": 1})))[0] == 403
    assert (await refusal(desk.post(f"{path}/approve", {"version": 1})))[:2] == (409, "agreement-needed")
    assert (await daughter.get(path))["answer"] == ANSWER
    assert (await refusal(daughter.post(f"{path}/agree", {"version": 2})))[:2] == (409, "words-changed")
    await daughter.post(f"{path}/agree", {"version": 1})
    waiting = (await desk.get("/public-answers/orders", limit=100))["items"]
    assert [one["public_answer"]["agreed"] for one in waiting if one["id"] == done["id"]] == [1]
    assert (await refusal(daughter.get("/public-answers/orders")))[0] == 403
    published = await desk.post(f"{path}/approve", {"version": 1})
    assert published["public_answer"]["state"] == "published"
    shown = await _read_by_anybody(house)
    assert (shown["question"], shown["grid"], shown["item_id"]) == (QUESTION, "sll-g1", TAP["item_id"])
    assert not {"number", "id", "ticket_id"} & shown.keys()
    assert len(shown["month"]) == len("2026-11")
    withdrawn = await daughter.post(f"{path}/withdraw")
    assert withdrawn["public_answer"]["state"] == "withdrawn"
    assert await _read_by_anybody(house) is None
    ledger = (await daughter.get(f"/people/{account}/consents"))["consents"]
    lines = [line for line in ledger if line["about"] == done["id"]]
    assert [(line["purpose"], line["how"], line["stands"]) for line in lines] == [("publish", "tap", False)]
    assert (await desk.get(path))["answer"] is None


async def what_a_dispatcher_wrote_another_publishes(house: Theatre) -> None:
    """A thing of public space needs nobody's agreement, and still two who work on it."""
    desk, secretary = house.person(DESK), house.person(SECRETARY)
    order = {"item_id": "flying-wires", "area_id": "huizi-1-1", "description": "已断开"}
    done = await desk.post_form("/tickets/handled", order, {"before": AFTER, "after": AFTER})
    path = f"/tickets/{done['id']}/public-answer"
    await desk.post(path, {"question": "楼下能拉线充电吗?", "answer": "不能,请到充电棚。"})
    assert (await refusal(desk.post(f"{path}/approve", {"version": 1})))[:2] == (403, "own-words")
    await desk.post(path, {"question": "楼下能拉线充电吗?", "answer": "不能,充电棚在院子东边。"})
    assert (await refusal(secretary.post(f"{path}/approve", {"version": 1})))[:2] == (409, "words-changed")
    await secretary.post(f"{path}/approve", {"version": 2})
    await secretary.post(f"{path}/withdraw")


async def _read_by_anybody(house: Theatre) -> dict[str, str] | None:
    """As it is shown to who has not signed in."""
    page = await house.api.caller().get("/public-answers", community=COMMUNITY, area="sll-g1")
    return next((one for one in page["items"] if one["answer"] == ANSWER), None)
