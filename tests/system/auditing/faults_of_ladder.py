"""Faults of the ladder and of whistles."""

from tests.system.auditing.faults import fault, ticket
from tests.system.auditing.world import Plant

_SEEN = {"snapshots_differ": ["snapshot-differs"], "views_differ": ["view-differs"]}


@fault("an order that went up twice though nobody took it once", ladder_differs=["went-up-twice"], **_SEEN)
def went_up_twice(plant: Plant) -> None:
    [step] = ticket(plant, "unserved").doc(plant)["escalations"]
    again = step | {"before": step["rung"], "rung": "desk"}
    ticket(plant, "unserved").push(plant, "escalations", again)
    ticket(plant, "unserved").set(plant, rung="desk")


@fault("an order that is not where it went", ladder_differs=["ladder-differs"], **_SEEN)
def not_where_it_went(plant: Plant) -> None:
    ticket(plant, "called").set(plant, rung="crew")


@fault("a company that is called twice at once", ladder_differs=["called-twice"], **_SEEN)
def called_twice(plant: Plant) -> None:
    first, second = ticket(plant, "called").doc(plant)["whistles"]
    ticket(plant, "called").set(plant, whistles=[first | {"status": "whistled"}, second | {"status": "whistled"}])


@fault("an order that went up twice for one company that did not come", ladder_differs=["went-up-twice"], **_SEEN)
def unsigned_twice(plant: Plant) -> None:
    steps = ticket(plant, "called").doc(plant)["escalations"]
    again = steps[-1] | {"before": steps[-1]["rung"], "reason": "unsigned"}
    ticket(plant, "called").push(plant, "escalations", again)


@fault(
    "an order that nobody took and that went nowhere",
    ladder_differs=["left-below"],
    at_end=["not-at-end"],
    deadlines=["deadline-differs"],
    **_SEEN,
)
def left_below(plant: Plant) -> None:
    ticket(plant, "unserved").set(plant, status="accepted", escalations=[], rung="crew", times__ended_at=None)
