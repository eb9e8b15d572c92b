"""Commands to volunteers about members themselves: what is held of them, a guardian's consent, leaving."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.volunteers import VolunteerCommand
from contracts.events.masters import Point
from contracts.words import Ability, Given


@dataclass(frozen=True, kw_only=True)
class ReadProfile(VolunteerCommand):
    """All that is held of the acting member, opened for themselves: no reveal, since nobody else sees it.

    Result: ``{"member_id", "external_no", "name", "phone", "display_name", "employment", "adult", "serving",
    "on_duty", "capacity", "home_area", "start": {"lon", "lat"} | None, "skills": [{"code", "level", "valid_until"}],
    "languages", "abilities", "teams", "roles", "vetted_until", "party": {"declared": bool | None, "shown": bool},
    "guardian": None | {"name", "phone", "agreed_on", "how", "text_version", "with_adult"}, "consents": [{"at", "given",
    "how", "text_version"}], "revision"}``; days as 2026-11-22.
    """

    METHOD: ClassVar[str] = "read_profile"


@dataclass(frozen=True, kw_only=True)
class ChangeProfile(VolunteerCommand):
    """The acting member changes what is theirs to say; what is None stays as it is.

    ``revision`` is that of the profile they saw: Conflict ``changed-meanwhile`` where it is another by now. ``forget``
    names what is to be no longer held: ``phone``, ``party``, ``start``. ``start`` is kept to about 100 m. ``party``: is
    the member in the Party; ``show_party``: whether a badge says so. Result: ``{"revision"}``, never what was said:
    results are remembered in the clear.
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
    """Does the member wish a badge to be seen? Result: ``{"badge": "party" | None}``; never why there is none."""

    METHOD: ClassVar[str] = "read_badge"
    member_id: str
