"""One fault each, planted in the small world, and what the audit has to say of it: all that it says, by clause."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.system.auditing.world import Document, Plant

Found = dict[str, list[str]]
Fault = Callable[[Plant], None]
FAULTS: dict[str, tuple[Fault, Found]] = {}
SOON = datetime.now(UTC)


def fault(name: str, **expected: list[str]) -> Callable[[Fault], Fault]:
    """Names what the decorated function plants, and everything that is then to be found."""

    def add(plant: Fault) -> Fault:
        assert name not in FAULTS
        FAULTS[name] = plant, expected
        return plant

    return add


@dataclass(frozen=True)
class At:
    """One document of the world."""

    service: str
    collection: str
    id: Any

    def set(self, plant: Plant, **fields: Any) -> None:
        """Fields by their dotted names, a double underscore for each dot."""
        named = {name.replace("__", "."): value for name, value in fields.items()}
        plant.change(self.service, self.collection, self.id, {"$set": named})

    def push(self, plant: Plant, field: str, value: Any) -> None:
        plant.change(self.service, self.collection, self.id, {"$push": {field: value}})

    def doc(self, plant: Plant) -> Document:
        return plant.world.doc(self.service, self.collection, {"_id": self.id})

    def remove(self, plant: Plant) -> None:
        plant.remove(self.service, self.collection, self.id)

    def copy(self, plant: Plant, id_: str, **fields: Any) -> None:
        plant.add(self.service, self.collection, self.doc(plant) | {"_id": id_} | fields)


def ticket(plant: Plant, name: str = "closed") -> At:
    return At("tickets", "tickets", plant.world.orders[name])


def demand(plant: Plant, name: str = "closed") -> At:
    return At("volunteers", "demands", plant.world.orders[name])


def member(id_: str) -> At:
    return At("volunteers", "members", id_)


def row(plant: Plant, name: str = "closed") -> At:
    return At("gateway", "tickets", plant.world.orders[name])


def event(plant: Plant, type_: str, name: str = "closed", service: str = "tickets") -> At:
    """The first event of a type of an order."""
    query = {"thread": plant.world.orders[name], "wire.type": f"shiliu.{type_}.v1"}
    return At(service, "events", plant.world.doc(service, "events", query)["_id"])


def message(plant: Plant, rule: str, name: str = "closed") -> At:
    query = {"thread": plant.world.orders[name], "rule": rule, "channel": "in_app"}
    return At("notify", "messages", plant.world.doc("notify", "messages", query)["_id"])


def outward(plant: Plant, rule: str, name: str = "closed") -> At:
    """A message that goes out of the platform."""
    query = {"thread": plant.world.orders[name], "rule": rule, "channel": "outward"}
    return At("notify", "messages", plant.world.doc("notify", "messages", query)["_id"])


def take_of(plant: Plant, name: str = "closed") -> Document:
    taken: Document = demand(plant, name).doc(plant)["takes"][0]
    return taken


def somebody_else(plant: Plant, name: str = "closed") -> str:
    """A member who was never asked for an order."""
    asked = {offer["member_id"] for offer in demand(plant, name).doc(plant)["offers"]}
    return next(f"m{number}" for number in range(1, 6) if f"m{number}" not in asked)


def later(days: float) -> datetime:
    return SOON + timedelta(days=days)
