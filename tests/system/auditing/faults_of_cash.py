"""Faults of cash slips."""

from tests.system.auditing.faults import fault, ticket
from tests.system.auditing.world import Plant

OUT = {"number": 1, "step": "out", "waits_for": None, "said_by": "a-m1"}


@fault("an order that is done while its money is out", cash_left=["cash-left"])
def money_out(plant: Plant) -> None:
    ticket(plant).set(plant, slips=[OUT], cash_limit=200)


@fault("a slip of an item without cash", cash_left=["cash-left"])
def no_cash_here(plant: Plant) -> None:
    ticket(plant).set(plant, slips=[{**OUT, "step": "settled"}])
