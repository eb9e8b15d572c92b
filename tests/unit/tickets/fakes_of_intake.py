"""The ports of taking orders in, in memory."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.tickets.domain.area import Area
from tests.unit.tickets.fakes import FakePersons


class FakeAreaTree:
    """All areas of *rows*, which may be filled later."""

    def __init__(self, rows: Mapping[str, Area]) -> None:
        self._rows = rows

    def of(self, community_id: str) -> Sequence[Area]:
        return [area for area in self._rows.values() if area.community_id == community_id]


class FakeShelf:
    """All items of *rows*."""

    def __init__(self, rows: Mapping[str, Any]) -> None:
        self._rows = rows

    def of(self, community_id: str) -> Sequence[Any]:
        return [item for item in self._rows.values() if item.community_id == community_id]


class FakeCallers:
    """People of the vault by the digits of their number."""

    def __init__(self, persons: FakePersons) -> None:
        self._persons = persons

    def with_phone(self, community_id: str, phone: str) -> Sequence[str]:
        return [
            person.id
            for person in self._persons.rows.values()
            if person.community_id == community_id and _digits(person.details.phone or "") == _digits(phone)
        ]


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdigit())
