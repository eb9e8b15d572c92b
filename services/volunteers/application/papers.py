"""What staff saw on paper of a member: insurance, a check for work with children, any other credential."""

from dataclasses import replace
from datetime import date

from contracts.actor import STAFF
from contracts.commands import Call, Outcome
from contracts.commands.members import RecordCheck
from contracts.decisions import Decided
from contracts.dispatch import CheckKind
from contracts.errors import Invalid
from contracts.words import Text
from services.volunteers.application.ports import Areas, Clock, Store
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.member import Member
from services.volunteers.domain.names import is_code, read_day
from services.volunteers.domain.statements import Check, Credential

_BAD_DAY = Text("日期要写成 2027-08-31", "a day like 2027-08-31")
_BAD_CODE = Text("证件要写代码,如 first_aid", "a paper has a code like first_aid")
_AGE_NEEDED = Text(
    "要说明是否满70岁、保险是否保到这个年龄",
    "say whether they are seventy or over, and whether the insurance covers that",
)
_MOST_CREDENTIALS = 30
_MANY = Text("证件太多了", "too many papers")


class Papers:
    """Staff of the member's area alone; of others nobody learns that there is such a member."""

    def __init__(self, members: Store[Member], areas: Areas, clock: Clock) -> None:
        self._members = members
        self._areas = areas
        self._clock = clock

    def record(self, call: Call[RecordCheck]) -> Outcome:
        """See ``RecordCheck``. Raises Invalid by field. Of oneself nobody says it."""
        command, actor, now = call.command, call.meta.actor, self._clock.now()
        until = _until(command)
        check = Check(at=now, by=actor.account_id, kind=command.kind, code=_code(command), until=until)

        def decide(member: Member | None) -> Decided[Member]:
            if member is None or member.erased or member.community_id != actor.community_id:
                raise not_found()
            if actor.member_id == member.id or not actor.has(STAFF, self._areas.path(member.home_area)):
                raise not_found()
            return Decided(_seen(member.checked(check), command, until), (), {"recorded": True})

        return self._members.apply(command.member_id, call.meta, decide)


def _until(command: RecordCheck) -> date | None:
    if command.until is None:
        return None
    day = read_day(command.until)
    if day is None:
        raise Invalid("bad-until", _BAD_DAY, "until")
    return day


def _code(command: RecordCheck) -> str | None:
    if command.kind is not CheckKind.CREDENTIAL:
        return None
    if command.code is None or not is_code(command.code):
        raise Invalid("bad-code", _BAD_CODE, "code")
    return command.code


def _seen(member: Member, command: RecordCheck, until: date | None) -> Member:
    """The member as the paper says; without a last day, and not endless, it holds no more."""
    if command.kind is CheckKind.VETTED:
        return replace(member, vetted_until=until)
    if command.kind is CheckKind.CREDENTIAL:
        rest = tuple(one for one in member.credentials if one.code != command.code)
        if until is None and not command.endless:
            return replace(member, credentials=rest)
        if len(rest) >= _MOST_CREDENTIALS:
            raise Invalid("too-many", _MANY, "code")
        return replace(member, credentials=(*rest, Credential(command.code or "", until)))
    if until is None:
        return replace(member, insured_until=None, insures_70=False)
    if command.seventy is None or command.covers_70 is None:
        raise Invalid("age-needed", _AGE_NEEDED, "seventy" if command.seventy is None else "covers_70")
    return replace(member, insured_until=until, insures_70=command.covers_70, seventy=command.seventy)
