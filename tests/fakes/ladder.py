"""The ports of the ladder in memory."""

from collections.abc import Sequence

from contracts.words import Text
from services.tickets.application.ladders import KnownUnit, Ladders
from services.tickets.domain.whistles import Unit


class FakeBlocks:
    """Blocks with the areas that they cover."""

    def __init__(self, **covers: tuple[str, ...]) -> None:
        self.covers = dict(covers)

    def over(self, area_path: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(block for block, areas in self.covers.items() if not set(areas).isdisjoint(area_path)))


class FakeUnits:
    """Teams that can be called, and some that cannot; ``asked`` counts how often anybody looked."""

    def __init__(self) -> None:
        self.rows: dict[str, KnownUnit] = {}
        self.asked = 0

    def add(self, team: str, *leads: str, contracted: bool = True) -> Unit:
        unit = Unit(team, Text(f"{team}公司", team), leads)
        self.rows[team] = KnownUnit(unit, contracted)
        return unit

    def units(self, community_id: str, team_ids: Sequence[str]) -> Sequence[KnownUnit]:
        self.asked += 1
        return [self.rows[team] for team in team_ids if team in self.rows]


def no_ladders() -> Ladders:
    """Where no block and no team matters."""
    return Ladders(FakeBlocks(), FakeUnits(), lambda event, **_: None)
