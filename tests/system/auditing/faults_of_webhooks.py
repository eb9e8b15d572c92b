"""Faults of webhooks: what an endpoint was never told, and deliveries of which nobody knows what became."""

from tests.system.auditing.faults import At, event, fault
from tests.system.auditing.world import Plant


def delivery(plant: Plant, name: str = "closed", type_: str = "ticket.accepted") -> At:
    """What the world's endpoint is told of an order."""
    query = {"event_id": event(plant, type_, name).id}
    return At("notify", "webhook_deliveries", plant.world.doc("notify", "webhook_deliveries", query)["_id"])


@fault("an event that an endpoint should have heard and did not", webhooks_untold=["webhook-untold"])
def never_told(plant: Plant) -> None:
    delivery(plant).remove(plant)


@fault("a delivery of an event that nobody told", webhooks_untold=["webhook-of-nothing"])
def of_nothing(plant: Plant) -> None:
    delivery(plant).copy(plant, "nobody:nowhere", event_id="nobody")


@fault("a delivery that nobody will look at again", webhooks_lost=["webhook-lost"])
def looked_at_by_nobody(plant: Plant) -> None:
    delivery(plant).set(plant, next_at=None)


@fault("a delivery that was given up and nobody says why", webhooks_lost=["webhook-lost"])
def given_up_for_nothing(plant: Plant) -> None:
    delivery(plant).set(plant, state="given_up", next_at=None)


@fault("a delivery that is said to be taken and never was", webhooks_lost=["webhook-lost"])
def never_taken(plant: Plant) -> None:
    delivery(plant).set(plant, state="delivered", next_at=None)


@fault("a delivery that waits for an endpoint that is gone", webhooks_lost=["webhook-lost"])
def waits_for_nobody(plant: Plant) -> None:
    delivery(plant).copy(plant, "gone", endpoint_id="gone")
