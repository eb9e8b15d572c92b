"""Who organised what somebody did 活动组织单位 (民政部令第67号 art. 7)."""

from collections.abc import Sequence

from services.volunteers.application.ports import Store
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.team import Team


class Organisers:
    """Of some entries of one community: the team that somebody went with, else *unit*, which keeps the record."""

    def __init__(self, teams: Store[Team], unit: str, entries: Sequence[Entry]) -> None:
        found = {id: teams.get(id) for id in {entry.team_id for entry in entries if entry.team_id}}
        self._names = {id: team.name.zh for id, team in found.items() if team is not None}
        self._unit = unit

    def of(self, entry: Entry) -> str:
        """By its Chinese name; a team that is no more is not remembered."""
        return self._names.get(entry.team_id or "", self._unit)
