"""What notify keeps to know those whom no event can name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from contracts.events import AnyReceived
from contracts.following import Subscription
from services.notify.domain.crowd import Crowd, Follow, Roster, Subscriber


class Follows(Protocol):
    """Who follows which order."""

    def put(self, community_id: str, follow: Follow, at: datetime) -> None:
        """From now on, by this sight; whoever follows it already keeps their place."""

    def remove(self, ticket_id: str, account_id: str) -> None:
        """No more; nothing where they did not."""

    def count(self, account_id: str) -> int:
        """How many orders somebody follows."""

    def has(self, ticket_id: str, account_id: str) -> bool:
        """Do they?"""

    def of(self, ticket_ids: Iterable[str]) -> Mapping[str, Sequence[Follow]]:
        """Everybody who follows these orders, by order."""


class Subscriptions(Protocol):
    """Who wants news of which areas and categories."""

    def set(self, community_id: str, subscriber: Subscriber, at: datetime) -> None:
        """These and no others; none: the row is gone."""

    def wanted(self, account_id: str) -> Sequence[Subscription]:
        """Somebody's own."""

    def around(self, community_id: str, area_path: Sequence[str], blocks: Sequence[str]) -> Sequence[Subscriber]:
        """Everybody who wants news of an area or what it is in; of its *blocks* chiefs do, of any community."""


class Wishing(Protocol):
    """Who wishes to hear out of the platform of what they follow or subscribed to."""

    def wishing(self, keys: Iterable[str]) -> frozenset[str]:
        """Of these, by what their wishes are kept."""


class Replicas(Protocol):
    """What others own, as they last said."""

    def keep_rosters(self, events: Sequence[AnyReceived]) -> None:
        """The shifts of a day in an area; the newest of each counts."""

    def keep_items(self, events: Sequence[AnyReceived]) -> None:
        """The category of each item of the catalogue."""

    def rosters(self, area_path: Sequence[str], at: datetime) -> Sequence[Roster]:
        """Those in which a shift at that moment may be."""

    def category(self, item_id: str) -> str | None:
        """An item's; None where nobody has said it yet."""

    def offers(self, community_id: str, category: str) -> bool:
        """Has any item of the community this category?"""


class Crowds(Protocol):
    """Looks up who may have to hear of events."""

    def around(self, events: Sequence[AnyReceived]) -> Mapping[str, Crowd]:
        """By the events' ids; who is not there has nobody."""


class NoCrowds:
    """A ``Crowds`` where nobody asked for anything."""

    def around(self, events: Sequence[AnyReceived]) -> Mapping[str, Crowd]:
        """See ``Crowds``."""
        del events
        return {}
