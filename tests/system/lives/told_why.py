"""Why did I get this, why did I not: for whom it is, in words; for staff, without anybody; and how punctual it was."""

from typing import Any

from deploy.demo.scenes import Theatre
from deploy.demo.watching import until
from tests.system.lives.orders import DAUGHTER, DESK, LAMP, OFFICER, refusal, taken

WAITS = {"queued", "sending", "failed_temporary"}
"""What has not ended: put off to the morning, or on its way."""


async def everybody_learns_why_they_were_told(house: Theatre) -> None:
    """The resident asks about each message, staff see ways and tries and nobody, everybody sees the figures' door."""
    resident, staff, stranger = house.person(DAUGHTER), house.person(DESK), house.person(OFFICER)
    ticket = str((await resident.post("/tickets", {**LAMP, "description": "楼道的灯闪,想知道谁来"}))["id"])
    name, member = await taken(house, ticket)

    async def both() -> Any:
        told = (await resident.get("/me/notices", about=ticket))["notices"]
        by_channel = {one["channel"] for one in told if one["category"] == "visit"}
        return told if by_channel >= {"in_app", "outward"} else None

    told = await until(both, "who comes is told in the app and planned to go out")
    assert all(one["why"]["zh"] and one["why"]["en"] and one["title"] for one in told)
    inside = next(one for one in told if (one["category"], one["channel"]) == ("visit", "in_app"))
    assert inside["why"]["zh"].endswith("在应用里告诉了您"), inside
    asked = (await member.get("/me/notices", about=ticket))["notices"]
    assert any(one["category"] == "offer" for one in asked), asked
    assert (await stranger.get("/me/notices", about=ticket))["notices"] == []

    async def ended() -> Any:
        lines = (await staff.get(f"/tickets/{ticket}/deliveries"))["deliveries"]
        news = [one for one in lines if (one["category"], one["channel"]) == ("visit", "outward")]
        return lines if news and not any(one["status"] in WAITS and one["put_off"] is None for one in news) else None

    lines = await until(ended, "who comes is told outside, too, or put off with its reason")
    assert house.cast.members[name].account_id not in str(lines)
    assert all(one["reason"] for one in lines if one["status"] == "suppressed")
    assert all({"way", "began", "status", "override"} <= one.keys() for line in lines for one in line["attempts"])
    punctual = await staff.get("/notices/punctuality", days=3)
    assert punctual["within_seconds"] == 10.0
    assert all(0.0 <= one["share"] <= 1.0 for one in punctual["days"])
    assert (await refusal(resident.get("/me/notices")))[::2] == (422, ["about"])
    assert (await refusal(staff.get("/notices/punctuality", days=0)))[::2] == (422, ["days"])
    assert (await refusal(resident.get("/notices/punctuality")))[0] == 403
