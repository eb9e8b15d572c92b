"""What the scenes of the demo share, and one of them: the wish. Each is one function that acts only through the API,
and fails where the story does not hold.

Who plays and what they say stands in data/story.yaml.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from contracts.words import Answer, ResultCode, Text, TicketStatus
from deploy.demo.beside import Beside
from deploy.demo.telling import Teller
from deploy.demo.watching import Json, StoryError, seat_of, status_of, until
from deploy.simulate.client import Api, Caller, Refusal
from deploy.simulate.pace import Pace
from deploy.simulate.stage import Cast

STORY = Path(__file__).parent / "data" / "story.yaml"


@dataclass(frozen=True)
class Theatre:
    """What every scene needs: the API, who is who, the teller, the pace of time, the script, what is played beside."""

    api: Api
    cast: Cast
    teller: Teller
    pace: Pace
    script: Json
    played: Beside | None = None
    """None: what the scenes show outside the platform cannot be acted."""

    def person(self, name: str) -> Caller:
        """Somebody of the cast, ready to act."""
        return self.cast.caller(self.api, name)

    @property
    def beside(self) -> Beside:
        """The providers and the receiver; raises StoryError where there are none."""
        if self.played is None:
            raise StoryError("no providers are played beside the stack")
        return self.played


def read_script() -> Json:
    """The story's script."""
    script: Json = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return script


async def wish(theatre: Theatre) -> str:
    """A child's wish, reviewed by staff, shared by neighbours; its last seat is raced for. Gives the order's id."""
    script, tell = theatre.script["wish"], theatre.teller
    desk = theatre.person(script["takes_the_order"])
    await tell.title("三 · 一个微心愿", "3 · A wish")
    parent = {"name": script["contact_name"], "phone": script["phone"], "form_of_address": script["form_of_address"]}
    ticket = await desk.post(
        "/tickets",
        {
            "item_id": script["item"],
            "area_id": script["area"],
            "description": script["words"]["zh"],
            "origin": "walk_in",
            "seats": script["seats"],
            "beneficiary": parent,
        },
    )
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    await tell.say("柜台收到一个孩子的心愿,先由工作人员整理", "a child's wish comes in and waits for review", number)
    if ticket["status"] != TicketStatus.SUBMITTED:
        raise StoryError(f"a wish has to wait for review, it is {ticket['status']}")
    await desk.post(f"/tickets/{ticket_id}/accept")
    await tell.say("整理好了(名字不公开),开放认领", "sorted, the name withheld; open to claims", number)
    leads = script["first_neighbours"]
    for name in leads:
        await until(lambda name=name: _claim(theatre.person(name), ticket_id), f"{name}'s claim")  # type: ignore[misc]
        await tell.say(f"{name} 认领一个名额", f"{name} takes a seat", number)
    winner, kindly = await _race(theatre, ticket_id, script["race_for_the_last_seat"])
    await tell.say(
        f"{len(kindly) + 1} 个人同时点最后一个名额:{winner} 认领到了,其余 {len(kindly)} 位都得到一句好话",
        f"{len(kindly) + 1} touch the last seat at once: exactly one gets it, {len(kindly)} are told kindly",
        number,
    )
    await tell.quote(Text(str(kindly[0].problem.get("detail")), str(kindly[0].problem.get("detail_en"))))
    await _fulfilled(theatre, ticket_id, number, [*leads, winner])
    return ticket_id


async def _race(theatre: Theatre, ticket_id: str, racers: Sequence[str]) -> tuple[str, list[Refusal]]:
    async def touch(name: str) -> Refusal | None:
        try:
            await theatre.person(name).post(f"/demands/{ticket_id}/claim")
        except Refusal as refusal:
            return refusal
        return None

    answers = await asyncio.gather(*(touch(name) for name in racers))
    winners = [name for name, answer in zip(racers, answers, strict=True) if answer is None]
    losers = [answer for answer in answers if answer is not None]
    if len(winners) != 1 or any(answer.status != 409 for answer in losers):
        said = sorted({str(answer) for answer in losers})
        raise StoryError(f"{len(winners)} of {len(racers)} got the last seat; the others were told {said}")
    return winners[0], losers


async def _fulfilled(theatre: Theatre, ticket_id: str, number: str, crew: Sequence[str]) -> None:
    tell = theatre.teller
    desk = theatre.person(theatre.script["phone_call"]["calls_back"])
    await status_of(theatre.person(crew[0]), ticket_id, TicketStatus.ASSIGNED)
    for name in crew:
        seat = await seat_of(theatre.person(name), ticket_id)
        await theatre.person(name).post(f"/assignments/{seat}/arrive")
    done = {"result": ResultCode.SOLVED.value, "headcount": len(crew)}
    await theatre.person(crew[0]).post(f"/tickets/{ticket_id}/complete", done)
    await tell.say(f"三位邻居一起圆了心愿,由先认领的 {crew[0]} 填结果", "three neighbours fulfil it together", number)
    ticket = await desk.post(f"/tickets/{ticket_id}/confirm", {"answer": Answer.SATISFIED.value, "solved": True})
    if ticket["status"] != TicketStatus.CLOSED:
        raise StoryError(f"the wish is {ticket['status']} after its callback")
    await tell.say("回访家长:满意,已办结", "the parent is asked: satisfied, closed", number)


async def _claim(person: Caller, ticket_id: str) -> Json | None:
    """Claim a seat once the order is open to claims."""
    try:
        return await person.post(f"/demands/{ticket_id}/claim")
    except Refusal as refusal:
        if refusal.status not in (404, 409):
            raise
        return None
