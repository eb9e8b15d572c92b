"""Rates, and the orders behind them: staff count what lies in their areas."""

from dataclasses import replace

from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.rows.orders import taken
from tests.services.permissions.town import Town

PERIOD = "?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z"


def asked(town: Town) -> Case:
    """An order of the month, still at work: not counted as closed, and not left out but for its time."""
    return replace(taken(town), query=f"{PERIOD}&part=left_out")


def counted(town: Town) -> Case:
    """The same month, as figures."""
    return replace(taken(town), query=PERIOD, found=None)


ROWS = (
    Row("GET /api/v1/figures", counted, outside=200),
    Row("GET /api/v1/figures/table", counted, outside=200),
    listed("GET /api/v1/figures/<rate>/tickets", lambda town: replace(asked(town), path={"rate": "closure"})),
)
