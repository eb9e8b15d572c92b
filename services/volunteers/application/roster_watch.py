"""What happens when a deadline of a roster passes: the shifts to come are looked at, and those that began."""

from datetime import timedelta

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided, Due
from services.volunteers.application.ports import Clock, Store
from services.volunteers.application.rosters import RosterReads
from services.volunteers.domain.member import Member
from services.volunteers.domain.roster import Roster, fire


class RosterWatch:
    """Fires the deadlines of rosters; twice, late or after they were cleared does no harm."""

    def __init__(self, rosters: Store[Roster], members: Store[Member], reads: RosterReads, clock: Clock) -> None:
        self._rosters = rosters
        self._members = members
        self._reads = reads
        self._clock = clock

    def fire(self, roster_id: str, due: Due) -> None:
        """One guarded command, whose id is the deadline's: its key never comes back in a roster's life."""
        roster = self._rosters.get(roster_id)
        if roster is None:
            return
        command_id = f"due:rosters:{roster_id}:{due.key}"
        meta = Meta(
            actor=system_actor(roster.community_id),
            command_id=command_id,
            correlation_id=command_id,
            causation_id=command_id,
        )
        now = self._clock.now()
        next_day = any(
            shift.stands
            for one in self._reads.of([roster.area], [roster.day + timedelta(days=1)])
            for shift in one.shifts
        )

        def decide(found: Roster | None) -> Decided[Roster] | None:
            return None if found is None else fire(found, due.key, now, self._away(found), next_day)

        self._rosters.apply(roster_id, meta, decide)

    def _away(self, roster: Roster) -> frozenset[str]:
        """Who of those named is off duty, or serves no more: why is nobody's business."""
        named = {one.member_id for one in roster.shifts if one.stands and one.member_id is not None}
        return frozenset(id for id in named if not _serves(self._members.get(id)))


def _serves(member: Member | None) -> bool:
    return member is not None and member.serving and member.on_duty and not member.resting
