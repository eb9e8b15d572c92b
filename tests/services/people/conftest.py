"""A town with a mother, her daughter and her son."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Role
from tests.builders import a_member_actor, an_actor
from tests.services.permissions.people import DISPATCHER, PLACE, WORKER
from tests.services.permissions.town import Town, a_town

ORDER = {"item_id": "tap-and-lamp", "area_id": PLACE, "description": "龙头滴水"}
WORKING = a_member_actor(WORKER)


@dataclass
class Family:
    """Who they are, and what they do; ``mother`` has no account."""

    town: Town
    person_id: str
    daughter: Actor
    son: Actor

    def grant(self, whom: Actor, *may: str, how: str = "signature", by: Actor = DISPATCHER) -> str:
        body = {"person_id": self.person_id, "account_id": whom.account_id, "may": may, "how": how}
        return str(self.town.do(by, "/delegations", {**body, "text_version": "delegate-1"})["delegation_id"])

    def order(self, by: Actor, **more: Any) -> Any:
        return self.town.do(by, "/tickets", {**ORDER, "beneficiary_id": self.person_id, **more})

    def status(self, who: Actor, path: str, body: Any = None) -> int:
        """How one request is answered."""
        method = "GET" if body is None else "POST"
        return int(self.town.ask(method, f"/api/v1{path}", who, body).status_code)

    def sees(self, who: Actor) -> list[str]:
        return [ticket["id"] for ticket in self.town.get(who, "/tickets?limit=50")["items"]]

    def told(self, who: Actor) -> list[str]:
        """The titles in somebody's inbox, the newest first."""
        return [message["title"] for message in self.town.get(who, "/inbox")["items"]]

    def hears(self, who: Actor) -> set[str]:
        """The subjects in the stream of somebody."""
        frames = self.town.get(who, "/events?wait=0&after=@1")["frames"]
        return {frame["subject"] for frame in frames}

    def take(self, ticket_id: str) -> None:
        """The worker takes it and is there."""
        open_offer = {"offer.demand_id": ticket_id, "offer.status": "open"}
        offer = self.town.resources["gateway"].db["offers"].find_one(open_offer)
        assert offer is not None
        seat = self.town.do(WORKING, f"/offers/{offer['_id']}/accept")["assignment_id"]
        self.town.do(WORKING, f"/assignments/{seat}/arrive")


@pytest.fixture(scope="session")
def people_town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One for all families, who know nothing of each other."""
    with a_town(house_settings, tmp_path_factory.mktemp("people"), "people_") as town:
        yield town


@pytest.fixture
def family(people_town: Town) -> Family:
    town, number = people_town, people_town.number()
    entered = {"name": "阿依古丽·买买提", "area_id": PLACE, "phone": "000-1", "form_of_address": "阿姨"}
    person_id = town.do(DISPATCHER, "/people", entered)["person_id"]
    daughter, son = (
        town.account(an_actor(Role.RESIDENT, account_id=f"a-{who}-{number}")) for who in ("daughter", "son")
    )
    return Family(town, person_id, daughter, son)
