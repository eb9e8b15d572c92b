"""Record sheets, each of one ledger: printed by whoever served, free, or by staff with a reason; checked by anybody."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from contracts.actor import Actor
from contracts.commands import Call, Outcome
from contracts.commands.hours import CheckSheet, IssueSheet, ReadSheet
from contracts.errors import Conflict, NotFound, Refused
from contracts.hours import Ledger
from contracts.recusal import is_recused
from contracts.words import Text
from services.volunteers.application.hours import HoursReads
from services.volunteers.application.hours_ports import HoursWords
from services.volunteers.application.organisers import Organisers
from services.volunteers.application.ports import Clock, Store
from services.volunteers.application.recording import WorkingDays
from services.volunteers.application.reveals import Contacts, MemberReveal, MemberReveals
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.hours_entry import Entry
from services.volunteers.domain.hours_sheet import Sheet, days_of, moments, number_of
from services.volunteers.domain.member import Member
from services.volunteers.domain.team import Team

MOST_ROWS = 1_000
SHEET = "sheet"
LONGEST_REASON = 200


class SheetStore(Protocol):
    """The sheets that were printed, and what verifies them."""

    def add(self, sheet: Sheet) -> Sheet:
        """Keep it; the one that is there already where its id is known."""

    def get(self, id: str) -> Sheet | None:
        """By its id."""

    def by_number(self, number: str) -> Sheet | None:
        """By what people call it."""

    def code(self, sheet_id: str) -> str:
        """Its verification code: keyed, always the same, not to be guessed."""

    def entries(
        self, ledger: Ledger, community_id: str, member_id: str, between: tuple[datetime, datetime], most: int
    ) -> Sequence[Entry]:
        """What a ledger has of a member with a time, that began in [start, end), oldest first."""


class Sheets:
    """``issue_sheet``, ``read_sheet``, ``check_sheet``."""

    def __init__(
        self,
        *,
        sheets: SheetStore,
        reads: HoursReads,
        members: Store[Member],
        teams: Store[Team],
        contacts: Contacts,
        words: HoursWords,
        log: MemberReveals,
        days: WorkingDays,
        clock: Clock,
    ) -> None:
        self._sheets = sheets
        self._reads = reads
        self._members = members
        self._teams = teams
        self._contacts = contacts
        self._words = words
        self._log = log
        self._days = days
        self._clock = clock

    def issue(self, call: Call[IssueSheet]) -> Outcome:
        """See ``IssueSheet``."""
        command, meta, now = call.command, call.meta, self._clock.now()
        start, end = days_of(command.start, command.end)
        member = self._reads.member(command.member_id or meta.actor.member_id, meta.actor)
        if member.id != meta.actor.member_id:
            self._note(call, member)
        community, id = self._days.of(member.community_id), meta.created_id or meta.command_id
        between = moments(start, end, community.zone)
        found = self._entries(command.ledger, member.community_id, member.id, between)
        entries = [entry for entry in found if _may_know(meta.actor, member, entry)]
        sheet = self._sheets.add(
            Sheet(
                id=id,
                community_id=member.community_id,
                member_id=member.id,
                ledger=command.ledger,
                number=number_of(community.prefix, community.local_day(now), id, command.ledger),
                start=start,
                end=end,
                minutes=sum(entry.minutes for entry in entries),
                count=len(entries),
                issued_at=now,
                issued_by=meta.actor.account_id,
                without=tuple(entry.id for entry in found if entry not in entries),
            )
        )
        return Outcome(self._told(sheet, member, entries))

    def read(self, call: Call[ReadSheet]) -> Outcome:
        """See ``ReadSheet``."""
        sheet, actor = self._sheets.get(call.command.sheet_id), call.meta.actor
        if sheet is None or not actor.member_id or sheet.member_id != actor.member_id:
            raise not_found()
        entries = self._now(sheet)
        if sheet.is_outdated(entries):
            sentence = Text("这期间的时长变了,请重新打印", "the hours of these days have changed: print a new one")
            raise Conflict("sheet-outdated", sentence)
        return Outcome(self._told(sheet, self._reads.member(sheet.member_id, actor), entries))

    def check(self, call: Call[CheckSheet]) -> Outcome:
        """See ``CheckSheet``: a wrong code is answered as a number that is not there."""
        sheet = self._sheets.by_number(call.command.number.strip().upper())
        told = call.command.code.strip().upper().replace(" ", "").replace("-", "").encode()
        if sheet is None or not hmac.compare_digest(self._sheets.code(sheet.id).replace("-", "").encode(), told):
            raise NotFound("no-such-sheet", Text("编号或核验码不对", "number or code do not fit"))
        member = self._members.get(sheet.member_id) if sheet.member_id else None
        if member is None or member.erased:
            return Outcome({"kept": False, **dict.fromkeys(_SHOWN)})
        shown = {
            "ledger": sheet.ledger.value,
            "start": sheet.start.isoformat(),
            "end": sheet.end.isoformat(),
            "issued_on": self._days.of(sheet.community_id).local_day(sheet.issued_at).isoformat(),
            "minutes": sheet.minutes,
            "display_name": member.display_name,
            "changed_since": sheet.is_outdated(self._now(sheet)),
        }
        return Outcome({"kept": True, **shown})

    def _now(self, sheet: Sheet) -> Sequence[Entry]:
        zone = self._days.of(sheet.community_id).zone
        between = moments(sheet.start, sheet.end, zone)
        found = self._entries(sheet.ledger, sheet.community_id, sheet.member_id, between)
        return [entry for entry in found if entry.id not in sheet.without]

    def _entries(
        self, ledger: Ledger, community_id: str, member_id: str, between: tuple[datetime, datetime]
    ) -> Sequence[Entry]:
        found = self._sheets.entries(ledger, community_id, member_id, between, MOST_ROWS + 1)
        if len(found) > MOST_ROWS:
            sentence = Text(f"超过 {MOST_ROWS} 次,请分段打印", f"more than {MOST_ROWS} rows: print it in parts")
            raise Refused("too-many-rows", sentence, field="end")
        return found

    def _told(self, sheet: Sheet, member: Member, entries: Sequence[Entry]) -> Mapping[str, Any]:
        community = self._days.of(sheet.community_id)
        organisers = Organisers(self._teams, community.name.zh, entries)
        return {
            "id": sheet.id,
            "ledger": sheet.ledger.value,
            "number": sheet.number,
            "code": self._sheets.code(sheet.id),
            "name": self._contacts.details(member.id)["name"],
            "display_name": member.display_name,
            "external_no": member.external_no,
            "unit": community.name.zh,
            "start": sheet.start.isoformat(),
            "end": sheet.end.isoformat(),
            "issued_on": community.local_day(sheet.issued_at).isoformat(),
            "minutes": sheet.minutes,
            "rows": [{**self._row(entry, community.zone), "organiser": organisers.of(entry)} for entry in entries],
        }

    def _row(self, entry: Entry, zone: ZoneInfo) -> Mapping[str, Any]:
        local = [(span.began.astimezone(zone), span.ended.astimezone(zone)) for span in entry.spans]
        content = entry.item_name.zh if entry.item_name else self._words.open(entry.id, "content", entry.content)
        return {
            "day": local[0][0].date().isoformat(),
            "times": "、".join(f"{began:%H:%M}-{ended:%H:%M}" for began, ended in local),
            "content": content or "",
            "order": entry.number,
            "area": entry.area_path[-1] if entry.area_path else None,
            "minutes": entry.minutes,
            "grade": entry.grade,
        }

    def _note(self, call: Call[IssueSheet], member: Member) -> None:
        reason = (call.command.reason or "").strip()[:LONGEST_REASON]
        if not reason:
            raise Refused("reason-needed", Text("请写明打印的原因", "say why you print it"), field="reason")
        reveal = MemberReveal(
            community_id=member.community_id,
            member_id=member.id,
            at=self._clock.now(),
            account_id=call.meta.actor.account_id,
            reason=reason,
            part=SHEET,
        )
        self._log.add(f"{call.meta.created_id or call.meta.command_id}.{call.meta.body_hash}", [reveal])


def _may_know(actor: Actor, member: Member, entry: Entry) -> bool:
    """Staff learn nothing of a complaint about themselves, not even from whoever saw to it."""
    return member.id == actor.member_id or not is_recused(entry.recused, None, actor)


_SHOWN = ("ledger", "start", "end", "issued_on", "minutes", "display_name", "changed_since")
