"""What the use cases of no-shows and late cancels need, in memory."""

from collections.abc import Sequence
from typing import Any

from contracts.absences import AbsenceState
from services.volunteers.application.hours_ports import Keeper
from services.volunteers.application.reveals import MemberReveal
from services.volunteers.domain.absence import Absence
from tests.fakes.aggregates import InMemoryAggregates


class InMemoryAbsencePages:
    """An ``AbsencePages`` over a dict."""

    def __init__(self, absences: InMemoryAggregates[Absence]) -> None:
        self._absences = absences

    def of_member(self, community_id: str, member_id: str, limit: int, standing: bool) -> Sequence[Absence]:
        found = [one for one in self._all() if (one.community_id, one.member_id) == (community_id, member_id)]
        return [one for one in found if not standing or one.state is AbsenceState.STANDS][:limit]

    def waiting(self, keeper: Keeper, after: str | None, limit: int) -> Sequence[Absence]:
        return [one for one in self._all() if one.state is AbsenceState.ANSWERED and one.id > (after or "")][:limit]

    def _all(self) -> list[Absence]:
        return [one for id in self._absences.ids() if (one := self._absences.get(id)) is not None]


class Log:
    """A ``MemberReveals`` that fills a list."""

    def __init__(self, rows: list[MemberReveal]) -> None:
        self._rows = rows

    def add(self, id: str, reveals: Sequence[MemberReveal]) -> None:
        self._rows.extend(reveals)

    def about(self, *_: Any) -> Sequence[tuple[str, MemberReveal]]:
        return [("", one) for one in self._rows]
