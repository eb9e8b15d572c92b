"""A year of a ledger as a table for staff: who agreed to it is named, all others are one sum."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.actor import STAFF
from contracts.commands import Call, Outcome
from contracts.commands.hours import ReadHoursYear
from contracts.hours import Ledger
from services.volunteers.application.hours_ports import Keeper, keeper_of
from services.volunteers.application.organisers import Organisers
from services.volunteers.application.ports import Store
from services.volunteers.application.recording import WorkingDays
from services.volunteers.domain.community import CommunityTime
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.team import Team

MOST = 1_000


@dataclass(frozen=True)
class Named:
    """A member as the table names them."""

    external_no: str
    display_name: str
    employment: str


class YearBook(Protocol):
    """A year of a ledger, as far as a keeper may see it; only what has a time."""

    def named(self, community_id: str, ledger: Ledger) -> Mapping[str, Named]:
        """Who may be named: whoever agreed; of workload paid staff too, for it is their employment that it records."""

    def page(
        self, keeper: Keeper, ledger: Ledger, year: int, members: Collection[str], mark: str | None, limit: int
    ) -> Sequence[tuple[str, Entry]]:
        """Entries of *members*, by member, each with its mark."""

    def others(self, keeper: Keeper, ledger: Ledger, year: int, members: Collection[str]) -> tuple[int, int]:
        """Of everybody else, erased ones too: how many entries, how many minutes."""


class Years:
    """``read_hours_year``."""

    def __init__(self, book: YearBook, teams: Store[Team], days: WorkingDays) -> None:
        self._book = book
        self._teams = teams
        self._days = days

    def read(self, call: Call[ReadHoursYear]) -> Outcome:
        """See ``ReadHoursYear``."""
        command, actor = call.command, call.meta.actor
        if not actor.has(STAFF):
            raise not_found()
        keeper, limit = keeper_of(actor, command.area), max(1, min(command.limit, MOST))
        named, community = self._book.named(actor.community_id, command.ledger), self._days.of(actor.community_id)
        found = self._book.page(keeper, command.ledger, command.year, named, command.cursor, limit + 1)
        last = len(found) <= limit
        count, minutes = self._book.others(keeper, command.ledger, command.year, named) if last else (0, 0)
        shown = [entry for _, entry in found[:limit]]
        organisers = Organisers(self._teams, community.name.zh, shown)
        return Outcome(
            {
                "unit": community.name.zh,
                "rows": [_row(entry, named[entry.member_id], community, organisers.of(entry)) for entry in shown],
                "next": None if last else found[limit - 1][0],
                "unnamed": {"count": count, "minutes": minutes},
            }
        )


def _row(entry: Entry, who: Named, community: CommunityTime, organiser: str) -> Mapping[str, Any]:
    local = [(span.began.astimezone(community.zone), span.ended.astimezone(community.zone)) for span in entry.spans]
    return {
        "external_no": who.external_no,
        "display_name": who.display_name,
        "employment": who.employment,
        "item": entry.item_name.zh if entry.item_name else None,
        "number": entry.number,
        "day": local[0][0].date().isoformat(),
        "times": "、".join(f"{began:%H:%M}-{ended:%H:%M}" for began, ended in local),
        "area": entry.area_path[-1] if entry.area_path else None,
        "organiser": organiser,
        "minutes": entry.minutes,
        "grade": entry.grade,
        "state": entry.state.value,
    }
