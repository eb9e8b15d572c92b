"""What sending needs of the world: where people are reached, what they wish, the ways out, and what came of a try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from contracts.notices import Every
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus, Message
from services.notify.domain.own_calendar import OwnCalendar
from services.notify.domain.quiet import QuietHours


class ContactsAway(Exception):
    """Who keeps the contacts could not be asked just now; the message is tried again, nothing is lost."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where somebody is reached: fetched for one try, never stored, never logged.

    ``way`` is sms, wechat, email, wecom, dingtalk, apprise, slip, console or test; ``value`` a phone, an openid, an
    e-mail address, a robot's id.
    """

    way: str
    value: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One message in words, ready for one way. ``thread`` is the order's id, ``number`` empty where it has none."""

    message_id: str
    community_id: str
    template: str
    version: int
    locale: str
    title: str
    body: str
    params: Mapping[str, Any]
    thread: str
    number: str
    urgent: bool
    category: Category
    offer_id: str | None


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a provider answered, read from its body.

    ``reference`` is the provider's own id, by which its receipt finds the attempt; ``retry_after`` is in seconds of
    real time, where the provider said so.
    """

    status: DeliveryStatus
    reason: str | None = None
    reference: str | None = None
    retry_after: float | None = None


class Post(Protocol):
    """One way out of the platform."""

    @property
    def way(self) -> str:
        """Which addresses it takes."""

    def send(self, letter: Letter, address: Address) -> Sent:
        """Try once. A failure is an answer, not an exception.

        ``suppressed`` says that this way is not open to them now (no consent is left): the next way is tried at once,
        as after ``failed_permanent``. After ``failed_temporary`` it is tried again later; what is urgent goes the next
        way at once.
        """


class Contacts(Protocol):
    """Where somebody is reached, asked of who keeps it at the moment of sending."""

    def of(self, community_id: str, recipient: str) -> Sequence[Address]:
        """Every address of a recipient, in no order; none where there is none. Raises ContactsAway."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person wants to hear and how; the defaults where they said nothing.

    ``ways`` in the order in which they are tried; ``muted`` are pairs of category and way; ``digests`` says of
    categories how often they are told together, at ``digest_at``; ``quiet`` is when nothing goes out. Hours as the
    community's clocks show them.
    """

    locale: str
    ways: tuple[str, ...]
    muted: frozenset[tuple[str, str]]
    digests: Mapping[Category, Every]
    quiet: QuietHours | None
    digest_at: time
    followed: frozenset[str] = frozenset()
    """By these ways they hear also of what they only follow or subscribed to."""


class Wishes(Protocol):
    """What people want to hear."""

    def language(self, community_id: str, recipient: str) -> str | None:
        """The language that they said; None where they said none."""

    def of(self, community_id: str, recipient: str) -> Wish:
        """Theirs, or the defaults."""


class Calendars(Protocol):
    """The communities' own days and hours, as they publish them."""

    def of(self, community_id: str) -> OwnCalendar:
        """When it is which day there, on which of them people work; the usual where it is not known."""

    def zone(self, community_id: str) -> ZoneInfo:
        """The one by which "today" and quiet hours are meant there."""


class Budgets(Protocol):
    """How much a robot or a provider takes in a time, shared by all instances."""

    def take(self, key: str, most: int, seconds: int) -> float:
        """0.0 where one of *most* in *seconds* was free and is taken now, else the seconds until there is room."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How much a provider takes: *most* in *seconds*, of each address (a robot) or of the way as a whole.

    All instances count together, by ``key``: one for each address or way, and each stretch of time.
    """

    most: int
    seconds: int
    each_address: bool = False

    def key(self, address: Address) -> str:
        """Under which it is counted."""
        whole = address.way if self.each_address is False else f"{address.way}:{address.value}"
        return f"{whole}/{self.seconds}"

    @property
    def ordinary(self) -> int:
        """How much of it what is not urgent may take: the last fifth is kept for what is."""
        return max(1, self.most * 4 // 5)


class Groups(Protocol):
    """The chat groups of an area, as their robots."""

    def of(self, community_id: str, area_path: Sequence[str], category: Category) -> Sequence[Address]:
        """Every robot that is bound to one of these areas and wants this category; each of them is told."""


class Receipts(Protocol):
    """What a provider says later of something that it took."""

    def settle(self, reference: str, sent: Sent) -> bool:
        """Note that it was delivered or failed in the end; False where no attempt has this reference."""


class Onlookers(Protocol):
    """Those who hear because they asked to."""

    def sees(self, message: Message) -> bool:
        """Do they still see what it is about, now? Raises ContactsAway where nobody can say."""


@dataclass(frozen=True, kw_only=True)
class Outside:
    """Everything that sending needs of the world outside; ``posts`` and ``limits`` by way."""

    posts: Mapping[str, Post]
    contacts: Contacts
    groups: Groups
    wishes: Wishes
    calendars: Calendars
    onlookers: Onlookers
    budgets: Budgets
    limits: Mapping[str, Sequence[Limit]]
