"""What reached people outside the platform, as their phones, groups and systems show it; waited for, bounded."""

import csv
from pathlib import Path

from contracts.events.tickets import TicketAccepted
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError, until

MEMBERS = Path(__file__).parent / "data" / "members.csv"
NOBODY: frozenset[str] = frozenset()
A_NIGHT_SECONDS = 240.0
"""What is not urgent goes out when the quiet hours are over: real seconds in which that is, at any speed."""


def digits(phone: str) -> str:
    """A phone as a provider writes it."""
    return "".join(char for char in phone if char.isdigit())


def members_by_phone() -> Json:
    """The external number of each member, by their phone as a provider writes it."""
    with MEMBERS.open(encoding="utf-8", newline="") as file:
        return {digits(row["phone"]): row["external_no"] for row in csv.DictReader(file)}


async def sms(theatre: Theatre, template: str, number: str, but: frozenset[str] = NOBODY) -> Json:
    """The first SMS in the words of *template* about the order with this number, to a phone that is none of these."""

    async def look() -> Json | None:
        for row in (await theatre.beside.held())["sms"]:
            about = (row["out_id"], row["params"].get("number")) == (template, number)
            if about and row["phone"] not in but:
                return dict(row)
        return None

    found: Json = await until(look, f"an SMS {template} about {number}", A_NIGHT_SECONDS)
    return found


async def wechat(theatre: Theatre, openid: str, number: str) -> str:
    """The title of the WeChat message to *openid* about the order with this number."""

    async def look() -> str | None:
        for row in (await theatre.beside.held())["wechat"]:
            said = row["data"]
            if row["touser"] == openid and said["character_string2"]["value"] == number:
                return str(said["thing1"]["value"])
        return None

    return str(await until(look, f"a WeChat message about {number}", A_NIGHT_SECONDS))


async def in_the_group(theatre: Theatre, number: str) -> str:
    """What the group of those on duty reads about the order with this number."""

    async def look() -> str | None:
        read = (await theatre.beside.held())["group"]
        mine = (row["text"] for row in read if row["key"] == theatre.beside.group_key)
        return next((str(text) for text in mine if number in text), None)

    return str(await until(look, f"{number} in the group"))


async def at_the_other_system(theatre: Theatre, ticket_id: str) -> Json:
    """That an order was accepted, as the other system heard it; raises StoryError for what it could not verify."""

    async def look() -> Json | None:
        for one in (await theatre.beside.heard())["heard"]:
            if (one["type"], one["data"]["subject"]) == (TicketAccepted.TYPE, ticket_id):
                return dict(one)
        return None

    found: Json = await until(look, f"a webhook about {ticket_id}")
    unsigned = (await theatre.beside.heard())["unsigned"]
    if unsigned:
        raise StoryError(f"{unsigned} webhooks came with a signature that does not hold")
    return found
