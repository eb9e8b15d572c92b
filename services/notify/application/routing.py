"""Whether, when and where one message goes out, decided at the moment of sending: design, section 7."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from contracts.notices import Every
from services.notify.application.outbox_ports import Outcome
from services.notify.application.parcels import MOST_TRIES, Parcel, open_addresses, retry_seconds
from services.notify.application.ports import Delivery, Templates
from services.notify.application.sending_ports import Address, ContactsAway, Letter, Outside, Wish
from services.notify.domain.category import NEVER_MUTED
from services.notify.domain.digest import told_at
from services.notify.domain.message import GROUP, IN_APP, DeliveryStatus, Message
from services.notify.domain.overtaking import NOT_TOLD
from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.quiet import over_at
from services.notify.domain.template import Form

GROUP_LOCALE = "zh-CN"
MUTED, NO_CONTACT, CONTACTS_AWAY = "muted", "no-contact", "contacts-away"
QUIET_HOURS, PUT_TOGETHER, OVERFLOW = "quiet-hours", "digest", "overflow"
"""Why a message was put off: until the end of quiet hours, to the next digest, until a robot takes more."""
WAY_SLOW = "way-slow"
"""Why it waits a moment: so many tries by its way are under way and not answered that no more are begun."""
FORMS = {"sms": Form.SMS}
"""Of the ways for which words have a form of their own."""
MINUTES, FIVE_MINUTES = "minutes", timedelta(minutes=5)
AWAY_SECONDS = 5.0
"""Who keeps the contacts is asked again so often, for as long as it takes: nobody is told less for an outage."""


class Router:
    """Decides of one message at a time; it changes nothing."""

    def __init__(self, templates: Templates, outside: Outside) -> None:
        self._templates = templates
        self._outside = outside

    def route(self, delivery: Delivery, now: datetime, chance: float) -> Parcel | Outcome:
        """Where it goes, or what else becomes of it now. Whatever a port raises is a try that failed."""
        try:
            return self._route(delivery, now)
        except ContactsAway:
            status = DeliveryStatus.QUEUED
            return Outcome(delivery=delivery, status=status, reason=CONTACTS_AWAY, retry_in=AWAY_SECONDS)
        except Exception as error:  # noqa: BLE001  told as the reason; the other messages go out all the same
            return _failed(delivery, type(error).__name__, chance)

    def _route(self, delivery: Delivery, now: datetime) -> Parcel | Outcome:
        message = delivery.message
        if message.channel == IN_APP:
            return Outcome(delivery=delivery, status=DeliveryStatus.DELIVERED)
        if message.channel == GROUP:
            robots = self._outside.groups.of(message.community_id, message.area_path, message.category)
            return self._parcel(delivery, robots, GROUP_LOCALE, now, override=False)
        wish = self._outside.wishes.of(message.community_id, message.recipient)
        ways = _ways(delivery, wish)
        if not ways:
            return _suppressed(delivery, MUTED)
        calendar = self._outside.calendars.of(message.community_id)
        later = _put_off(delivery, wish, now, calendar)
        if later is not None:
            return later
        if message.asked and not self._outside.onlookers.sees(message):
            return _suppressed(delivery, NOT_TOLD)
        contacts = self._outside.contacts.of(message.community_id, message.recipient)
        addresses = [one for way in ways for one in contacts if one.way == way]
        if not addresses and any(one.way in wish.ways for one in contacts):
            return _suppressed(delivery, MUTED)
        override = over_at(now, wish.quiet, calendar.zone, calendar.works) is not None
        return self._parcel(delivery, addresses, wish.locale, now, override=override)

    def _parcel(
        self, delivery: Delivery, addresses: Sequence[Address], locale: str, now: datetime, *, override: bool
    ) -> Parcel | Outcome:
        reachable = [one for one in addresses if one.way in self._outside.posts]
        if not reachable:
            return _suppressed(delivery, NO_CONTACT)
        left = open_addresses(delivery, reachable)
        if not left:
            return _all_tried(delivery)
        letters = {address.way: self._letter(delivery, locale, address.way, now) for address in left}
        return Parcel(deliveries=(delivery,), letters=letters, addresses=left, locale=locale, override=override)

    def _letter(self, delivery: Delivery, locale: str, way: str, now: datetime) -> Letter:
        """In the form for that way: short where a text message is short, masked where a group reads it."""
        message = delivery.message
        params = _as_it_is_now(message, now)
        form = Form.GROUP if message.channel == GROUP else FORMS.get(way, Form.LETTER)
        rendered = self._templates.render(
            message.template,
            locale,
            params,
            community_id=message.community_id,
            version=message.version,
            form=form,
        )
        return Letter(
            message_id=message.id,
            community_id=message.community_id,
            template=message.template,
            version=message.version,
            locale=rendered.locale,
            title=rendered.title,
            body=rendered.body,
            params=params,
            thread=message.thread,
            number=message.number,
            urgent=message.urgent,
            category=message.category,
            offer_id=message.offer_id,
        )


def _ways(delivery: Delivery, wish: Wish) -> tuple[str, ...]:
    """Those that the person did not mute for this kind of news; some kinds cannot be muted.

    Of what they hear because they asked to: those that they wished for that.
    """
    category = delivery.message.category
    if delivery.message.asked:
        wished = tuple(way for way in wish.ways if way in wish.followed)
        return tuple(way for way in wished if category in NEVER_MUTED or (category.value, way) not in wish.muted)
    if category in NEVER_MUTED:
        return wish.ways
    return tuple(way for way in wish.ways if (category.value, way) not in wish.muted)


def _put_off(delivery: Delivery, wish: Wish, now: datetime, calendar: OwnCalendar) -> Outcome | None:
    """What is urgent waits for nothing; what cannot be muted waits for no digest."""
    message = delivery.message
    if message.urgent:
        return None
    every = Every.TIME if message.category in NEVER_MUTED else wish.digests.get(message.category, Every.TIME)
    digested = every is not Every.TIME
    if digested and delivery.put_off != PUT_TOGETHER:
        together = told_at(now, every, message.category, wish.digest_at, calendar)
        if not _too_late_for(message, together):
            return _wait(delivery, together, PUT_TOGETHER)
        digested = False
    ends = over_at(now, wish.quiet, calendar.zone, calendar.works)
    if ends is None or _too_late_for(message, ends):
        return None
    return _wait(delivery, ends, PUT_TOGETHER if digested else QUIET_HOURS)


def _too_late_for(message: Message, moment: datetime) -> bool:
    """A reminder that would come when its appointment begins, or after, comes now: nobody is up for it later."""
    return bool(message.before) and message.until is not None and moment >= message.until


def _as_it_is_now(message: Message, now: datetime) -> Mapping[str, Any]:
    """What it says; of a reminder in how many minutes from now, by fives: it may have been put off."""
    if not message.before or message.until is None:
        return message.params
    left = ceil((message.until - now) / FIVE_MINUTES) * 5
    return {**message.params, MINUTES: max(1, min(message.before, left))}


def _wait(delivery: Delivery, until: datetime, why: str) -> Outcome:
    return Outcome(delivery=delivery, status=DeliveryStatus.QUEUED, retry_in=0.0, wait_until=until, put_off=why)


def _suppressed(delivery: Delivery, reason: str) -> Outcome:
    return Outcome(delivery=delivery, status=DeliveryStatus.SUPPRESSED, reason=reason)


def _failed(delivery: Delivery, reason: str, chance: float) -> Outcome:
    tries = delivery.tries + 1
    if tries >= MOST_TRIES:
        return Outcome(delivery=delivery, status=DeliveryStatus.FAILED_PERMANENT, reason=reason)
    status, wait = DeliveryStatus.FAILED_TEMPORARY, retry_seconds(tries, None, chance)
    return Outcome(delivery=delivery, status=status, reason=reason, retry_in=wait)


def _all_tried(delivery: Delivery) -> Outcome:
    last = delivery.attempts[-1]
    return Outcome(delivery=delivery, status=DeliveryStatus.FAILED_PERMANENT, reason=last.reason or last.status.value)
