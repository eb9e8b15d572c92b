"""A member: what they can do, how much they take on, and which seats they hold."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Self

from contracts.actor import Role
from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.events.masters import MemberSnapshot, Point
from contracts.words import Ability, Employment, Given
from services.volunteers.domain.availability import Availability
from services.volunteers.domain.rest import Rest, kept
from services.volunteers.domain.statements import MOST_APART, MOST_CHECKS, Apart, Check, Credential

SERVED_KEPT = 60
"""Seats of which it is remembered when they were taken: for how much somebody did lately, not for a record."""

OF_MEMBER_FOR_KINDS = (
    "employment",
    "adult",
    "skills",
    "languages",
    "abilities",
    "vetted_until",
    "not_before",
    "week_capacity",
    "insured_until",
    "insures_70",
    "seventy",
    "credentials",
)
"""What gates and costs that look at a kind of need (``Looks.KIND``) may read of a member."""

FOR_KINDS: Callable[["Member"], tuple[object, ...]] = attrgetter(*OF_MEMBER_FOR_KINDS)


@dataclass(frozen=True)
class HeldSkill:
    """A skill with its level (1 to 3); ``valid_until`` is the last day of its certificate, None without end."""

    code: str
    level: int
    valid_until: date | None = None


@dataclass(frozen=True)
class Sealed:
    """What only the vault may show, encrypted; ``phone_index`` finds a number again without showing it.

    ``party`` is what the member said of being in the Party and of showing it; the matcher never even reads it.
    ``name`` is None of a member whose list said none, or whose key went.
    """

    name: bytes | None = None
    phone: bytes | None = None
    phone_index: str | None = None
    party: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Guardian:
    """Who answers for a minor, encrypted, and what they agreed to when."""

    name: bytes
    phone: bytes | None = None
    agreed_on: date
    how: Given
    text_version: str


@dataclass(frozen=True, kw_only=True)
class ConsentLine:
    """One line of a minor's ledger of guardians' words; nothing is ever taken out of it, and nobody is named in it."""

    at: datetime
    given: bool
    by: str
    """The account of staff who wrote it down, or the import's."""
    how: Given | None = None
    text_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """One person who serves. ``holding`` is the set of assignments that use up capacity: no counter that drifts.

    ``charge_area`` is where their roles as staff hold, a grid or wider; None: in the whole community.
    ``start`` is where they set out from, chosen by themselves (WGS-84, to about 100 m); it never leaves this service.
    ``home_area`` is published: it is a grid, or wider (both: ``domain.places``).

    ``abilities`` is their own word on what they can do. ``vetted_until``: the last day on which a check for work with
    children counts. A minor has ``guardian`` and ``with_adult``, the member who goes with them. ``serving`` is false
    for whoever left, ``erased`` for whoever had themselves forgotten.

    Their own word, each of it theirs to change at once: ``weekly``, ``days_off`` and ``extra_times`` by the clock of
    the community; ``not_before``: nobody asks them until then, and they are back by themselves; ``week_capacity``: so
    many orders of one week (Monday to Sunday) they want to be asked for; ``coverage`` are areas that they go to,
    ``radius`` is how far from their start, in metres. ``show_stars``: others see how many stars they have;
    ``share_hours``: their hours may leave the community under the name they show. Without a word: neither.

    What staff saw on paper: ``insured_until`` is the last day of their accident insurance, ``insures_70`` says that it
    covers somebody of seventy or more, ``seventy`` that they are (said anew with each insurance; no birthday is kept),
    ``credentials`` all other papers; ``checks`` who saw what when. ``apart``: whom they are not sent to.
    """

    id: str
    community_id: str
    external_no: str
    display_name: str
    employment: Employment
    adult: bool = True
    home_area: str = ""
    charge_area: str | None = None
    start: Point | None = None
    skills: tuple[HeldSkill, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: int = 1
    on_duty: bool = True
    team_ids: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    sealed: Sealed | None = None
    abilities: tuple[Ability, ...] = ()
    vetted_until: date | None = None
    guardian: Guardian | None = None
    with_adult: str | None = None
    consents: tuple[ConsentLine, ...] = ()
    serving: bool = True
    erased: bool = False
    own: tuple[str, ...] = ()
    """What the member said themselves: no list of the community's overwrites it."""
    rests: tuple[Rest, ...] = ()
    was_on_duty: bool = False
    """Before they were said to have died; it comes back when that was a mistake."""
    served: tuple[datetime, ...] = ()
    """When seats were taken, newest last: no more than ``SERVED_KEPT``, and whatever became of them."""
    weekly: tuple[WeekTime, ...] = ()
    days_off: tuple[DaysOff, ...] = ()
    extra_times: tuple[ExtraTime, ...] = ()
    not_before: datetime | None = None
    week_capacity: int | None = None
    coverage: tuple[str, ...] = ()
    radius: int | None = None
    show_stars: bool = False
    share_hours: bool = False
    insured_until: date | None = None
    insures_70: bool = False
    seventy: bool = False
    credentials: tuple[Credential, ...] = ()
    checks: tuple[Check, ...] = ()
    apart: tuple[Apart, ...] = ()

    @property
    def may_serve(self) -> bool:
        """Grown up, or with a guardian's word and an adult who goes with them."""
        return self.adult or (self.agreed and self.with_adult is not None)

    @property
    def agreed(self) -> bool:
        """Does a guardian's word stand? Always the last line of the ledger."""
        return bool(self.consents) and self.consents[-1].given

    @property
    def resting(self) -> bool:
        """Did they die?"""
        return any(one.dead for one in self.rests)

    @property
    def room(self) -> int:
        """How many more seats they can hold now."""
        return self.capacity - len(self.holding)

    @property
    def availability(self) -> Availability:
        """When they have time."""
        return Availability(self.weekly, self.days_off, self.extra_times)

    def hold(self, assignment_id: str, taken_at: datetime | None = None) -> Self:
        """They take a seat; twice is once. Whoever gets back a seat of theirs (rework) takes none: no *taken_at*."""
        if assignment_id in self.holding:
            return self
        served = self.served if taken_at is None else (*self.served, taken_at)[-SERVED_KEPT:]
        return replace(self, holding=(*self.holding, assignment_id), served=served)

    def free(self, assignment_id: str) -> Self:
        """A seat is theirs no more; twice is once."""
        return replace(self, holding=tuple(held for held in self.holding if held != assignment_id))

    def agree(self, guardian: Guardian, with_adult: str | None, at: datetime, by: str) -> Self:
        """A guardian says yes; the ledger gets a line."""
        line = ConsentLine(at=at, given=True, by=by, how=guardian.how, text_version=guardian.text_version)
        return replace(self, guardian=guardian, with_adult=with_adult, consents=(*self.consents, line))

    def disagree(self, at: datetime, by: str) -> Self:
        """A guardian takes their word back; twice is once. Who they are is no longer needed."""
        if not self.agreed:
            return self
        return replace(self, guardian=None, consents=(*self.consents, ConsentLine(at=at, given=False, by=by)))

    def checked(self, check: Check) -> Self:
        """Staff saw a paper, or that it holds no more; what else that changes is the caller's to say."""
        return replace(self, checks=(*self.checks, check)[-MOST_CHECKS:])

    def kept_from(self, apart: Apart) -> Self:
        """They are not sent there any more; said twice by the same is once. The oldest go where there are too many."""
        if any(one.is_like(apart) for one in self.apart):
            return self
        return replace(self, apart=(*self.apart, apart)[-MOST_APART:])

    def told(self, news: Rest) -> Self:
        """Off duty from a death on, on duty as before when it was a mistake; older news changes nothing."""
        after = replace(self, rests=kept(self.rests, news))
        if after.resting == self.resting:
            return after
        if after.resting:
            return replace(after, on_duty=False, was_on_duty=self.on_duty)
        return replace(after, on_duty=self.was_on_duty and self.serving, was_on_duty=False)

    def snapshot(self) -> MemberSnapshot:
        """What others may know. Whoever stopped serving can still order."""
        return MemberSnapshot(
            id=self.id,
            community_id=self.community_id,
            external_no=self.external_no,
            display_name=self.display_name,
            employment=self.employment,
            skills=tuple(skill.code for skill in self.skills),
            languages=self.languages,
            roles=self.roles if self.serving else (Role.RESIDENT.value,),
            team_ids=self.team_ids,
            home_area=self.home_area,
            capacity=self.capacity,
            on_duty=self.on_duty,
            charge_area=self.charge_area,
            not_before=self.not_before,
        )


def member_id_of(community_id: str, external_no: str) -> str:
    """The id of whom a community lists under *external_no*: the same in every import (26 letters and digits)."""
    digest = hashlib.sha256(f"member/{community_id}/{external_no}".encode()).digest()
    return base64.b32encode(digest[:16]).decode().rstrip("=").lower()
