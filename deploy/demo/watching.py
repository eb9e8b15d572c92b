"""Waiting for what a story needs, as the people in it would see it; bounded, and said in a sentence when it fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from contracts.words import TicketStatus
from deploy.simulate.client import Caller, Refusal

SOON_SECONDS = 30.0
LOOK_EVERY = 0.1
Json = Mapping[str, Any]


class StoryError(Exception):
    """Something in the story did not happen as it must; the message says what."""


async def until(look: Callable[[], Awaitable[Any]], what: str, seconds: float = SOON_SECONDS) -> Any:
    """Look until there is something true; raises StoryError naming *what* after so many real seconds."""
    end = time.monotonic() + seconds
    while True:
        found = await look()
        if found:
            return found
        if time.monotonic() > end:
            raise StoryError(f"not within {seconds:.0f} s: {what}")
        await asyncio.sleep(LOOK_EVERY)


async def refused(act: Awaitable[Any], *statuses: int) -> None:
    """Something that must not be possible is not; raises StoryError when it is."""
    try:
        await act
    except Refusal as refusal:
        if refusal.status not in statuses:
            raise
        return
    raise StoryError(f"what had to be refused ({statuses}) was done")


async def offer_of(member: Caller, ticket_id: str) -> Json:
    """The open offer of an order to *member*, once it is there."""

    async def look() -> Json | None:
        offers = (await member.get("/offers", status="open"))["items"]
        return next((offer for offer in offers if offer["ticket_id"] == ticket_id), None)

    offer: Json = await until(look, f"an offer of {ticket_id}")
    return offer


async def seat_of(member: Caller, ticket_id: str) -> str:
    """The id of the seat that *member* has taken of an order."""

    async def look() -> str | None:
        seats = (await member.get("/assignments", status="taken"))["items"]
        return next((str(seat["id"]) for seat in seats if seat["ticket_id"] == ticket_id), None)

    return str(await until(look, f"a seat of {ticket_id}"))


async def status_of(person: Caller, ticket_id: str, status: TicketStatus) -> None:
    """Wait until an order is in *status*, as *person* sees it."""

    async def look() -> bool:
        return bool((await person.get(f"/tickets/{ticket_id}"))["status"] == status)

    await until(look, f"{ticket_id} {status.value}")
