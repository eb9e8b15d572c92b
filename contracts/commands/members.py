"""Commands to volunteers about members themselves: what is held of them, a guardian's consent, leaving."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.availability import DaysOff, ExtraTime, WeekTime
from contracts.commands.volunteers import VolunteerCommand
from contracts.dispatch import ApartReason, CheckKind
from contracts.events.masters import Point
from contracts.words import Ability, Given


@dataclass(frozen=True, kw_only=True)
class ReadProfile(VolunteerCommand):
    """All that is held of the acting member, opened for themselves: no reveal, since nobody else sees it.

    Result: ``{"member_id", "external_no", "name", "phone", "display_name", "employment", "adult", "serving",
    "on_duty", "capacity", "home_area", "start": {"lon", "lat"} | None, "skills": [{"code", "level", "valid_until"}],
    "languages", "abilities", "teams", "roles", "vetted_until", "party": {"declared": bool | None, "shown": bool},
    "weekly": [{"day", "start", "end"}], "days_off": [{"first", "last"}], "extra_times": [{"day", "start", "end"}],
    "not_before", "week_capacity", "coverage", "radius", "insurance": {"until", "covers_70", "seventy"}, "credentials":
    [{"code", "valid_until"}], "checks": [{"at", "by", "kind", "code", "until"}],
    "guardian": None | {"name", "phone", "agreed_on", "how", "text_version", "with_adult"}, "consents": [{"at", "given",
    "how", "text_version"}], "revision"}``; days as 2026-11-22.
    """

    METHOD: ClassVar[str] = "read_profile"


@dataclass(frozen=True, kw_only=True)
class CountOnDuty(VolunteerCommand):
    """How many members are on duty now in each grid of an area, for staff there; nobody is named.

    Result: ``{"area_id", "at", "grids": [{"area_id", "on_duty"}]}``: by the grid in which they are at home, None where
    fewer than three are (or nobody is). There is no sum; whose home is known no finer than above the grids is in none.
    """

    METHOD: ClassVar[str] = "count_on_duty"
    area_id: str


@dataclass(frozen=True, kw_only=True)
class ChangeProfile(VolunteerCommand):
    """The acting member changes what is theirs to say; what is None stays as it is.

    ``revision`` is that of the profile they saw: Conflict ``changed-meanwhile`` where it is another by now. ``forget``
    names what is to be no longer held: ``phone``, ``party``, ``start`` (and with it ``radius``), ``radius``,
    ``week_capacity``. ``start`` is kept to about 100 m. ``party``: is the member in the Party; ``show_party``: whether
    a badge says so. ``weekly``, ``days_off``, ``extra_times`` by the community's clock; ``week_capacity``: orders from
    Monday to Sunday; ``coverage``: ids of areas they go to; ``radius``: metres from their start.
    ``show_stars``: others see their stars; ``share_hours``: a year's export of hours names them. Result:
    ``{"revision"}``, never what was said: results are remembered in the clear.
    """

    METHOD: ClassVar[str] = "change_profile"
    revision: str
    display_name: str | None = None
    phone: str | None = None
    languages: tuple[str, ...] | None = None
    abilities: tuple[Ability, ...] | None = None
    capacity: int | None = None
    start: Point | None = None
    party: bool | None = None
    show_party: bool | None = None
    show_stars: bool | None = None
    share_hours: bool | None = None
    weekly: tuple[WeekTime, ...] | None = None
    days_off: tuple[DaysOff, ...] | None = None
    extra_times: tuple[ExtraTime, ...] | None = None
    week_capacity: int | None = None
    coverage: tuple[str, ...] | None = None
    radius: int | None = None
    forget: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SetServing(VolunteerCommand):
    """The acting member stops serving (offers end, seats are given back), or comes back. Result: ``{"serving"}``."""

    METHOD: ClassVar[str] = "set_serving"
    serving: bool


@dataclass(frozen=True, kw_only=True)
class RecordGuardian(VolunteerCommand):
    """Staff write down that a minor's guardian agreed, and who the named adult is who goes with them.

    ``agreed_on`` is a day (2026-11-22), ``text_version`` says which text was agreed to, ``with_adult`` is a member.
    Result: ``{"agreed": true}``.
    """

    METHOD: ClassVar[str] = "record_guardian"
    member_id: str
    name: str
    phone: str | None = None
    agreed_on: str
    how: Given
    text_version: str
    with_adult: str


@dataclass(frozen=True, kw_only=True)
class WithdrawGuardian(VolunteerCommand):
    """The guardian takes their consent back, as staff were told: the minor's seats are free. Result: ``{"agreed"}``."""

    METHOD: ClassVar[str] = "withdraw_guardian"
    member_id: str


@dataclass(frozen=True, kw_only=True)
class ReadBadge(VolunteerCommand):
    """What does the member wish to be seen? Result: ``{"badge": "party" | None, "stars"}``; never why there is none."""

    METHOD: ClassVar[str] = "read_badge"
    member_id: str


@dataclass(frozen=True, kw_only=True)
class RecordCheck(VolunteerCommand):
    """Staff of a member's area saw a paper of theirs: who and when is kept with it.

    ``until`` is its last day (2027-08-31); None: it holds no more. A credential without an end has ``endless``.
    ``code`` names a credential. An insurance says with it whether the member is ``seventy`` or over, and whether it
    ``covers_70``: no birthday is kept, and the answer is as old as the policy at most. Result: ``{"recorded": true}``.
    """

    METHOD: ClassVar[str] = "record_check"
    member_id: str
    kind: CheckKind
    until: str | None = None
    endless: bool = False
    code: str | None = None
    seventy: bool | None = None
    covers_70: bool | None = None


@dataclass(frozen=True, kw_only=True)
class KeepApart(VolunteerCommand):
    """A member shall not be sent to whom the order ``ticket_id`` was for, from now on.

    The member says it of an order that they had or were asked for; whoever ordered, the person served and delegates
    who may ``confirm``, of a member who had a seat of it;
    staff of the order's area of any member, by ``reason`` (None: asked). Said twice it is once. Nobody else ever
    learns of it, the other side least of all; what is under way goes on. Result: ``{"id"}``.
    """

    METHOD: ClassVar[str] = "keep_apart"
    ticket_id: str
    member_id: str
    reason: ApartReason | None = None


@dataclass(frozen=True, kw_only=True)
class EndApart(VolunteerCommand):
    """Whoever said it takes it back; staff take back what staff said. Result: ``{"ended"}``."""

    METHOD: ClassVar[str] = "end_apart"
    apart_id: str


@dataclass(frozen=True, kw_only=True)
class ReadApart(VolunteerCommand):
    """What the actor said themselves, as a member and as a person served; with ``member_id``: what staff of the
    member's area said of them. Result: ``{"apart": [{"id", "member_id", "display_name", "said_by", "ticket_id",
    "number", "at", "reason"}]}``.
    """

    METHOD: ClassVar[str] = "read_apart"
    member_id: str | None = None
