"""Faults of orders that are merged into another."""

from tests.system.auditing.faults import fault, ticket
from tests.system.auditing.world import Plant

_SEEN = {"snapshots_differ": ["snapshot-differs"], "views_differ": ["view-differs"]}


@fault("a merged order of which its primary does not know", not_together=["not-gathered"], **_SEEN)
def not_gathered(plant: Plant) -> None:
    ticket(plant, "primary").set(plant, merged=[])


@fault("a merged order whose primary is merged, too", not_together=["merged-twice"], **_SEEN)
def merged_twice(plant: Plant) -> None:
    ticket(plant, "merged").set(plant, merged=[plant.world.orders["closed"]])


@fault("a merged order whose primary is gone", not_together=["primary-missing"], **_SEEN)
def primary_missing(plant: Plant) -> None:
    ticket(plant, "merged").set(plant, primary__id="01KAJ5ZX00000000000N0TH3RE")


@fault(
    "a merged order that waits for one that is over",
    at_end=["not-at-end"],
    not_together=["left-waiting"],
    deadlines=["deadline-differs"],
    **_SEEN,
)
def left_waiting(plant: Plant) -> None:
    ticket(plant, "merged").set(plant, status="merged")


@fault("a merged order of which nobody asks, though what was done again is done", not_together=["left-unasked"])
def left_unasked(plant: Plant) -> None:
    ticket(plant, "merged").set(plant, again={"turn": 2, "over_at": None})


@fault("a merged order that ended before its primary", not_together=["ended-alone"])
def ended_alone(plant: Plant) -> None:
    ticket(plant, "merged").set(plant, primary_turn=9)


@fault(
    "a merged order with a crew of its own",
    not_together=["crew-of-its-own"],
    owners_differ=["crew-differs"],
    **_SEEN,
)
def crew_of_its_own(plant: Plant) -> None:
    holders = ticket(plant, "primary").doc(plant)["holders"]
    ticket(plant, "merged").set(plant, holders=holders)
