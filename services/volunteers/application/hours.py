"""Reading the two ledgers: whoever served their own, staff those of their area; nobody is ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.hours import ReadHours, ReadWaitingHours
from contracts.hours import Ledger
from contracts.moments import time_text
from contracts.recusal import is_recused
from services.volunteers.application.hours_ports import Entries, HoursWords, keeper_of
from services.volunteers.application.ports import Areas, Store
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.hours_entry import Ask, Entry, Line
from services.volunteers.domain.member import Member
from services.volunteers.domain.stars import stars, to_the_next

MOST = 200


class HoursReads:
    """``read_hours``, ``read_waiting_hours``."""

    def __init__(
        self,
        entries: Entries,
        members: Store[Member],
        areas: Areas,
        words: HoursWords,
        thresholds: Sequence[float],
    ) -> None:
        """*thresholds*: at how many hours there is a star."""
        self._entries = entries
        self._members = members
        self._areas = areas
        self._words = words
        self._thresholds = thresholds

    def read(self, call: Call[ReadHours]) -> Outcome:
        """See ``ReadHours``."""
        command, actor = call.command, call.meta.actor
        member = self.member(command.member_id or actor.member_id, actor)
        limit = max(1, min(command.limit, MOST))
        found = self._entries.page(
            member.community_id, member.id, command.ledger, command.year, command.cursor, limit + 1
        )
        own = member.id == actor.member_id
        shown = [(mark, entry) for mark, entry in found[:limit] if own or not is_recused(entry.recused, None, actor)]
        return Outcome(
            {
                "entries": [self._shown(entry, own=own) for _, entry in shown],
                "next": found[limit - 1][0] if len(found) > limit else None,
                "totals": self.totals(member, command.ledger),
            }
        )

    def read_waiting(self, call: Call[ReadWaitingHours]) -> Outcome:
        """See ``ReadWaitingHours``."""
        command, actor = call.command, call.meta.actor
        limit = max(1, min(command.limit, MOST))
        found = self._entries.waiting(keeper_of(actor), command.cursor, limit + 1)
        following = found[limit - 1][0] if len(found) > limit else None
        return Outcome({"entries": [self._shown(entry, own=False) for _, entry in found[:limit]], "next": following})

    def totals(self, member: Member, ledger: Ledger) -> Mapping[str, Any]:
        """In all and by year; stars are for hours alone."""
        years = self._entries.years(member.community_id, member.id, ledger)
        minutes, hours = sum(years.values()), ledger is Ledger.HOURS
        return {
            "minutes": minutes,
            "years": [{"year": year, "minutes": one} for year, one in sorted(years.items(), reverse=True)],
            "stars": stars(minutes, self._thresholds) if hours else None,
            "next_star_minutes": to_the_next(minutes, self._thresholds) if hours else None,
        }

    def stars_of(self, member: Member) -> int | None:
        """How many stars their hours make, whoever asks."""
        return stars(sum(self._entries.years(member.community_id, member.id, Ledger.HOURS).values()), self._thresholds)

    def member(self, member_id: str | None, actor: Actor) -> Member:
        """The member, for themselves and staff of their area; raises NotFound."""
        member = self._members.get(member_id) if member_id else None
        if member is None or member.erased or member.community_id != actor.community_id:
            raise not_found()
        if actor.member_id != member.id and not actor.has(STAFF, self._areas.path(member.home_area)):
            raise not_found()
        return member

    def _shown(self, entry: Entry, *, own: bool) -> Mapping[str, Any]:
        open = self._words.open if own else _nothing
        return {
            "id": entry.id,
            "member_id": entry.member_id,
            "ledger": entry.ledger.value,
            "state": entry.state.value,
            "ticket_id": entry.demand_id,
            "number": entry.number,
            "item_name": None if entry.item_name is None else asdict(entry.item_name),
            "content": open(entry.id, "content", entry.content),
            "area_path": list(entry.area_path),
            "team_id": entry.team_id,
            "year": entry.year,
            "minutes": entry.minutes,
            "grade": entry.grade,
            "over_at": moment(entry.over_at),
            "record_by": moment(entry.limits.by),
            "spans": [_span(one) for one in entry.spans],
            "lines": [_line(one) for one in entry.lines],
            "asks": [_ask(entry, one, open) for one in entry.asks],
        }


def may_keep(actor: Actor, entry: Entry) -> bool:
    """May the actor, as staff, see to this entry? Of a complaint about themselves they learn nothing."""
    near = entry.community_id == actor.community_id and actor.has(STAFF, entry.area_path)
    return near and not is_recused(entry.recused, None, actor)


def moment(at: datetime | None) -> str | None:
    """As everywhere on the wire: UTC, to the millisecond."""
    return None if at is None else time_text(at)


def _nothing(_entry_id: str, _field: str, _blob: bytes | None) -> str | None:
    return None


def _span(span: Any) -> Mapping[str, Any]:
    return {"began": moment(span.began), "ended": moment(span.ended), "ending": span.ending.value, "grade": span.grade}


def _line(line: Line) -> Mapping[str, Any]:
    return {
        "n": line.n,
        "at": moment(line.at),
        "by": line.by,
        "cause": line.cause.value,
        "ledger": line.ledger.value,
        "minutes": line.minutes,
        "reverses": line.reverses,
    }


def _ask(entry: Entry, ask: Ask, open: Any) -> Mapping[str, Any]:
    return {
        "id": ask.id,
        "at": moment(ask.at),
        "state": ask.state.value,
        "decide_by": moment(ask.decide_by),
        "decided_at": moment(ask.decided_at),
        "decided_by": ask.decided_by,
        "asked_why": open(entry.id, f"{ask.id}/asked_why", ask.asked_why),
        "decided_why": open(entry.id, f"{ask.id}/decided_why", ask.decided_why),
    }
