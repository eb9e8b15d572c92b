"""A town where everybody is drawn for a callback."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Role
from contracts.events.masters import CommunityPublished
from services.tickets.adapters.codecs import CommunityCodec
from services.tickets.domain.community import Callbacks
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import WORKER
from tests.services.permissions.rows.orders import ORDER
from tests.services.permissions.town import ENOUGH, Town, a_town
from tests.unit.tickets.builders import a_community

WORKING = a_member_actor(WORKER)


@dataclass
class Life:
    """One resident with an order that was taken."""

    town: Town
    resident: Actor
    ticket_id: str

    @property
    def path(self) -> str:
        return f"/tickets/{self.ticket_id}"

    def do(self, who: Actor, step: str, **body: Any) -> Any:
        """A step that has to work; the order afterwards."""
        return self.town.post(who, f"{self.path}/{step}", body)

    def refused(self, who: Actor, step: str, **body: Any) -> tuple[int, str, list[str]]:
        """How a step is refused: status, code, and the fields that are wrong."""
        response = self.town.ask("POST", f"/api/v1{self.path}/{step}", who, body)
        told = response.json
        return response.status_code, told["code"], [one["field"] for one in told.get("errors", ())]

    def listed(self, who: Actor, tasks: str) -> list[str]:
        """Which orders are among the tasks that somebody sees."""
        return [one["id"] for one in self.town.get(who, f"/{tasks}?limit=200")["items"]]

    def told(self, who: Actor) -> list[str]:
        """The titles of the messages about this order, the newest first."""
        mine = (one for one in self.town.get(who, "/inbox?limit=100")["items"] if one["ticket_id"] == self.ticket_id)
        return [one["title"] for one in mine]


@pytest.fixture(scope="session")
def results_town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(house_settings, tmp_path_factory.mktemp("results"), "results_") as town:
        town.publish(
            "tickets",
            CommunityCodec(),
            a_community(callbacks=Callbacks(ratio=1), offers_per_day=ENOUGH),
            CommunityPublished(),
        )
        yield town


@pytest.fixture
def life(results_town: Town) -> Life:
    resident = results_town.account(an_actor(Role.RESIDENT, account_id=f"a-resident-{results_town.number()}"))
    ticket_id = results_town.post(resident, "/tickets", ORDER)["id"]
    asked = {"offer.demand_id": ticket_id, "offer.status": "open"}
    offer = results_town.resources["gateway"].db["offers"].find_one(asked)
    assert offer is not None
    seat = results_town.post(WORKING, f"/offers/{offer['_id']}/accept")["assignment_id"]
    results_town.post(WORKING, f"/assignments/{seat}/arrive")
    return Life(results_town, resident, ticket_id)
