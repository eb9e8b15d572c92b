"""Finished work becomes an entry of the ledgers: one for each assignment, whatever is delivered twice or out of order.

It runs after the write that ended somebody's part, on the delivery of the same event, so that a crash between the two
only brings the event again; an entry counts each check-in once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided, Due
from contracts.events.hours import HoursWanted
from contracts.words import NOBODY, DemandStatus, Employment, Text
from services.volunteers.application.ports import Clock, Communities, Store
from services.volunteers.domain.community import CommunityTime
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.hours_entry import Entry, Limits
from services.volunteers.domain.hours_ledger import Who, is_over, opened, passed, recorded, spans_of
from services.volunteers.domain.member import Member
from services.volunteers.domain.take import Take

_NOT_KNOWN_YET = CommunityTime(
    id="", name=Text("", ""), prefix="", time_zone="Asia/Shanghai", shifts=("09:00-12:00", "14:00-18:00")
)
WARN_DAYS, LIMIT_DAYS = 7, 10
"""Working days after the end of the work: staff are warned; it has to be on record (民政部令第67号 art. 11)."""


class WorkingDays:
    """Periods in the working calendars of the communities."""

    def __init__(self, communities: Communities) -> None:
        self._communities = communities

    def of(self, community_id: str) -> CommunityTime:
        """The community's own time; where it is not known (yet), weekdays by Beijing time."""
        return self._communities.get(community_id) or replace(_NOT_KNOWN_YET, id=community_id)

    def limits(self, community_id: str, over_at: datetime) -> Limits:
        """Of work that ended at *over_at*."""
        hours = self.of(community_id).hours()
        return Limits(warn_at=hours.end_of_day(over_at, WARN_DAYS), by=hours.end_of_day(over_at, LIMIT_DAYS))

    def limit(self, community_id: str, moment: datetime) -> datetime:
        """When ten working days after *moment* are over."""
        return self.of(community_id).hours().end_of_day(moment, LIMIT_DAYS)


class Recording:
    """Keeps the ledgers in line with the seats, and their time limits."""

    def __init__(
        self, entries: Store[Entry], members: Store[Member], days: WorkingDays, clock: Clock, longest_minutes: float
    ) -> None:
        """*longest_minutes*: so much is believed of somebody who did not check out."""
        self._entries = entries
        self._members = members
        self._days = days
        self._clock = clock
        self._longest = timedelta(minutes=longest_minutes)

    def keep(self, demand: Demand, at: datetime, cause: Meta) -> None:
        """Every seat of *demand* whose part is over is on record; *at* is when that was told."""
        for take in demand.takes:
            if is_over(take) and (take.visits or _unseen(demand, take)):
                self._keep(demand, take, at, cause)

    def fire(self, entry_id: str, due: Due) -> None:
        """A deadline of an entry: once, whoever fires it."""
        entry = self._entries.get(entry_id)
        if entry is None:
            return
        key = f"due:hours:{entry_id}:{due.key}"
        meta = Meta(actor=system_actor(entry.community_id), command_id=key, correlation_id=key, causation_id=key)

        def decide(found: Entry | None) -> Decided[Entry] | None:
            if found is None:
                return None
            after, wanting = passed(found, due.key, self._clock.now())
            return Decided(after, (HoursWanted(what=wanting),) if wanting else ())

        self._entries.apply(entry_id, meta, decide)

    def _keep(self, demand: Demand, take: Take, at: datetime, cause: Meta) -> None:
        spans = tuple(spans_of(take, at, self._longest))
        found = self._entries.get(take.id)
        if found is not None and {span.began for span in spans} <= set(found.known):
            return
        over_at = max((span.ended for span in spans), default=take.left_at or take.released_at or at)
        community, now = demand.community_id, self._clock.now()
        limits, confirm_at = self._days.limits(community, over_at), self._days.limit(community, now)
        who, zone = self._who(take.member_id), self._days.of(community).time_zone

        def decide(entry: Entry | None) -> Decided[Entry]:
            start = entry or opened(demand, take, who, over_at, limits, zone)
            return Decided(recorded(start, spans, now, confirm_at))

        meta = replace(
            cause,
            actor=system_actor(demand.community_id),
            command_id=f"{cause.command_id}:hours:{take.id}",
            body_hash="",
        )
        self._entries.apply(take.id, meta, decide)

    def _who(self, member_id: str) -> Who:
        member = self._members.get(member_id)
        if member is None:
            return Who(id=NOBODY, employment=Employment.DUTY)
        return Who(id=NOBODY if member.erased else member.id, employment=member.employment)


def _unseen(demand: Demand, take: Take) -> bool:
    """Was the work done, and nobody checked in?"""
    return take.released is None and demand.status is DemandStatus.FINISHED
