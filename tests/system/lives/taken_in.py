"""How orders come in: by points in three systems, for somebody else, on patrol; and what is refused at the door."""

from deploy.demo.scenes import Theatre
from tests.system.lives.orders import AFTER, BEFORE, DAUGHTER, DESK, HOME, OFFICER, TAP, refusal

IDEA = {"item_id": "suggestion", "description": "单元门口装个扶手"}
NO_LONGER = {"reason_code": "no-longer-needed"}
SHOWN = {"wgs84": (82.202200, 38.604230), "gcj02": (82.205008, 38.604244), "bd09": (82.211379, 38.610474)}
"""One door, as satellites, WeChat and Baidu tell it."""
FIVE_METRES = 0.00005
RELATIVE = "resident17"


async def one_door_in_three_systems(house: Theatre) -> None:
    """All three are the same house to five metres."""
    daughter = house.person(DAUGHTER)
    for crs, (longitude, latitude) in SHOWN.items():
        point = {"longitude": longitude, "latitude": latitude, "crs": crs}
        placed = await daughter.post("/tickets", {**IDEA, "point": point})
        private = await daughter.post(f"/tickets/{placed['id']}/reveals")
        east, north = SHOWN["wgs84"]
        assert abs(private["point"]["longitude"] - east) < FIVE_METRES
        assert abs(private["point"]["latitude"] - north) < FIVE_METRES
        assert (placed["area_path"][-1], private["area_id"], private["point"]["given"]) == ("sll-g1", HOME, point)
        await daughter.post(f"/tickets/{placed['id']}/cancel", NO_LONGER)


async def what_is_wrong_is_named(house: Theatre) -> None:
    """422, the field, and what is wrong with it in Chinese and in English."""
    daughter = house.person(DAUGHTER)
    point = {"longitude": SHOWN["wgs84"][0], "latitude": SHOWN["wgs84"][1], "crs": "wgs84"}
    wrong = {
        ("unknown-item", "item_id"): {"item_id": "no-such-item"},
        ("unknown-area", "area_id"): {"area_id": "nowhere"},
        ("not-in-this-area", "point"): {"area_id": "xueyuan-1-2", "point": point},
        ("in-the-past", "wanted.start"): {"wanted": {"start": "2020-01-01T08:00:00Z"}},
    }
    for (code, field), body in wrong.items():
        status, said, fields = await refusal(daughter.post("/tickets", {**TAP, **body}))
        assert (status, fields) == (422, [field]), (code, said)
    for answer in ({"question": "broken", "choices": ["roof"]}, {"question": "colour", "text": "红"}):
        status, _, fields = await refusal(daughter.post("/tickets", {**TAP, "answers": [answer]}))
        assert (status, fields[0].partition(".")[0]) == (422, "answers")


async def a_delegate_orders_for_an_elder(house: Theatre) -> None:
    """Granted by signature before staff; the first order waits for a call; one order is hidden from the delegate."""
    desk, relative = house.person(DESK), house.person(RELATIVE)
    account = house.cast.accounts[RELATIVE].account_id
    person = (await desk.post("/people", {"name": "古奶奶", "area_id": "heping-2-1"}))["person_id"]
    body = {**IDEA, "area_id": "heping-2-1", "beneficiary_id": person}
    assert (await refusal(relative.post("/tickets", body)))[2] == ["beneficiary_id"]
    granted = {"person_id": person, "account_id": account, "may": ["order", "see"], "text_version": "2026-11"}
    await desk.post("/delegations", {**granted, "how": "signature"})
    placed = await relative.post("/tickets", body)
    path = f"/tickets/{placed['id']}"
    assert (placed["origin"], placed["status"]) == ("delegate", "submitted")
    assert placed["id"] in [act["ticket_id"] for act in (await desk.get(f"/people/{person}/acts"))["acts"]]
    assert (await refusal(desk.post(f"{path}/hide", {"account_ids": [account]})))[:2] == (409, "their-own-order")
    quiet = await desk.post("/tickets", {**body, "origin": "phone"})
    await relative.get(f"/tickets/{quiet['id']}")
    await desk.post(f"/tickets/{quiet['id']}/hide", {"account_ids": [account]})
    assert (await refusal(relative.get(f"/tickets/{quiet['id']}")))[0] == 404
    (line,) = (await desk.get(f"/people/{person}/consents"))["consents"]
    assert (line["purpose"], line["how"], line["witnessed_by"]) == ("delegate", "signature", _member(house, DESK))
    rejected = await desk.post(f"{path}/reject", {"reason_code": "not_ours", "go_to": "property"})
    assert (rejected["status"], rejected["ending"]["go_to"]) == ("rejected", "property")


async def what_is_found_on_patrol(house: Theatre) -> None:
    """Danger that was done away with is looked at by somebody else, who has to reach somebody."""
    officer, colleague = house.person(OFFICER), house.person("C02")
    order = {"item_id": "manhole-cover", "area_id": "heping-4-1", "description": "已盖好"}
    assert (await refusal(officer.post_form("/tickets/handled", order, {})))[0] == 422
    done = await officer.post_form("/tickets/handled", order, {"before": BEFORE, "after": AFTER})
    assert (done["origin"], done["handled_at_birth"], done["callback"]["kind"]) == ("patrol", True, "always")
    path = f"/tickets/{done['id']}"
    owed = (await colleague.get("/callbacks", kind="always", limit=100))["items"]
    assert done["id"] in [one["id"] for one in owed]
    said = {"reached": True, "answer": "fairly_satisfied", "solved": True}
    assert (await refusal(officer.post(f"{path}/callback", said)))[0] == 403
    missed = await colleague.post(f"{path}/callback", {"reached": False})
    assert (missed["status"], missed["callback"]["tries"]) == ("completed", 1)
    closed = await colleague.post(f"{path}/callback", said)
    assert (closed["status"], closed["closed_by"], closed["callback"]["state"]) == ("closed", "callback", "done")


async def what_can_be_ordered(house: Theatre) -> None:
    """Forty items with all six kinds of question; the counter's has forty-one businesses, each with its papers."""
    daughter = house.person(DAUGHTER)
    items = [item async for item in daughter.pages("/catalogue-items", limit=100)]
    assert len(items) == 40
    kinds = {question["kind"] for item in items for question in item["questions"]}
    assert kinds == {"text", "number", "date", "one_of", "several_of", "photo"}
    (counter,) = [item for item in items if item["businesses"]]
    assert len(counter["businesses"]) == 41
    assert any(item["cash_limit"] for item in items)


def _member(house: Theatre, name: str) -> str:
    return house.cast.members[name].account_id
