"""Faults of orders at the counter and their parts."""

from tests.system.auditing.faults import fault, ticket
from tests.system.auditing.world import Plant

_SEEN = {"snapshots_differ": ["snapshot-differs"], "views_differ": ["view-differs"]}


@fault("a part of which its whole does not know", parts_differ=["part-unknown", "part-missing"], **_SEEN)
def unknown(plant: Plant) -> None:
    ticket(plant, "whole").set(plant, parts__0__ticket_id="01KAJ5ZX00000000000N0TH3RE")


@fault("a part that stands elsewhere than its whole says", parts_differ=["part-differs"], **_SEEN)
def differs(plant: Plant) -> None:
    ticket(plant, "whole").set(plant, parts__0__status="in_progress")


@fault(
    "a part that is left when its whole is over",
    at_end=["not-at-end"],
    parts_differ=["part-differs", "part-left"],
    **_SEEN,
)
def left(plant: Plant) -> None:
    ticket(plant, "part").set(plant, status="completed")


@fault(
    "a part that is open when its whole is over",
    at_end=["not-at-end"],
    parts_differ=["part-differs", "part-open"],
    deadlines=["deadline-differs"],
    **_SEEN,
)
def left_open(plant: Plant) -> None:
    ticket(plant, "part").set(plant, status="in_progress")


@fault("a part that has parts", parts_differ=["part-unknown", "part-of-part"], **_SEEN)
def part_of_part(plant: Plant) -> None:
    ticket(plant, "whole").set(plant, part_of="01KAJ5ZX00000000000N0TH3RE")


@fault(
    "a crew of what the counter owns",
    parts_differ=["owned-with-crew"],
    owners_differ=["crew-differs"],
    **_SEEN,
)
def with_crew(plant: Plant) -> None:
    holders = ticket(plant, "part").doc(plant)["holders"]
    ticket(plant, "whole").set(plant, holders=holders)
