"""Faults of what goes back to upstream."""

from tests.system.auditing.faults import At, fault
from tests.system.auditing.world import Plant


def report(plant: Plant) -> At:
    """What upstream is to be told of its order."""
    query = {"ticket_id": plant.world.orders["upstream"]}
    return At("tickets", "upstream_reports", plant.world.doc("tickets", "upstream_reports", query)["_id"])


@fault("a result that upstream was never told", untold=["upstream-untold"])
def never_told(plant: Plant) -> None:
    report(plant).remove(plant)


@fault("a result that was taken for overtaken", untold=["upstream-untold"])
def taken_for_overtaken(plant: Plant) -> None:
    report(plant).set(plant, state="superseded")


@fault("a report of an order that never came from upstream", untold=["report-of-nothing"])
def of_nothing(plant: Plant) -> None:
    report(plant).copy(plant, "nobody:closed:1.0", ticket_id="nobody")
