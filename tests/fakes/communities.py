"""The replica of the communities, in memory."""

from collections.abc import Sequence

from services.volunteers.application.ports import CommunityRow
from services.volunteers.domain.community import CommunityTime


class InMemoryCommunities:
    """A ``Communities``; newest version wins."""

    def __init__(self) -> None:
        self._rows: dict[str, CommunityRow] = {}

    def keep(self, rows: Sequence[CommunityRow]) -> None:
        for row in rows:
            known = self._rows.get(row.snapshot.id)
            if known is None or known.version < row.version:
                self._rows[row.snapshot.id] = row

    def get(self, community_id: str) -> CommunityTime | None:
        row = self._rows.get(community_id)
        if row is None:
            return None
        told = row.snapshot
        return CommunityTime(
            id=told.id,
            name=told.name,
            prefix=told.prefix,
            time_zone=told.time_zone,
            shifts=told.shifts,
            days_off=frozenset(told.days_off),
            days_on=frozenset(told.days_on),
            roster_check=told.roster_check,
        )
