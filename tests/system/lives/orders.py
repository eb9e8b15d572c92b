"""What the lives begin with: orders, who is asked first, and what is refused."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

import pytest

from contracts.words import TicketStatus
from deploy.demo.drawn import picture
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, offer_of, seat_of, status_of, until
from deploy.simulate.client import Caller, Refusal

DAUGHTER, OFFICER, DESK, SECRETARY = "linxiaomei", "G01", "C01", "S01"
PROPERTY = ("P01", "P02", "P03", "P04", "P05", "P06", "P07")
HOME = "heping-3-2"
TAP = {"item_id": "tap-and-lamp", "area_id": HOME, "description": "厨房的龙头关不紧"}
LAMP = {"item_id": "stairwell-lamp", "area_id": HOME, "description": "二楼的灯不亮"}
SOLVED = {"result": "solved"}
CONTENT = {"answer": "satisfied", "solved": True}
BEFORE, AFTER = picture((30, 30, 30), (90, 90, 90)), picture((250, 240, 180), (90, 90, 90))
PNG = "image/png"


async def crew_of(house: Theatre, ticket_id: str, names: Sequence[str] = PROPERTY) -> str:
    """Whoever of *names* is asked first."""

    async def look() -> str | None:
        for name in names:
            offers = (await house.person(name).get("/offers", status="open"))["items"]
            if any(offer["ticket_id"] == ticket_id for offer in offers):
                return name
        return None

    return str(await until(look, f"an offer of {ticket_id} to one of {', '.join(names)}"))


async def taken(house: Theatre, ticket_id: str, names: Sequence[str] = PROPERTY) -> tuple[str, Caller]:
    """Whoever of *names* is asked first takes it."""
    name = await crew_of(house, ticket_id, names)
    member = house.person(name)
    await member.post(f"/offers/{(await offer_of(member, ticket_id))['id']}/accept")
    await status_of(member, ticket_id, TicketStatus.ASSIGNED)
    return name, member


async def there(member: Caller, ticket_id: str) -> None:
    """Whoever took it arrives."""
    await member.post(f"/assignments/{await seat_of(member, ticket_id)}/arrive")
    await status_of(member, ticket_id, TicketStatus.IN_PROGRESS)


async def asked_for(asker: Caller, staff: Caller, path: str, body: Mapping[str, Any]) -> str:
    """Somebody asks for it; where that is decided."""
    await asker.post(f"{path}/ledger", body)
    return f"{path}/ledger/{(await staff.get(f'{path}/ledger'))['items'][-1]['id']}/decision"


async def pictured(person: Caller, path: str, kind: str, image: bytes) -> str:
    """A picture is sent in; its id."""
    return str((await person.post_file(f"{path}/pictures?kind={kind}", image, PNG))["id"])


async def refusal(act: Awaitable[Any]) -> tuple[int, str, list[str]]:
    """How it is refused: status, word, and the fields that are wrong, each in both languages."""
    with pytest.raises(Refusal) as caught:
        await act
    problem = caught.value.problem
    said: list[Json] = [problem, *problem.get("errors", [])]
    assert all(one["detail"] and one["detail_en"] and one["detail"] != one["detail_en"] for one in said)
    return caught.value.status, caught.value.code, [error["field"] for error in problem.get("errors", [])]


def kinds(timeline: Json) -> list[str]:
    """What happened to an order, by the names of its own events."""
    named = [str(entry["type"]).split(".") for entry in timeline["items"]]
    return [name[2] for name in named if name[1] == "ticket"]


async def happened(person: Caller, path: str, name: str, times: int = 1) -> list[str]:
    """What happened to an order as *person* sees it, once *name* is on record so often: the relay brings it there."""

    async def look() -> list[str] | None:
        found = kinds(await person.get(f"{path}/timeline"))
        return found if found.count(name) >= times else None

    found: list[str] = await until(look, f"{name} on record of {path}")
    return found


async def titled(person: Caller, number: str, title: str) -> list[Json]:
    """The messages of this title about the order with this number in somebody's inbox."""
    items = (await person.get("/inbox", limit=100))["items"]
    return [one for one in items if (one["number"], one["title"]) == (number, title)]


async def send(person: Caller, method: str, path: str, body: Json | None = None) -> Json:
    """What is neither read nor posted; its answer."""
    answer: Json = await person.api.send(method, path, headers=person.headers, json=dict(body or {}))
    return answer
