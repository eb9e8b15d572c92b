"""What somebody wants to hear, how and when: kept by whom it is told to, changed by their own word."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from contracts.actor import MEMBER_ACCOUNT
from contracts.commands.preferences import ChangePreferences
from contracts.errors import Invalid
from contracts.notices import Every, Gathered, Quiet, QuietMode, Switch, Way
from contracts.words import Text
from services.notify.domain.audience import account, member
from services.notify.domain.category import NEVER_MUTED, Category
from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.quiet import QuietHours
from services.notify.domain.recipients import own_account

USUAL_WAYS = (Way.WECHAT, Way.SMS, Way.EMAIL)
USUAL_DIGEST = time(18)
MOST_CHANGES = 20
"""So many changes are shown, the newest."""
NONE_YET = 0
FORGETTABLE = frozenset({"language"})
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
"""A BCP 47 tag as far as its form goes; what is no language of ours is answered in the community's."""
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, kw_only=True)
class Change:
    """Somebody changed it: themselves, or staff on their word."""

    at: datetime
    by: str
    staff: bool


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """``quiet`` are their own hours; ``mode`` says whether these hold, the community's, or none.

    ``followed`` are the ways by which they hear out of the platform of what they only follow or subscribed to.
    """

    recipient: str
    community_id: str
    language: str | None = None
    ways: tuple[Way, ...] = USUAL_WAYS
    off: frozenset[tuple[Category, Way]] = frozenset()
    followed: frozenset[Way] = frozenset()
    digests: Mapping[Category, Every] = field(default_factory=dict)
    digest_at: time = USUAL_DIGEST
    mode: QuietMode = QuietMode.COMMUNITY
    quiet: QuietHours | None = None
    changes: tuple[Change, ...] = ()
    revision: int = NONE_YET

    def hours(self, calendar: OwnCalendar) -> QuietHours | None:
        """When they are left alone; None: never."""
        return {QuietMode.COMMUNITY: calendar.quiet, QuietMode.OWN: self.quiet, QuietMode.OFF: None}[self.mode]

    def changed(self, command: ChangePreferences, change: Change) -> "Preferences":
        """As they say it now. Raises Invalid naming the field."""
        if set(command.forget) - FORGETTABLE:
            raise Invalid("not-forgettable", Text("这一项不能清除", "this cannot be taken back"), "forget")
        language = None if "language" in command.forget else self.language
        after = replace(
            self,
            language=language if command.language is None else _language(command.language),
            ways=self.ways if command.ways is None else _in_order(command.ways),
            off=_switched(self.off, command.switches or ()),
            followed=self.followed if command.followed is None else frozenset(command.followed),
            digests=_gathered(self.digests, command.digests or ()),
            digest_at=self.digest_at if command.digest_at is None else _clock(command.digest_at, "digest_at"),
        )
        if command.quiet is not None:
            after = replace(after, mode=command.quiet.mode, quiet=_hours(command.quiet))
        if after == self:
            return self
        return replace(after, changes=(*self.changes, change)[-MOST_CHANGES:])


def one_key(recipient: str) -> str:
    """By what somebody's wishes are kept: a member and the account that is theirs have the same, also as staff."""
    own, recipient = account(MEMBER_ACCOUNT), own_account(recipient)
    return member(recipient.removeprefix(own)) if recipient.startswith(own) else recipient


def _language(text: str) -> str:
    if not _TAG.fullmatch(text):
        sentence = Text("要写语言代码,如 zh-CN、en、ug", "a language tag like zh-CN, en or ug is needed (BCP 47)")
        raise Invalid("bad-language", sentence, "language")
    return text


def _in_order(ways: Sequence[Way]) -> tuple[Way, ...]:
    return tuple(dict.fromkeys((*ways, *USUAL_WAYS)))


def _switched(off: frozenset[tuple[Category, Way]], switches: Iterable[Switch]) -> frozenset[tuple[Category, Way]]:
    after = set(off)
    for place, switch in enumerate(switches):
        category = _category(switch.category, f"switches.{place}.category")
        if switch.on:
            after.discard((category, switch.way))
        elif category in NEVER_MUTED:
            sentence = Text("这一类消息不能关闭", "messages of this kind always come")
            raise Invalid("never-muted", sentence, f"switches.{place}.category")
        else:
            after.add((category, switch.way))
    return frozenset(after)


def _gathered(digests: Mapping[Category, Every], wanted: Iterable[Gathered]) -> Mapping[Category, Every]:
    after = dict(digests)
    for place, one in enumerate(wanted):
        category = _category(one.category, f"digests.{place}.category")
        if one.every is Every.TIME:
            after.pop(category, None)
        elif category in NEVER_MUTED:
            sentence = Text("这一类消息要马上告诉您,不能攒着", "messages of this kind are told at once, never gathered")
            raise Invalid("never-gathered", sentence, f"digests.{place}.category")
        else:
            after[category] = one.every
    return after


def _category(text: str, where: str) -> Category:
    try:
        return Category(text)
    except ValueError:
        known = ", ".join(category.value for category in Category)
        raise Invalid("no-such-category", Text(f"只有这些类别:{known}", f"one of {known}"), where) from None


def _hours(quiet: Quiet) -> QuietHours | None:
    if quiet.mode is not QuietMode.OWN:
        return None
    start, end = _clock(quiet.start, "quiet.start"), _clock(quiet.end, "quiet.end")
    if start == end:
        sentence = Text("开始和结束不能相同;不要安静时段请选 off", "start and end differ; for none say mode off")
        raise Invalid("no-quiet-hours", sentence, "quiet.end")
    return QuietHours(start, end)


def _clock(text: str | None, where: str) -> time:
    if text is None or not _CLOCK.fullmatch(text):
        raise Invalid("bad-time", Text("需要像 21:00 的时间", "a time like 21:00 is needed"), where)
    return time.fromisoformat(text)
