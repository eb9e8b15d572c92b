"""A row for every route of the gateway. A new route: add its row to the file of its room, or a file with ``ROWS``."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from tests.services.permissions.row import Row


def all_rows() -> dict[str, Row]:
    """Every row of every file in this folder, by its route; none may be there twice."""
    rows: dict[str, Row] = {}
    for row in _read():
        assert row.route not in rows, f"two rows for {row.route}"
        rows[row.route] = row
    return rows


def _read() -> Iterator[Row]:
    for module in iter_modules(__path__):
        yield from import_module(f"{__name__}.{module.name}").ROWS
