"""What happens at the door."""

from dataclasses import replace

from tests.services.permissions.people import Case
from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import ONE, taken
from tests.services.permissions.rows.seats import SEAT, arrived
from tests.services.permissions.town import Town


def _entered(town: Town) -> Case:
    """A seat whose holder is there by a paper sheet."""
    case = taken(town)
    return replace(case, body={"at": town.clock.now().isoformat()})


def _ended(town: Town) -> Case:
    return replace(taken(town), body={"result": "refused"})


def _needed(town: Town) -> Case:
    return replace(taken(town), body={"item_id": "errand"})


ROWS = (
    Row(f"POST {SEAT}/visit", _ended),
    Row(f"POST {SEAT}/still-here", arrived),
    Row(f"POST {SEAT}/on-my-way", taken),
    Row(f"POST {SEAT}/substitute", taken),
    Row(f"POST {SEAT}/follow-up", _needed),
    Row(f"POST {SEAT}/arrive", taken),
    Row(f"POST {SEAT}/arrival", _entered),
    Row(f"GET {ONE}/arrival-codes", taken),
)
