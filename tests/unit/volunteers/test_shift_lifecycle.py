"""Every cell of a shift's lifecycle, written down a second time by hand."""

from itertools import product

import pytest

from contracts.lifecycle import IllegalTransition, advance
from contracts.roster import ShiftStatus
from services.volunteers.domain.shift import SHIFT, ShiftAction

CELLS = {
    "empty": {"name": "planned", "vacate": "empty", "remove": "removed"},
    "planned": {"name": "planned", "vacate": "empty", "sign_in": "on", "remove": "removed"},
    "on": {"name": "planned", "vacate": "empty"},
    "removed": {},
}


@pytest.mark.parametrize(("status", "action"), list(product(ShiftStatus, ShiftAction)))
def test_every_cell_of_a_shift(status: ShiftStatus, action: ShiftAction) -> None:
    expected = CELLS[status.value].get(action.value)
    if expected is None:
        with pytest.raises(IllegalTransition):
            advance(SHIFT, status, action)
    else:
        assert advance(SHIFT, status, action).value == expected
