"""Who is on the roster is reminded, an hour and a day before: from the desk that writes it to the inbox."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deploy.demo.play import ZONE
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, until
from deploy.simulate.client import Caller
from tests.system.lives.orders import DAUGHTER, DESK, TAP

GRID = "sll-g1"
TODAY, TOMORROW = "G02", "G05"
"""Who comes within hours, and who comes a day later."""
NAMED, SOON = "您的值班", "快到您值班了"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def who_is_on_the_roster_is_reminded(house: Theatre) -> None:
    """The one an hour before, the other a day before; each hears at once that they are on it."""
    desk, now = house.person(DESK), await _business_now(house)
    written = [await _written(house, TODAY, now + HOUR + HOUR), await _written(house, TOMORROW, now + DAY + HOUR)]
    for name, minutes, (shift, begins, hours) in zip((TODAY, TOMORROW), (60, 1440), written, strict=True):
        await _hears(house.person(name), NAMED, hours)
        message = await _hears(house.person(name), SOON, hours)
        assert f"约 {minutes} 分钟" in message["body"], message
        assert datetime.fromisoformat(message["at"]) == begins - timedelta(minutes=minutes)
        await desk.post(f"/shifts/{shift}/remove")


async def _business_now(house: Theatre) -> datetime:
    """As an order says that is placed now."""
    daughter = house.person(DAUGHTER)
    placed = await daughter.post("/tickets", TAP)
    await daughter.post(f"/tickets/{placed['id']}/cancel", {"reason_code": "no-longer-needed"})
    return datetime.fromisoformat(placed["times"]["placed_at"])


async def _written(house: Theatre, name: str, at: datetime) -> tuple[str, datetime, str]:
    """The desk writes a shift of theirs that begins then; its id, when it is, and how it is told."""
    begins = at.astimezone(ZoneInfo(ZONE)).replace(second=0, microsecond=0)
    starts, ends = f"{begins:%H:%M}", f"{begins + HOUR:%H:%M}"
    wanted = {"day": begins.date().isoformat(), "role": "counter", "starts": starts, "ends": ends}
    theirs = {"member_id": house.cast.members[name].member_id}
    made = await house.person(DESK).post(f"/rosters/{GRID}/shifts", {**wanted, **theirs})
    return str(made["shift_id"]), begins, f"{begins.date().isoformat()} {starts}-{ends}"


async def _hears(person: Caller, title: str, hours: str) -> Json:
    """The message of this title about the shift at these hours, once it is there."""

    async def told() -> Json | None:
        items = (await person.get("/inbox", limit=100))["items"]
        return next((one for one in items if one["title"] == title and hours in one["body"]), None)

    message: Json = await until(told, f"{title}: {hours}")
    return message
