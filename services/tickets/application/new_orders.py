"""What every new order begins with, whoever takes it in: an item at a place, a number, times, a ladder."""

from dataclasses import dataclass
from datetime import datetime

from contracts.catalogue import Wanted
from contracts.events.ticket_snapshot import TicketTimes
from contracts.places import GivenPoint
from contracts.words import Nature, Origin, Urgency
from services.tickets.application.asking import for_wanted
from services.tickets.application.ladders import Ladders
from services.tickets.application.locating import Located, Locating
from services.tickets.application.ports import Communities, Items, Numbers
from services.tickets.application.serving import Served
from services.tickets.application.time_limits import TimeLimits
from services.tickets.domain.catalogue import CatalogueItem, unknown_item
from services.tickets.domain.community import Community
from services.tickets.domain.private import Private
from services.tickets.domain.ticket import Ticket


@dataclass(frozen=True)
class Ordered:
    """What is ordered, and where."""

    community: Community
    item: CatalogueItem
    located: Located


@dataclass(frozen=True, kw_only=True)
class Sort:
    """What sort of order it is, which way it came, how urgent it is. ``danger``: a life may be at stake."""

    nature: Nature
    origin: Origin
    urgency: Urgency
    danger: bool


class NewOrders:
    """Finds what is ordered, and makes the order of it that ``Placing`` and ``Handling`` go on with."""

    def __init__(
        self,
        items: Items,
        locating: Locating,
        communities: Communities,
        numbers: Numbers,
        time_limits: TimeLimits,
        ladders: Ladders,
    ) -> None:
        self._items = items
        self._locating = locating
        self._communities = communities
        self._numbers = numbers
        self._time_limits = time_limits
        self._ladders = ladders

    def find(self, community_id: str, item_id: str, area_id: str | None, point: GivenPoint | None) -> Ordered:
        """The item of this community at this place; raises Invalid or Refused where it cannot be ordered there."""
        community, item = self._communities.get(community_id), self._items.get(item_id)
        if community is None or item is None or item.community_id != community.id:
            raise unknown_item()
        item.must_be_orderable()
        return Ordered(community, item, self._locating.find(community, area_id, point))

    def begin(
        self,
        ticket_id: str,
        ordered: Ordered,
        served: Served,
        placed_by: str,
        sort: Sort,
        now: datetime,
        *,
        seats: int | None = None,
        wanted: Wanted | None = None,
    ) -> Ticket:
        """The order with its number, its deadlines (not before it is *wanted*) and its ladder; nothing is sealed yet.

        Raises Invalid for *seats* outside the item's bounds. Of the item stays with it what its end depends on.
        """
        community, item = ordered.community, ordered.item
        day = community.local_day(now)
        ticket = Ticket(
            id=ticket_id,
            community_id=community.id,
            number=community.number(day, self._numbers.take(community.id, day)),
            item_id=item.id,
            item_name=item.name,
            category=item.category,
            nature=sort.nature,
            origin=sort.origin,
            urgency=sort.urgency,
            danger=sort.danger,
            area_path=ordered.located.area_path,
            seats=item.seats_for(seats),
            requester_id=served.requester_id,
            beneficiary_id=served.beneficiary_id,
            placed_by=placed_by,
            private=Private(description=None, area=None),
            windows=community.windows,
            times=TicketTimes(placed_at=now),
            deadlines=for_wanted(self._time_limits.of(item, community, sort.urgency, now), wanted),
            item_version=item.version,
            ends=item.end_rule,
            cash_limit=item.cash_limit,
            closing=item.closing,
            sampled=community.draws(ticket_id),
        )
        return self._ladders.begin(ticket, item, community)
