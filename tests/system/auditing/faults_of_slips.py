"""Faults of print slips: one that nobody brings, one of which nobody was told, one whose message says otherwise."""

from datetime import timedelta
from typing import Any

from tests.system.auditing.faults import SOON, fault, message
from tests.system.auditing.world import Plant


def a_slip(plant: Plant, status: str = "queued", **changes: Any) -> None:
    """A message as a slip."""
    slip = {"id": "slip-1", "state": "waiting", "due_at": SOON + timedelta(days=999), "late_at": None, **changes}
    message(plant, "closed").set(plant, slip=slip, status=status)


@fault("a slip that nobody brings, and nobody knows", slips_unheard=["slip-unheard"])
def nobody_brings(plant: Plant) -> None:
    a_slip(plant, due_at=SOON - timedelta(days=9999))


@fault("a slip that was taken and never arrived", slips_unheard=["slip-unheard"])
def never_arrived(plant: Plant) -> None:
    a_slip(plant, "sent", state="taken", due_at=SOON - timedelta(days=9999))


@fault("a late slip of which nobody was told", slips_unheard=["slip-unheard"])
def nobody_told(plant: Plant) -> None:
    a_slip(plant, late_at=SOON)


@fault("a slip that was brought, and its message waits", slips_unheard=["slip-differs"])
def says_otherwise(plant: Plant) -> None:
    a_slip(plant, state="acknowledged")
