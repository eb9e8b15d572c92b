"""What is held of a member: theirs to see whole, and to change where it is theirs to say."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.members import ChangeProfile, ReadBadge, ReadProfile
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid
from contracts.events.masters import MemberPublished
from contracts.moments import time_text
from contracts.words import Text
from services.volunteers.application.ports import Areas, Privacy, Store
from services.volunteers.domain.availability import wrong_days_off, wrong_extra_times, wrong_weekly
from services.volunteers.domain.demand import not_found
from services.volunteers.domain.member import Member, Sealed
from services.volunteers.domain.names import is_code, is_phone, wrong_with
from services.volunteers.domain.places import coarse, is_on_earth
from services.volunteers.domain.statements import FARTHEST, MOST_A_WEEK, MOST_AREAS, NEAREST

MOST_SEATS = 9
"""So many orders at once a member may offer to take; more is for staff to agree."""
MOST_LANGUAGES = 20
FORGETTABLE = frozenset({"phone", "party", "start", "radius", "week_capacity"})
_PLAIN = (
    *("display_name", "languages", "abilities", "capacity", "weekly", "days_off", "extra_times"),
    *("week_capacity", "coverage", "radius", "show_stars", "share_hours"),
)
"""What is kept as it was said."""
_PARTY = {(True, True): "11", (True, False): "10", (False, False): "00", (False, True): "00"}
"""(in the Party, shown): all of one length, so that what is sealed tells nothing by its size."""


class Profiles:
    """A member and what is held of them; of anybody else's profile nobody learns that there is one."""

    def __init__(
        self, members: Store[Member], areas: Areas, privacy: Privacy, stars_of: Callable[[Member], int | None]
    ) -> None:
        """*stars_of*: how many stars a member's hours make."""
        self._members = members
        self._areas = areas
        self._privacy = privacy
        self._stars_of = stars_of

    def read(self, call: Call[ReadProfile]) -> Outcome:
        """See ``ReadProfile``."""
        return Outcome(self.shown(self._own(call.meta.actor)))

    def change(self, call: Call[ChangeProfile]) -> Outcome:
        """See ``ChangeProfile``. Raises Invalid in words, Conflict ``changed-meanwhile``."""
        command, actor = call.command, call.meta.actor
        own = self._own(actor)

        def decide(member: Member | None) -> Decided[Member]:
            member = _there(member, actor)
            if command.revision != self.shown(member)["revision"]:
                raise _changed_meanwhile()
            after = self._changed(member, command)
            events = (MemberPublished(),) if after.snapshot() != member.snapshot() else ()
            return Decided(after, events, {"revision": self.shown(after)["revision"]})

        return self._members.apply(own.id, call.meta, decide)

    def badge(self, call: Call[ReadBadge]) -> Outcome:
        """See ``ReadBadge``: for the member and staff of their area, and only what the member wishes to be seen."""
        actor, member = call.meta.actor, self._members.get(call.command.member_id)
        if member is None or member.erased or not self._may_see(actor, member):
            raise not_found()
        declared, shown = self._party(member)
        stars = self._stars_of(member) if member.show_stars else None
        return Outcome({"badge": "party" if declared and shown else None, "stars": stars or None})

    def shown(self, member: Member) -> dict[str, Any]:
        """Everything held of *member*, opened, as JSON values."""
        sealed = member.sealed
        declared, is_shown = self._party(member)
        profile: dict[str, Any] = {
            "member_id": member.id,
            "external_no": member.external_no,
            "name": self._privacy.open(member.id, "name", sealed.name if sealed else None),
            "phone": self._privacy.open(member.id, "phone", sealed.phone if sealed else None),
            "display_name": member.display_name,
            "employment": member.employment.value,
            "adult": member.adult,
            "serving": member.serving,
            "on_duty": member.on_duty,
            "capacity": member.capacity,
            "home_area": member.home_area,
            "start": None if member.start is None else {"lon": member.start.lon, "lat": member.start.lat},
            "skills": [
                {"code": one.code, "level": one.level, "valid_until": _day(one.valid_until)} for one in member.skills
            ],
            "languages": list(member.languages),
            "abilities": [ability.value for ability in member.abilities],
            "teams": list(member.team_ids),
            "roles": list(member.roles),
            "vetted_until": _day(member.vetted_until),
            **_service(member),
            "party": {"declared": declared, "shown": is_shown},
            "guardian": self._guardian(member),
            "consents": [
                {"at": line.at.isoformat(), "given": line.given, "how": line.how, "text_version": line.text_version}
                for line in member.consents
            ],
        }
        return {**profile, "revision": self._privacy.mark(json.dumps(profile, sort_keys=True, ensure_ascii=False))}

    def _guardian(self, member: Member) -> Mapping[str, Any] | None:
        guardian = member.guardian
        if guardian is None:
            return None
        return {
            "name": self._privacy.open(member.id, "guardian.name", guardian.name),
            "phone": self._privacy.open(member.id, "guardian.phone", guardian.phone),
            "agreed_on": _day(guardian.agreed_on),
            "how": guardian.how.value,
            "text_version": guardian.text_version,
            "with_adult": member.with_adult,
        }

    def _party(self, member: Member) -> tuple[bool | None, bool]:
        said = self._privacy.open(member.id, "party", member.sealed.party if member.sealed else None)
        return (None, False) if said is None else (said[0] == "1", said[1] == "1")

    def _changed(self, member: Member, command: ChangeProfile) -> Member:
        _check(command, self._privacy.open(member.id, "name", member.sealed.name if member.sealed else None) or "")
        said: dict[str, Any] = {name: getattr(command, name) for name in _PLAIN if getattr(command, name) is not None}
        if command.start is not None:
            said["start"] = coarse(command.start)
        touched = {*said, *({"phone"} if command.phone is not None else ()), *set(command.forget) - {"party"}}
        own = tuple(sorted({*member.own, *touched}))
        after = replace(member, **said, own=own, sealed=self._sealed(member, command))
        gone: dict[str, Any] = {name: None for name in ("start", "radius", "week_capacity") if name in command.forget}
        if "start" in command.forget and command.radius is None:
            gone["radius"] = None
        return self._placed(replace(after, **gone), command)

    def _placed(self, member: Member, command: ChangeProfile) -> Member:
        """With areas that are known, none finer than a grid; raises Invalid for others, or a distance from nowhere."""
        if member.start is None and command.radius is not None:
            raise Invalid("bad-radius", _FROM_NOWHERE, "radius")
        if command.coverage is None:
            return member
        grids = [self._areas.grid(area) for area in command.coverage]
        if None in grids:
            raise Invalid("bad-coverage", _NO_AREA, "coverage")
        return replace(member, coverage=tuple(dict.fromkeys(grid for grid in grids if grid is not None)))

    def _sealed(self, member: Member, command: ChangeProfile) -> Sealed | None:
        before = member.sealed or Sealed()
        sealed = self._with_party(member, self._with_phone(member, before, command), command)
        return member.sealed if sealed == before else sealed

    def _with_phone(self, member: Member, sealed: Sealed, command: ChangeProfile) -> Sealed:
        if command.phone is not None:
            phone = self._privacy.seal(member.id, "phone", command.phone)
            return replace(sealed, phone=phone, phone_index=self._privacy.phone_index(command.phone))
        return replace(sealed, phone=None, phone_index=None) if "phone" in command.forget else sealed

    def _with_party(self, member: Member, sealed: Sealed, command: ChangeProfile) -> Sealed:
        if "party" in command.forget:
            return replace(sealed, party=None)
        if command.party is None and command.show_party is None:
            return sealed
        declared, shown = self._party(member)
        declared = declared if command.party is None else command.party
        if declared is None:
            return sealed
        shown = shown if command.show_party is None else command.show_party
        return replace(sealed, party=self._privacy.seal(member.id, "party", _PARTY[declared, shown]))

    def _own(self, actor: Actor) -> Member:
        return _there(self._members.get(actor.member_id) if actor.member_id else None, actor)

    def _may_see(self, actor: Actor, member: Member) -> bool:
        if actor.community_id != member.community_id:
            return False
        return actor.member_id == member.id or actor.has(STAFF, self._areas.path(member.home_area))


def _there(member: Member | None, actor: Actor) -> Member:
    if member is None or member.erased or member.community_id != actor.community_id:
        raise not_found()
    return member


def _check(command: ChangeProfile, name: str) -> None:
    """Raises Invalid for the first thing that cannot be taken."""
    wrong: tuple[tuple[str, Callable[[], Text | None]], ...] = (
        ("display_name", lambda: None if command.display_name is None else wrong_with(command.display_name, name)),
        ("phone", lambda: _NO_PHONE if command.phone is not None and not is_phone(command.phone) else None),
        ("languages", lambda: _NO_CODES if not _are_codes(command.languages or ()) else None),
        ("capacity", lambda: _TOO_MANY if not 0 <= (command.capacity or 0) <= MOST_SEATS else None),
        ("start", lambda: None if command.start is None or is_on_earth(command.start) else _NO_PLACE),
        ("weekly", lambda: wrong_weekly(command.weekly or ())),
        ("days_off", lambda: wrong_days_off(command.days_off or ())),
        ("extra_times", lambda: wrong_extra_times(command.extra_times or ())),
        ("week_capacity", lambda: None if 0 <= (command.week_capacity or 0) <= MOST_A_WEEK else _BAD_WEEK),
        ("coverage", lambda: None if len(command.coverage or ()) <= MOST_AREAS else _MANY_AREAS),
        ("radius", lambda: None if NEAREST <= (command.radius or NEAREST) <= FARTHEST else _BAD_RADIUS),
        ("forget", lambda: _NOT_FORGETTABLE if set(command.forget) - FORGETTABLE else None),
    )
    for field, reason in wrong:
        sentence = reason()
        if sentence is not None:
            raise Invalid(f"bad-{field.replace('_', '-')}", sentence, field)


def _service(member: Member) -> dict[str, Any]:
    """What they said of their time and reach, and what staff saw on paper; who is kept from whom is asked apart."""
    return {
        "weekly": [asdict(one) for one in member.weekly],
        "days_off": [asdict(one) for one in member.days_off],
        "extra_times": [asdict(one) for one in member.extra_times],
        "not_before": None if member.not_before is None else time_text(member.not_before),
        "week_capacity": member.week_capacity,
        "coverage": list(member.coverage),
        "radius": member.radius,
        "show_stars": member.show_stars,
        "share_hours": member.share_hours,
        "insurance": {
            "until": _day(member.insured_until),
            "covers_70": member.insures_70,
            "seventy": member.seventy,
        },
        "credentials": [{"code": one.code, "valid_until": _day(one.valid_until)} for one in member.credentials],
        "checks": [
            {"at": time_text(one.at), "by": one.by, "kind": one.kind.value, "code": one.code, "until": _day(one.until)}
            for one in member.checks
        ],
    }


def _are_codes(codes: tuple[str, ...]) -> bool:
    return len(codes) <= MOST_LANGUAGES and all(is_code(code) for code in codes)


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _changed_meanwhile() -> Conflict:
    sentence = Text("资料刚刚变过,请重新打开再改", "it changed meanwhile: open it again, then change it")
    return Conflict("changed-meanwhile", sentence)


_NO_PHONE = Text("不像电话号码", "does not look like a phone number")
_NO_CODES = Text("语言要写代码,如 zh、ug、kk", "languages are codes like zh, ug, kk")
_TOO_MANY = Text(f"要在 0 到 {MOST_SEATS} 之间", f"has to be between 0 and {MOST_SEATS}")
_NO_PLACE = Text("经度在 ±180、纬度在 ±90 之间", "a longitude within 180 degrees, a latitude within 90")
_NOT_FORGETTABLE = Text("这一项不能清除", f"only {', '.join(sorted(FORGETTABLE))} can be forgotten")
_BAD_WEEK = Text(f"要在 0 到 {MOST_A_WEEK} 之间", f"has to be between 0 and {MOST_A_WEEK}")
_MANY_AREAS = Text(f"最多 {MOST_AREAS} 个区域", f"at most {MOST_AREAS} areas")
_NO_AREA = Text("有的区域没有登记", "one of the areas is not known here")
_BAD_RADIUS = Text(f"要在 {NEAREST} 到 {FARTHEST} 米之间", f"has to be between {NEAREST} and {FARTHEST} metres")
_FROM_NOWHERE = Text("先写出发点,再写走多远", "say first where you set out from, then how far")
