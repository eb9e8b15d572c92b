"""Faults of what was handled on the spot."""

from tests.system.auditing.faults import fault, ticket
from tests.system.auditing.world import Plant

_SEEN = {"snapshots_differ": ["snapshot-differs"], "views_differ": ["view-differs"]}


@fault(
    "an order that was handled on the spot, without the picture that it is said to be shown by",
    handled_unshown=["picture-missing"],
    **_SEEN,
)
def picture_missing(plant: Plant) -> None:
    ticket(plant).set(plant, handled_at_birth=True, evidence=["thing_photo"])


@fault(
    "an order that was handled on the spot, and for which people are looked for",
    handled_unshown=["searched-for-nothing"],
    **_SEEN,
)
def searched_for_nothing(plant: Plant) -> None:
    ticket(plant).set(plant, handled_at_birth=True, terms=None)
