"""Faults of the two ledgers."""

from datetime import timedelta

from tests.system.auditing.faults import At, demand, fault, take_of
from tests.system.auditing.world import Plant


def entry(plant: Plant, name: str = "closed") -> At:
    """Of whoever did an order."""
    came = next(take for take in demand(plant, name).doc(plant)["takes"] if take["arrived_at"] is not None)
    return At("volunteers", "hours", came["id"])


@fault("work that never came on record", hours_differ=["hours-missing"])
def lost(plant: Plant) -> None:
    entry(plant).remove(plant)


@fault("work that is on record twice", hours_differ=["hours-of-nobody"])
def twice(plant: Plant) -> None:
    entry(plant).copy(plant, f"{take_of(plant)['id']}.again")


@fault("a sum that its lines do not give", hours_differ=["hours-sum"])
def sum_of_nothing(plant: Plant) -> None:
    entry(plant).set(plant, minutes=600)


@fault("a visit that no line counts", hours_differ=["hours-differ"])
def uncounted(plant: Plant) -> None:
    entry(plant, "crew").set(plant, known=[])


@fault("time that nobody spent there", hours_differ=["hours-differ"])
def longer(plant: Plant) -> None:
    at = entry(plant)
    line = at.doc(plant)["lines"][0]
    [span] = line["spans"]
    longer = span | {"ended": span["ended"] + timedelta(hours=1)}
    at.set(plant, minutes=line["minutes"] + 60, lines=[line | {"minutes": line["minutes"] + 60, "spans": [longer]}])


@fault("voluntary work among the paid", hours_differ=["wrong-ledger"])
def among_the_paid(plant: Plant) -> None:
    at = entry(plant)
    at.set(plant, ledger="workload", lines=[line | {"ledger": "workload"} for line in at.doc(plant)["lines"]])


@fault("somebody else's work", hours_differ=["hours-of-another"])
def anothers(plant: Plant) -> None:
    entry(plant).set(plant, member_id="m-nobody-knows")
