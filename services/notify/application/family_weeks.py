"""Once a week, when it is time by a community's clocks, whoever acts for somebody hears that the card is there."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

from services.notify.application.ports import Clock, Messages, Templates
from services.notify.application.sending_ports import Calendars
from services.notify.domain.family_week import FAMILY_WEEK, Family, first_day, next_at, told_before, week_messages

Pair = tuple[Family, str]
"""Somebody served, and an account that may act for them."""
LATE = timedelta(days=1)
"""Of a moment that everything slept through longer than this nobody is told any more."""
CHUNK = 50


class CardsAway(Exception):
    """Who shows the cards could not be asked just now; it is asked again, nothing is lost."""


class Families(Protocol):
    """Who acts for whom."""

    def of(self, community_id: str, now: datetime) -> Iterator[Family]:
        """Everybody alive in it for whom somebody may act at *now*, who may see and is told."""


class Cards(Protocol):
    """The cards of the week, as those who may act see them."""

    def filled(
        self, community_id: str, day: date, since: datetime, zone: ZoneInfo, pairs: Sequence[Pair]
    ) -> Sequence[Pair]:
        """Of these, those with anything on them, with what came after *since*. Raises CardsAway."""


class WeekDays(Protocol):
    """When it is told next in each community."""

    def known(self) -> Sequence[str]:
        """All communities."""

    def due(self, community_id: str, first: datetime) -> datetime:
        """When it is told next there; *first* where nobody has ever said."""

    def told(self, community_id: str, at: datetime, following: datetime) -> None:
        """What was due *at* is done, or over; the next is due at *following*; done twice it is done once."""


class FamilyWeeks:
    """The work of a leased job: what it does twice is there once, and what fails is done by its next look."""

    def __init__(
        self,
        *,
        families: Families,
        cards: Cards,
        days: WeekDays,
        messages: Messages,
        templates: Templates,
        calendars: Calendars,
        clock: Clock,
        weekday: int,
        at: time,
    ) -> None:
        """*weekday* (1 is Monday) and *at* say when, by each community's clocks."""
        self._families = families
        self._cards = cards
        self._days = days
        self._messages = messages
        self._templates = templates
        self._calendars = calendars
        self._clock = clock
        self._weekday = weekday
        self._at = at

    def run(self) -> None:
        """Tell what is due. A community whose cards cannot be asked for just now keeps no other waiting."""
        now = self._clock.now()
        for community_id in self._days.known():
            zone = self._calendars.zone(community_id)
            following = next_at(now, self._weekday, self._at, zone)
            due = self._days.due(community_id, following)
            if due > now:
                if due != following:  # what says when, or the clocks there, changed meanwhile
                    self._days.told(community_id, due, following)
                continue
            try:
                if now - due <= LATE:
                    self._tell(community_id, due, now, zone)
            except CardsAway:
                continue
            self._days.told(community_id, due, following)

    def _tell(self, community_id: str, due: datetime, now: datetime, zone: ZoneInfo) -> None:
        first = first_day(due, zone)
        since = told_before(due, self._weekday, self._at, zone)
        version = self._templates.newest(community_id, FAMILY_WEEK)
        pairs = ((one, who) for one in self._families.of(community_id, now) for who in one.delegates)
        while some := list(islice(pairs, CHUNK)):
            filled = self._cards.filled(community_id, first, since, zone, some)
            told = [message for one, who in filled for message in week_messages(one, who, first, since, due, version)]
            if told:
                self._messages.add(told)
