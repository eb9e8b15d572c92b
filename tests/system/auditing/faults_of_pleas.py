"""Faults of pleas: one that waits and that nobody hears of any more."""

from datetime import timedelta

from tests.system.auditing.faults import At, fault
from tests.system.auditing.world import Plant


def plea(plant: Plant, state: str) -> At:
    """The one that is so far."""
    return At("tickets", "pleas", plant.world.doc("tickets", "pleas", {"state": state})["_id"])


@fault("a plea that nobody answered, and nobody was told again", pleas_unheard=["plea-unheard"])
def unheard(plant: Plant) -> None:
    at = plea(plant, "waiting")
    by = at.doc(plant)["respond_by"] - timedelta(days=9)
    at.set(plant, respond_by=by, due=[{"key": "respond:0", "at": by}], next_due=by)


@fault("a plea that nothing brings to mind", pleas_unheard=["plea-deadline"])
def forgotten(plant: Plant) -> None:
    plea(plant, "waiting").set(plant, due=[], next_due=None)


@fault("a plea that was answered, and is told again", pleas_unheard=["plea-deadline"])
def told_for_nothing(plant: Plant) -> None:
    at = plea(plant, "handled")
    by = at.doc(plant)["respond_by"]
    at.set(plant, due=[{"key": "respond:1", "at": by}], next_due=by)
