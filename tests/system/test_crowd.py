"""Simulated people on a platform of their own: all that they order comes to an end."""

import asyncio

import pytest

from deploy.audit.audit import settled
from deploy.audit.databases import Databases
from deploy.audit.figures import figures
from deploy.audit.findings import Scope
from deploy.demo.play import COMMUNITY, DESK, MEMBERS
from deploy.simulate.client import Api
from deploy.simulate.crowd import Order, crowd_of
from deploy.simulate.pace import Pace
from deploy.simulate.stage import Cast, Stage
from deploy.simulate.temper import Temper
from deploy.simulate.world import World
from tests.waiting import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.slow, pytest.mark.timeout(400)]

NIGHT = 240.0
"""Real seconds without news that are no fault: from 21:00 to 08:00 no offer expires, 110 of them at this pace."""


def test_simulated_people_bring_every_order_to_an_end(stage: Stage, cast: Cast) -> None:
    """Two seats, a professional's work, a phone call for nobody's account, and what nobody takes."""
    items = ("shopping", "hospital-escort", "stairwell-lamp", "policy-advice", "tap-and-lamp", "suggestion")
    placed = [
        Order(
            at=float(number),
            key=f"system-{number}",
            body={"item_id": item, "area_id": "huizi-1-1", "description": "麻烦看一下", "origin": origin},
            resident=resident,
            by_desk=origin == "phone",
        )
        for number, (item, origin, resident) in enumerate(
            [(item, "resident", 3) for item in items] + [("shopping", "phone", None), ("haircut", "phone", 5)]
        )
    ]
    quick = Temper(think=(1, 3), travel=(2, 5), work=(2, 5), answer=(2, 5), rework=0.3, decline=0.3, accept=0.65)

    async def live() -> World:
        async with Api(stage.stack.http_url) as api:
            world = World(api, Pace(360.0), quick, 7, attention=10 / MEMBERS)
            await crowd_of(world, cast, DESK).run(placed, in_flight=8, patience=NIGHT)
            return world

    since = stage.business_now()
    world = asyncio.run(live())
    assert world.troubles.errors == []
    settings = stage.stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:

        def counted() -> tuple[int, int]:
            found = figures(databases, Scope(COMMUNITY, since))
            return found.orders, found.at_end

        wait_until(lambda: counted() == (len(placed), len(placed)))
        assert {name: found for name, found in settled(databases, Scope(COMMUNITY)).items() if found} == {}
