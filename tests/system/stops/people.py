"""What the people of the town do while a part of it is down, and what is on record of it."""

from collections.abc import Mapping
from typing import Any

from deploy.audit.databases import Databases
from deploy.demo.play import DESK
from tests.system.stops.door import Reply
from tests.system.stops.town import Town
from tests.waiting import wait_until

RESIDENT = "linxiaomei"
ERRAND = "shopping"
"""Volunteers are asked one by one, and have two business hours to answer."""
EMERGENCY = "door-sensor-check"
"""Whoever is on duty is asked, and has three business minutes: six seconds."""
SECONDS = 60.0


class People:
    """A resident who orders, the members who are asked, the desk."""

    def __init__(self, town: Town, databases: Databases) -> None:
        self.town = town
        self.databases = databases
        self.door = town.doors[0]
        self.resident = town.token(RESIDENT)
        self.desk = town.token(DESK)

    def order(self, item: str = ERRAND, key: str = "", door: int = 0) -> Reply:
        """Ask for something, once."""
        body = {"item_id": item, "area_id": "heping-3-2", "description": "麻烦看一下"}
        return self.town.doors[door].post("/tickets", self.resident, body, key=key)

    def ordered(self, item: str = ERRAND) -> str:
        """Ask for something and get it entered; the order's id."""
        reply = self.order(item)
        assert reply.status == 201, str(reply)
        return str(reply.body["id"])

    def offered(self, ticket_id: str) -> tuple[str, str]:
        """Wait until somebody is asked: the offer's id and the token of whoever is."""
        offer = wait_until(lambda: self.offer(ticket_id) or {}, SECONDS, f"nobody is asked for {ticket_id}")
        tokens = {badge.member_id: badge.token for badge in self.town.cast.members.values()}
        return str(offer["id"]), tokens[offer["member_id"]]

    def offer(self, ticket_id: str, status: str = "open") -> Mapping[str, Any] | None:
        """One offer of an order, as its owner has it."""
        demand = self.databases.of("volunteers")["demands"].find_one(ticket_id) or {}
        return next((offer for offer in demand.get("offers", ()) if offer["status"] == status), None)

    def take(self, ticket_id: str) -> str:
        """Have somebody accept, and wait until the order is theirs; their token."""
        offer, member = self.offered(ticket_id)
        reply = self.answer(offer, member, "accept")
        assert reply.status == 200, str(reply)
        self.see(ticket_id, "assigned")
        return member

    def answer(self, offer: str, member: str, word: str) -> Reply:
        """Accept or decline."""
        return self.door.post(f"/offers/{offer}/{word}", member)

    def ticket(self, ticket_id: str) -> Mapping[str, Any]:
        """An order as the desk reads it."""
        return self.door.get(f"/tickets/{ticket_id}", self.desk).body

    def see(self, ticket_id: str, status: str) -> None:
        """Wait until everybody can read that an order is in *status*."""
        wait_until(lambda: self.ticket(ticket_id).get("status") == status, SECONDS, f"{ticket_id} is not {status}")

    def reads(self) -> dict[str, int]:
        """The status of everything that is read from views."""
        asked = {
            "orders": self.door.get("/tickets?mine=true&limit=3", self.resident),
            "areas": self.door.get("/areas?limit=3", self.resident),
            "board": self.door.get("/demands?status=claim", self.desk),
            "offers": self.door.get("/offers?status=open", next(iter(self.town.cast.members.values())).token),
            "me": self.door.get("/me", self.resident),
        }
        return {name: reply.status for name, reply in asked.items()}

    def sign_in(self, password: str) -> Reply:
        """As the resident."""
        return self.door.post("/sessions", "", {"login": RESIDENT, "password": password})

    def messages(self) -> Reply:
        """The resident's messages, rendered by notify."""
        return self.door.get("/inbox?limit=50", self.resident)

    def timeline(self, ticket_id: str) -> Reply:
        """From the event stores of tickets and volunteers."""
        return self.door.get(f"/tickets/{ticket_id}/timeline", self.resident)

    def notices(self, ticket_id: str, whose: str = "account:") -> list[str]:
        """The rules by which the resident (or others) were told of an order in the app, each as often as they were."""
        found = self.databases.of("notify")["messages"].find({"thread": ticket_id, "channel": "in_app"})
        return sorted(one["rule"] for one in found if one["recipient"].startswith(whose))
