"""Every cell of the two lifecycles, written down a second time by hand."""

from itertools import product

import pytest

from contracts.lifecycle import IllegalTransition, advance
from contracts.words import DemandStatus, SeatStatus
from services.volunteers.domain.lifecycle import DEMAND, SEAT, DemandAction, SeatAction

DEMAND_CELLS = """
open:     give_up=unserved stand_in=open
open:     ask=open open_claim=claim take=open fill=filled free=open finish=finished resume=open restart=open end=ended
claim:    ask=claim take=claim fill=filled free=claim give_up=unserved finish=finished resume=open restart=open
claim:    end=ended stand_in=claim
filled:   stand_in=filled free=open finish=finished resume=open restart=open end=ended
unserved: give_up=unserved order=unserved stand_in=unserved
unserved: ask=open take=unserved fill=filled free=unserved finish=finished resume=open restart=open end=ended
finished: free=finished finish=finished resume=open restart=open end=ended
ended:
"""
SEAT_CELLS = """
taken:    arrive=arrived leave=left give_back=taken finish=finished retake=taken come_again=taken
arrived:  leave=left give_back=arrived finish=finished retake=taken come_again=taken
left:     finish=left retake=taken
finished: finish=finished retake=taken
"""


def cells(text: str) -> dict[tuple[str, str], str]:
    rows = (line.split(":") for line in text.strip().splitlines())
    return {(status, cell.split("=")[0]): cell.split("=")[1] for status, row in rows for cell in row.split()}


@pytest.mark.parametrize(("status", "action"), list(product(DemandStatus, DemandAction)))
def test_every_cell_of_a_demand(status: DemandStatus, action: DemandAction) -> None:
    expected = cells(DEMAND_CELLS).get((status.value, action.value))
    if expected is None:
        with pytest.raises(IllegalTransition):
            advance(DEMAND, status, action)
    else:
        assert advance(DEMAND, status, action).value == expected


@pytest.mark.parametrize(("status", "action"), list(product(SeatStatus, SeatAction)))
def test_every_cell_of_a_seat(status: SeatStatus, action: SeatAction) -> None:
    expected = cells(SEAT_CELLS).get((status.value, action.value))
    if expected is None:
        with pytest.raises(IllegalTransition):
            advance(SEAT, status, action)
    else:
        assert advance(SEAT, status, action).value == expected
