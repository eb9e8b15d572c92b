"""Faults of reports of suspected harm."""

from datetime import timedelta

from tests.system.auditing.faults import At, fault
from tests.system.auditing.world import Plant


def report(plant: Plant, state: str) -> At:
    """The report that is so far."""
    return At("tickets", "harm_reports", plant.world.doc("tickets", "harm_reports", {"state": state})["_id"])


@fault("a report closed with nobody told", harm_unheard=["harm-unanswered"])
def untold(plant: Plant) -> None:
    report(plant, "closed").set(plant, told=[])


@fault("a report that nothing reminds anybody of", harm_unheard=["harm-deadline"])
def forgotten(plant: Plant) -> None:
    report(plant, "acknowledged").set(plant, due=[], next_due=None)


@fault("a report of long ago that nobody told anybody of, and that did not go up", harm_unheard=["harm-unheard"])
def unheard(plant: Plant) -> None:
    at = report(plant, "acknowledged")
    at.set(plant, received_at=at.doc(plant)["received_at"] - timedelta(days=9))
