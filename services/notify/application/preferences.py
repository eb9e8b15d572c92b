"""The use cases about what somebody wants to hear: read it, change it; theirs, or by staff on their word."""

from collections.abc import Sequence
from typing import Any, Protocol

from contracts.actor import STAFF, Actor
from contracts.commands import Call, Outcome
from contracts.commands.preferences import ChangePreferences, ReadPreferences
from contracts.errors import Conflict, NotFound
from contracts.events import AnyReceived
from contracts.moments import time_text
from contracts.notices import Every
from contracts.words import Text
from services.notify.application.ports import Clock
from services.notify.application.readers import own_recipient
from services.notify.domain.category import NEVER_MUTED, Category
from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.preferences import Change, Preferences, one_key

PERSONS = ("account:", "member:", "person:")
"""The recipients that are one person's."""


class Kept(Protocol):
    """The preferences that were ever said."""

    def of(self, community_id: str, key: str) -> Preferences:
        """Somebody's, or the defaults."""

    def put(self, preferences: Preferences) -> bool:
        """Store what follows ``preferences.revision``; False where that is no longer the newest."""

    def adopt(self, events: Sequence[AnyReceived]) -> None:
        """What was said by somebody without an account holds for their account, once they have one."""


class OwnCalendars(Protocol):
    """The communities' own days and hours."""

    def of(self, community_id: str) -> OwnCalendar:
        """One community's; the usual where it is not known."""


class PreferenceCases:
    """``read_preferences`` and ``change_preferences``."""

    def __init__(self, kept: Kept, calendars: OwnCalendars, clock: Clock) -> None:
        self._kept = kept
        self._calendars = calendars
        self._clock = clock

    def read(self, call: Call[ReadPreferences]) -> Outcome:
        """See ``ReadPreferences``."""
        actor = call.meta.actor
        key, _ = _whose(call.command.whose, actor)
        return Outcome(self._shown(self._kept.of(actor.community_id, key)))

    def change(self, call: Call[ChangePreferences]) -> Outcome:
        """See ``ChangePreferences``."""
        actor, command = call.meta.actor, call.command
        key, by_staff = _whose(command.whose, actor)
        before = self._kept.of(actor.community_id, key)
        if command.revision != _revision(before):
            raise _changed_meanwhile()
        after = before.changed(command, Change(at=self._clock.now(), by=actor.account_id, staff=by_staff))
        if after != before and not self._kept.put(after):
            raise _changed_meanwhile()
        return Outcome(self._shown(self._kept.of(actor.community_id, key)))

    def _shown(self, said: Preferences) -> dict[str, Any]:
        calendar = self._calendars.of(said.community_id)
        hours = said.hours(calendar)
        return {
            "language": said.language,
            "ways": [way.value for way in said.ways],
            "categories": [_category(said, category) for category in Category],
            "quiet": {
                "mode": said.mode.value,
                "start": None if hours is None else f"{hours.start:%H:%M}",
                "end": None if hours is None else f"{hours.end:%H:%M}",
                "end_days_off": None if hours is None else f"{hours.end_off or hours.end:%H:%M}",
                "time_zone": calendar.zone.key,
            },
            "followed": [way.value for way in said.ways if way in said.followed],
            "digest_at": f"{said.digest_at:%H:%M}",
            "changes": [{"at": time_text(one.at), "by": one.by, "staff": one.staff} for one in reversed(said.changes)],
            "revision": _revision(said),
        }


def _category(said: Preferences, category: Category) -> dict[str, Any]:
    return {
        "category": category.value,
        "mutable": category not in NEVER_MUTED,
        "off": [way.value for way in said.ways if (category, way) in said.off],
        "every": said.digests.get(category, Every.TIME).value,
    }


def _whose(whose: str | None, actor: Actor) -> tuple[str, bool]:
    """By what they are kept, and whether staff speak for somebody else. Raises NotFound for who may not."""
    own = one_key(own_recipient(actor))
    if whose is None or one_key(whose) == own:
        return own, False
    if not whose.startswith(PERSONS) or not actor.has(STAFF):
        raise NotFound("no-such-person", Text("没有找到这个人", "there is no such person"))
    return one_key(whose), True


def _revision(said: Preferences) -> str:
    return str(said.revision)


def _changed_meanwhile() -> Conflict:
    sentence = Text("设置刚刚变过,请重新打开再改", "it changed meanwhile: open it again, then change it")
    return Conflict("changed-meanwhile", sentence)
