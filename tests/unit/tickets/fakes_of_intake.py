"""The ports of taking orders in, in memory."""

from collections.abc import Mapping, Sequence

from services.tickets.domain.area import Area


class FakeAreaTree:
    """All areas of *rows*; which may be filled later."""

    def __init__(self, rows: Mapping[str, Area]) -> None:
        self._rows = rows

    def of(self, community_id: str) -> Sequence[Area]:
        return [area for area in self._rows.values() if area.community_id == community_id]
