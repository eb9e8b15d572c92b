"""Who acts for somebody hears once a week that the card of that week is there: what is on it is read in the app alone.

No event causes it. It is told where their own card has anything on it, so that it says nothing of what is hidden from
them; whoever may no longer read the card, and of whom somebody died, is told nothing that still waits.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contracts.moments import time_text
from contracts.words import Permit, Text
from services.notify.domain.category import Category
from services.notify.domain.message import IN_APP, OUTWARD, DeliveryStatus, Message
from services.notify.domain.quiet import moments
from services.notify.domain.recipients import account

FAMILY_WEEK = "family-week"
"""The rule and the template of that message."""
EVENT_TYPE = "shiliu.person.week"
REACH = timedelta(hours=2)
"""Still unread so much business time later it also goes out of the platform."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Somebody served, and who may read their card and is told, as notify heard it last: in ``version`` of the person.

    ``grid``: what the grid is called in which they live, None where notify has not heard of it.
    """

    person_id: str
    community_id: str
    area_path: tuple[str, ...]
    version: int
    own_account: str | None
    delegates: tuple[str, ...]
    grid: Text | None = None


def next_at(now: datetime, weekday: int, clock: time, zone: ZoneInfo) -> datetime:
    """The next moment after *now*, in UTC, at which clocks show *clock* on that day of the week (1 is Monday)."""
    day = now.astimezone(zone).date()
    days = (day + count * _DAY for count in range(8))
    fitting = (moments(one, clock, zone)[0] for one in days if one.isoweekday() == weekday)
    return next(moment for moment in fitting if moment > now)


def told_before(at: datetime, weekday: int, clock: time, zone: ZoneInfo) -> datetime:
    """When it was told before the telling *at*: the same hour a week before, by the clocks there."""
    return next_at(at - _WEEK - _DAY, weekday, clock, zone)


def first_day(at: datetime, zone: ZoneInfo) -> date:
    """Monday of the week that *at* is in."""
    day = at.astimezone(zone).date()
    return day - day.weekday() * _DAY


def week_messages(
    family: Family, account_id: str, first: date, since: datetime, at: datetime, version: int
) -> tuple[Message, Message]:
    """In the inbox, and out of the platform where it stays unread; *version* is of the words in that community.

    The card that it leads to has what came after the telling before, *since*.
    Their ids are of the person, the week and the delegate: said twice it is said once.
    """
    event_id = f"{family.person_id}.{first.isoformat()}"
    where = {} if family.grid is None else {"grid": {"zh": family.grid.zh, "en": family.grid.en}}
    recipient = account(account_id)
    told = Message(
        id=f"{event_id}:{FAMILY_WEEK}:{recipient}:{IN_APP}",
        community_id=family.community_id,
        area_path=family.area_path,
        recipient=recipient,
        channel=IN_APP,
        rule=FAMILY_WEEK,
        template=FAMILY_WEEK,
        event_id=event_id,
        event_type=EVENT_TYPE,
        correlation_id=event_id,
        thread=family.person_id,
        number="",
        params={**where, "day": first.isoformat(), "since": time_text(since)},
        urgent=False,
        at=at,
        status=DeliveryStatus.DELIVERED,
        category=Category.FAMILY,
        version=version,
        aggregate="person",
        event_version=family.version,
        not_before=at,
        until=at + _WEEK,
    )
    id = f"{event_id}:{FAMILY_WEEK}:{recipient}:{OUTWARD}"
    return told, replace(told, id=id, channel=OUTWARD, status=DeliveryStatus.QUEUED, not_before=at + REACH)


def may_read_it(may: Collection[Permit]) -> bool:
    """May who may all this read the card, and is told?"""
    return {Permit.SEE, Permit.BE_TOLD} <= frozenset(may)


def link_of(message: Message) -> str | None:
    """Where in the API what a message is about is read, beside orders."""
    if message.rule != FAMILY_WEEK:
        return None
    since = message.params.get("since")
    later = "" if since is None else f"&since={since}"
    return f"/api/v1/people/{message.thread}/week?day={message.params['day']}{later}"
