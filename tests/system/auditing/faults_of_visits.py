"""Faults of orders that came of a visit."""

from tests.system.auditing.faults import fault, ticket
from tests.system.auditing.world import Plant


@fault(
    "a check that nobody ever opened",
    visits_differ=["link-missing"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def missing(plant: Plant) -> None:
    ticket(plant, "whole").set(plant, led_to=[{"kind": "check", "ticket_id": "01KAJ5ZX00000000000N0TH3RE"}])
