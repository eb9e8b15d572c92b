"""One visit to the counter: taken in, its papers seen, a part for others, handed over, closed there by a touch."""

from collections.abc import Callable
from datetime import timedelta

from contracts.actor import Actor, Role
from contracts.catalogue import Business, Evidence, Material
from contracts.events.masters import CatalogueItemPublished
from contracts.results import Closing
from contracts.schemas.fields import time_text
from contracts.words import Policy, Text, WhoMay
from services.tickets.adapters.codecs import ItemCodec
from tests.builders import an_actor
from tests.system.auditing.house import House
from tests.unit.tickets.builders import an_item

CLERK = an_actor(Role.DUTY, account_id="a-clerk")
DISPATCHER = an_actor(Role.DISPATCHER)
SIGNED = {"result": "solved", "answer": "satisfied", "solved": True, "signed": "tap"}
PAPER = Material(code="id-card", name=Text("身份证", "Identity card"))


def settle_counter(house: House) -> None:
    """What the counter takes in."""
    business = Business(code="B01", name=Text("低保", "Minimum living allowance"), materials=(PAPER,))
    item = an_item(
        id="counter",
        code="I1",
        policy=Policy.DUTY,
        who_may=WhoMay.DUTY,
        skills=(),
        delivery=("counter", "appointment"),
        closing=(Closing.COUNTER, Closing.REQUESTER),
        evidence=Evidence.SIGNATURE,
        businesses=(business,),
    )
    house.publish("tickets", ItemCodec(), item, CatalogueItemPublished())


def one_visit(house: House, requester: Actor, take: Callable[[str], Actor]) -> dict[str, str]:
    """*requester* orders it and *take* has a member accept its part; gives the ids of both."""
    order = {"item_id": "counter", "area_id": "heping-1", "description": "来办低保"}
    whole = house.post(requester, "/tickets", order)["id"]
    house.post(CLERK, f"/tickets/{whole}/take-in", {"businesses": ["B01"]})
    house.post(CLERK, f"/tickets/{whole}/appointment", {"at": time_text(house.clock.now() + timedelta(hours=2))})
    house.post(CLERK, f"/tickets/{whole}/papers", {"seen": []})
    share = {"item_id": "tap-and-lamp", "description": "顺便修龙头"}
    part = house.post(CLERK, f"/tickets/{whole}/parts", share)["id"]
    off = house.post(CLERK, f"/tickets/{whole}/parts", share)["id"]
    member = take(part)
    house.post(DISPATCHER, f"/tickets/{off}/cancel", {"reason_code": "entered_twice", "go_to": "property"})
    house.post(member, f"/tickets/{part}/complete", {"result": "solved"})
    house.post(CLERK, f"/tickets/{whole}/papers", {"seen": ["id-card"]})
    house.post(CLERK, f"/tickets/{whole}/close-at-counter", SIGNED)
    return {"whole": str(whole), "part": str(part), "part off": str(off)}
