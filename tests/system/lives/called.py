"""Departments that were called: one gives it back, the other signs in, speaks to whoever ordered, and reports."""

from deploy.demo.scenes import Theatre
from tests.system.lives.orders import DAUGHTER, SECRETARY, SOLVED, refusal

MUNICIPAL, CITY = "D06", "D03"


async def a_department_that_gives_it_back(house: Theatre) -> None:
    """Two are called at once; who is not called knows nothing of it."""
    daughter, secretary, city, municipal = (house.person(name) for name in (DAUGHTER, SECRETARY, CITY, MUNICIPAL))
    order = {"item_id": "green-and-clutter", "area_id": "heping-3-2", "description": "楼下堆了砖"}
    placed = await daughter.post("/tickets", order)
    path = f"/tickets/{placed['id']}"
    called = await secretary.post(f"{path}/whistles", {"teams": ["municipal", "city-management"]})
    limits = [[one[step] for step in ("sign_in_by", "contact_by", "report_by")] for one in called["whistles"]]
    assert len(limits) == 2
    assert all(ordered == sorted(ordered) for ordered in limits)
    assert (await refusal(house.person("D08").get(path)))[0] == 404
    assert (await refusal(city.post(f"{path}/whistles/municipal/sign-in")))[0] == 404
    await city.post(f"{path}/whistles/city-management/return", {"reason_code": "not_ours"})
    await municipal.post(f"{path}/whistles/municipal/sign-in")
    assert (await municipal.post(f"{path}/reveals"))["area_id"] == order["area_id"]
    await municipal.post(f"{path}/whistles/municipal/contact")
    await municipal.post(f"{path}/whistles/municipal/report", SOLVED)
    seen = {one["team"]: one for one in (await secretary.get(path))["whistles"]}
    assert (seen["city-management"]["status"], seen["city-management"]["reason_code"]) == ("returned", "not_ours")
    assert (seen["municipal"]["status"], seen["municipal"]["result"]) == ("reported", "solved")
    await daughter.post(f"{path}/cancel", {"reason_code": "no-longer-needed"})
