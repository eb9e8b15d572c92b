"""Orders about the same thing: offered while one types, followed, merged, split; depth one, and no circle."""

from deploy.demo.scenes import Theatre
from tests.system.lives.orders import DESK, OFFICER, happened, refusal

HOLE = {"item_id": "pavement", "area_id": "zhannan-1-1"}


async def what_is_merged_and_is_not_the_same(house: Theatre) -> None:
    """Three report a hole in the pavement; one of them means another one, and goes on alone."""
    desk = house.person(DESK)
    words = ("院门口路面塌了一块", "院门口的路面塌了,有个坑", "门口路面塌了一个坑")
    first, second, third = (house.person(name) for name in ("resident23", "resident27", "resident02"))
    one = await first.post("/tickets", {**HOLE, "description": words[0]})
    likely = (await second.post("/tickets/similar", {**HOLE, "description": words[1]}))["items"]
    assert one["number"] in [item["number"] for item in likely]
    assert words[0] not in str(likely)
    two = await second.post("/tickets", {**HOLE, "description": words[1]})
    three = await third.post("/tickets", {**HOLE, "description": words[2], "follow": one["id"]})
    assert (three["status"], three["primary"]["number"]) == ("merged", one["number"])
    assert one["id"] in [item["id"] for item in (await desk.get(f"/tickets/{two['id']}/similar"))["items"]]
    merge = f"/tickets/{two['id']}/merge"
    officer = house.person(OFFICER)
    assert (await refusal(officer.post(merge, {"into": one["id"]})))[0] == 403
    assert await refusal(desk.post(merge, {"into": two["id"]})) == (422, "same-order", ["into"])
    assert (await desk.post(merge, {"into": one["id"]}))["status"] == "merged"
    assert (await refusal(desk.post(f"/tickets/{one['id']}/merge", {"into": two["id"]})))[0] == 409
    split = await desk.post(f"/tickets/{two['id']}/split")
    assert (split["status"], split["primary"]) == ("accepted", None)
    assert (await desk.get(f"/tickets/{one['id']}"))["merged"] == [three["id"]]
    assert (await happened(second, f"/tickets/{two['id']}", "split"))[-2:] == ["merged", "split"]
    for person, order in ((third, three), (second, two), (first, one)):
        ended = await person.post(f"/tickets/{order['id']}/cancel", {"reason_code": "no-longer-needed"})
        assert ended["status"] == "cancelled"
