"""Up the ladder, and departments that are called and answer."""

from collections.abc import Callable
from dataclasses import replace

from tests.builders import a_member_actor
from tests.services.permissions.people import DISPATCHER, GAS, GASMAN, Case
from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import ONE, SOLVED, sent, taken
from tests.services.permissions.town import Town

WHISTLES = f"{ONE}/whistles"
TEAM = f"{WHISTLES}/<team>"


def whistled(town: Town) -> Case:
    """An order to which the gas company was called."""
    case = taken(town)
    town.do(DISPATCHER, f"/tickets/{case.path['ticket_id']}/whistles", {"teams": [GAS]})
    return replace(case, path={**case.path, "team": GAS}, member=GASMAN)


def after(*steps: str) -> Callable[[Town], Case]:
    """The same, when the company has taken these steps."""

    def make(town: Town) -> Case:
        case = whistled(town)
        for step in steps:
            town.do(a_member_actor(GASMAN), f"/tickets/{case.path['ticket_id']}/whistles/{GAS}/{step}")
        return case

    return make


ROWS = (
    Row(f"POST {ONE}/escalate", sent(taken, {"reason": "beyond_us"})),
    Row(f"POST {WHISTLES}", sent(taken, {"teams": [GAS]})),
    Row(f"POST {TEAM}/sign-in", whistled),
    Row(f"POST {TEAM}/contact", after("sign-in")),
    Row(f"POST {TEAM}/report", sent(after("sign-in", "contact"), SOLVED)),
    Row(f"POST {TEAM}/return", sent(whistled, {"reason_code": "not_ours"})),
)
