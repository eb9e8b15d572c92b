"""The rosters of somebody who serves no more: one guarded write for each, keyed by what ended their service."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from services.volunteers.application.ports import Clock, Store
from services.volunteers.domain.roster import Roster
from services.volunteers.domain.vacating import vacated


class RostersNaming(Protocol):
    """Where somebody is on a roster."""

    def naming(self, community_id: str, member_id: str, since: date) -> Sequence[str]:
        """The ids of the rosters from that day on in which they have a shift, or stand in for one."""


class Vacating:
    """Safe to repeat: whoever stops in the middle goes on."""

    def __init__(self, rosters: Store[Roster], naming: RostersNaming, clock: Clock) -> None:
        self._rosters = rosters
        self._naming = naming
        self._clock = clock

    def __call__(self, community_id: str, member_id: str, cause: Meta) -> int:
        """Take them out of every shift that is not over, of which the oldest began a day ago; in how many rosters."""
        since = self._clock.now().date() - timedelta(days=2)
        found = self._naming.naming(community_id, member_id, since)
        for roster_id in found:
            self._vacate(roster_id, member_id, cause)
        return len(found)

    def _vacate(self, roster_id: str, member_id: str, cause: Meta) -> None:
        command_id = f"{cause.command_id}:shifts:{roster_id}"
        meta = replace(cause, actor=system_actor(cause.actor.community_id), command_id=command_id, body_hash="")

        def decide(roster: Roster | None) -> Decided[Roster] | None:
            return None if roster is None else vacated(roster, member_id, self._clock.now())

        self._rosters.apply(roster_id, meta, decide)
