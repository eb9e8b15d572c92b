"""A team: a lead, a deputy and a roster."""

from dataclasses import dataclass

from contracts.events.masters import TeamSnapshot
from contracts.words import Text


@dataclass(frozen=True, kw_only=True)
class Team:
    """People who serve together; ``lead``, ``deputy`` and ``member_ids`` are members' ids."""

    id: str
    community_id: str
    name: Text
    kind: str
    area: str
    lead: str | None = None
    deputy: str | None = None
    member_ids: tuple[str, ...] = ()

    def snapshot(self) -> TeamSnapshot:
        """What others may know: all of it."""
        return TeamSnapshot(
            id=self.id,
            community_id=self.community_id,
            name=self.name,
            kind=self.kind,
            lead=self.lead,
            deputy=self.deputy,
            area=self.area,
            member_ids=self.member_ids,
        )
