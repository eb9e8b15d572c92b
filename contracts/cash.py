"""Cash slips: money that an elder hands over for an errand, and what comes back of it (product, point 21).

Everything is said by one side and confirmed by the other. The sums are private; what everybody may know is the step.
"""

from dataclasses import dataclass
from enum import StrEnum


class CashSide(StrEnum):
    """Whose money it is, or who runs the errand. Staff stand in for either, but never for both of one step."""

    SERVED = "served"
    CREW = "crew"


class SlipStep(StrEnum):
    """How far the money has come."""

    HANDED = "handed"
    """Handed over, says one side; the other has to confirm."""
    OUT = "out"
    """Both say so."""
    RETURNED = "returned"
    """Spent, and the change is back, with the receipt; the other side has to confirm."""
    SETTLED = "settled"
    """Both say so: it is even."""
    VOID = "void"
    """No money was handed over after all."""


@dataclass(frozen=True, kw_only=True)
class CashSlip:
    """One slip of an order; ``waits_for`` is who has to confirm, None: nobody now."""

    number: int
    step: SlipStep
    waits_for: CashSide | None = None
