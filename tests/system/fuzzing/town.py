"""Things that there are, for a fuzzer to ask about: orders in several states, people, agreements, a picture."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import aiohttp
from PIL import Image

from contracts.moments import time_text
from deploy.demo.play import DESK
from deploy.simulate.client import PREFIX, Api, Caller
from deploy.simulate.stage import Badge, Cast

RESIDENT, RELATIVE = "resident01", "resident02"
OFFICER, SECRETARY = "G01", "S01"
NOWHERE = "http://127.0.0.1:9"
"""Where what is sent to groups and to other systems goes: nobody listens there, and nothing leaves this machine."""
HOOK = {"url": f"{NOWHERE}/hook", "event_types": ["shiliu.ticket.*"]}
ROBOT = {"kind": "wecom", "label": "值班群", "area_id": "sll", "audience": "staff", "key": "a-groups-key"}
TOLD = "{{ item }} {{ number }}"
WORDS = {"zh-CN": {"title": "收到", "body": TOLD}, "en": {"title": "Received", "body": TOLD}}
TEMPLATE = {"id": "own-fuzzed", "event": "shiliu.ticket.accepted.v1", "audience": "requester", "texts": WORDS}
HOOKS, ROBOTS = 14, 5
"""As many as there are operations on one, so that each finds one that nobody removed; a community has 20 webhooks."""
COMPANY, DEPARTMENT = "gas-company", "police"
"""Whom one may call to an order."""
VOLUNTEERS = "V"
"""So their numbers begin."""
ORDERS = 8
ITEM, HOME = "tap-and-lamp", "heping-3-2"
COUNTER = "one-stop-counter"
MASTERS = (("item_id", "catalogue-items"), ("area_id", "areas"), ("member_id", "members"), ("team_id", "teams"))
TRIES = 200
"""Tenths of a second until somebody is asked."""


async def some_things(url: str, cast: Cast) -> tuple[dict[str, list[str]], Badge]:
    """Ids of what there is by now, by the names that routes have for them; and a member who was asked."""
    async with Api(url) as api:
        resident, desk = cast.caller(api, RESIDENT), cast.caller(api, DESK)
        order = {"item_id": ITEM, "area_id": HOME, "description": "米和油"}
        placed = [(await resident.post("/tickets", order))["id"] for _ in range(ORDERS)]
        waiting = [(await resident.post("/tickets", order | {"item_id": "wish"}))["id"] for _ in range(2)]
        known = await _served(desk, cast) | {"ticket_id": placed, "waiting": waiting[:1], "refused": waiting[1:]}
        known |= await _at_the_counter(resident, desk, cast)
        known |= await _told(cast.caller(api, SECRETARY))
        for name, path in MASTERS:
            page = await desk.get(f"/{path}", limit=5)
            known[name] = [one["id"] for one in page["items"]]
        known["item_id"].insert(0, ITEM)
        known["area_id"].insert(0, HOME)
        known["account_id"] = [cast.accounts[name].account_id for name in (RELATIVE, RESIDENT)]
        known["request_id"], known["asked_for"] = [await _asked_for(cast, api, placed[-1])], placed[-1:]
        await desk.post(f"/tickets/{placed[-2]}/whistles", {"teams": [COMPANY]})
        known["team"], known["whistled"], known["whistle_teams"] = [COMPANY], placed[-2:-1], [DEPARTMENT]
        known["picture_id"], known["pictured"] = [await _picture(url, cast, placed[0])], placed[:1]
        member, offers = await _asked(api, cast, placed)
        profile = await api.caller(member.token).get("/me/profile")
        known["If-Match"] = [f'"{profile["revision"]}"']
        known["message_id"] = [one["id"] for one in (await resident.get("/inbox", limit=5))["items"]]
    # First what the member was asked for, so that what follows from taking it is asked about the same order.
    known["ticket_id"] = sorted(placed, key=lambda ticket: ticket not in offers)
    known["demand_id"] = known["ticket_id"]
    known["offer_id"] = list(offers.values())
    known["assignment_id"] = [f"{ticket}.s1.1" for ticket in offers]
    return known, member


async def _served(desk: Caller, cast: Cast) -> dict[str, list[str]]:
    """Somebody who is served, without an account; a relative acts for them, and they agreed to something."""
    person = (await desk.post("/people", {"name": "王奶奶", "area_id": HOME}))["person_id"]
    agreed = {"person_id": person, "text_version": "2026-11", "how": "call"}
    relative = cast.accounts[RELATIVE].account_id
    granted = await desk.post("/delegations", agreed | {"account_id": relative, "may": ["order", "see"]})
    consented = await desk.post("/consents", agreed | {"purpose": "picture_record"})
    return {
        "person_id": [person],
        "delegation_id": [granted["delegation_id"]],
        "consent_id": [consented["consent_id"]],
    }


async def _told(secretary: Caller) -> dict[str, list[str]]:
    """Addresses of other systems, robots of groups and a template that the secretary keeps."""
    template = await secretary.post("/notice-templates", TEMPLATE)
    return {
        "since": [time_text(datetime.now(UTC))],
        "endpoint_id": [str((await secretary.post("/webhooks", HOOK))["id"]) for _ in range(HOOKS)],
        "robot_id": [str((await secretary.post("/robots", ROBOT))["id"]) for _ in range(ROBOTS)],
        "template": ["order-received", str(template["id"])],
    }


async def _at_the_counter(resident: Caller, desk: Caller, cast: Cast) -> dict[str, list[str]]:
    """Orders that the desk owns at the counter, one of them done and not signed yet; and one that nobody has."""
    order = {"item_id": COUNTER, "area_id": HOME, "description": "办个证"}
    owned, done = [str((await desk.post("/counter/tickets", order | {"businesses": ["B01"]}))["id"]) for _ in range(2)]
    await desk.post(f"/tickets/{done}/complete", {"result": "solved", "signed": True})
    ordered = str((await resident.post("/tickets", order))["id"])
    return {
        "owned": [owned],
        "to_be_signed": [done],
        "for_the_counter": [ordered],
        "to_account": [str(cast.members[OFFICER].account_id)],
    }


async def _asked_for(cast: Cast, api: Api, ticket: str) -> str:
    """A request that waits for its answer: an officer asks, the desk is above them."""
    officer = cast.caller(api, OFFICER)
    asked = await officer.post(f"/tickets/{ticket}/ledger", {"kind": "void", "reason_code": "entered_twice"})
    return str(asked["ledger"][-1]["id"])


async def _asked(api: Api, cast: Cast, placed: Sequence[str]) -> tuple[Badge, dict[str, str]]:
    """A member who was asked, and their offers by order."""
    for _ in range(TRIES):
        for name, badge in cast.members.items():
            if name.startswith(VOLUNTEERS):
                page = await api.caller(badge.token).get("/offers", status="open", limit=ORDERS)
                offers = {one["ticket_id"]: one["id"] for one in page["items"] if one["ticket_id"] in placed}
                if offers:
                    return badge, offers
        await asyncio.sleep(0.1)
    raise AssertionError("nobody was asked")


async def _picture(url: str, cast: Cast, ticket: str) -> str:
    written = BytesIO()
    Image.new("RGB", (64, 48), "red").save(written, "JPEG")
    headers = {
        "Authorization": f"Bearer {cast.accounts[RESIDENT].token}",
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "image/jpeg",
    }
    address = f"{url}{PREFIX}/tickets/{ticket}/pictures?kind=thing"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=written.getvalue(), headers=headers) as one,
    ):
        said: dict[str, Any] = await one.json()
        assert one.status == 201, said
        return str(said["id"])
