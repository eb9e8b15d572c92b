"""``find_similar`` and ``find_duplicates``: open orders that are likely to be about the same thing.

It is worked out here, where the words are: they are compared, shown to nobody, and nothing of a question is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from contracts.actor import STAFF, Actor, Role
from contracts.commands import Call, Outcome
from contracts.commands.merging import FindDuplicates, FindSimilar
from services.tickets.application.ports import Areas, Clock, Communities, Items, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import likely, merging, relations
from services.tickets.domain.area import Area, unknown_area
from services.tickets.domain.catalogue import CatalogueItem, unknown_item
from services.tickets.domain.ticket import Ticket

LOOKED_AT = 40
"""So many open orders of one item in one grid are compared at most, the newest."""
_MINUTE = 60
_MACHINES = frozenset({Role.CLIENT})


class OpenOrders(Protocol):
    """The orders that are under way and are themselves merged into none."""

    def of_item(self, community_id: str, item_id: str, grid_id: str, since: datetime, most: int) -> Sequence[Ticket]:
        """Those of one item in one grid, the newest first."""


@dataclass(frozen=True)
class _Asked:
    item: CatalogueItem
    area: Area
    grid_path: tuple[str, ...]
    words: str
    but: str | None = None


class Similar:
    """Compares what is asked with the open orders of the same item in the same grid."""

    def __init__(
        self,
        tickets: Tickets,
        open_orders: OpenOrders,
        items: Items,
        areas: Areas,
        communities: Communities,
        sealing: Sealing,
        clock: Clock,
    ) -> None:
        self._tickets = tickets
        self._open = open_orders
        self._items = items
        self._areas = areas
        self._communities = communities
        self._sealing = sealing
        self._clock = clock

    def find(self, call: Call[FindSimilar]) -> Outcome:
        """What somebody is typing: whoever may order may ask."""
        command, actor = call.command, call.meta.actor
        community, item = self._communities.get(actor.community_id), self._items.get(command.item_id)
        if community is None or item is None or item.community_id != community.id:
            raise unknown_item()
        area = self._areas.get(command.area_id)
        if area is None or area.community_id != community.id:
            raise unknown_area()
        grid_path = area.public_path(within=community.area)
        if actor.has(_MACHINES) and not (actor.has(STAFF, grid_path) or actor.has(_MACHINES, area.path)):
            raise unknown_area()  # a machine asks, as it orders, for the areas that it was opened for
        asked = _Asked(item, area, grid_path, command.description)
        return Outcome({"items": self._likely(asked, actor)})

    def duplicates(self, call: Call[FindDuplicates]) -> Outcome:
        """Of an order that there is: for whoever may merge it."""
        actor = call.meta.actor
        ticket = relations.must_know(self._tickets.get(call.command.ticket_id), actor)
        relations.must_dispatch(ticket, actor)
        item, area = self._items.get(ticket.item_id), self._exact(ticket)
        if item is None or area is None or merging.is_between_two(ticket):
            return Outcome({"items": []})
        words = self._sealing.open_description(ticket) or ""
        return Outcome({"items": self._likely(_Asked(item, area, ticket.area_path, words, ticket.id), actor)})

    def _likely(self, asked: _Asked, actor: Actor) -> list[Mapping[str, Any]]:
        now = self._clock.now()
        found = sorted(self._scored(asked, actor, now), key=lambda one: -one[0])
        return [_shown(ticket, actor, now) for _, ticket in found[: likely.MOST]]

    def _scored(self, asked: _Asked, actor: Actor, now: datetime) -> Iterator[tuple[float, Ticket]]:
        grid_id = asked.grid_path[-1]
        rows = self._open.of_item(asked.item.community_id, asked.item.id, grid_id, likely.since(now), LOOKED_AT)
        for ticket in rows:
            if ticket.id == asked.but or not likely.may_know_of(ticket, asked.item, actor):
                continue
            area = self._exact(ticket)
            near = 0.0 if area is None else likely.nearness(asked.area, area, asked.grid_path)
            if near < likely.NEAR and not likely.words_may_decide(ticket, actor):
                continue
            words = self._sealing.open_description(ticket) if near else None
            score = likely.likelihood(near, asked.words, words, now - ticket.times.placed_at)
            if score >= likely.LIKELY:
                yield score, ticket

    def _exact(self, ticket: Ticket) -> Area | None:
        area_id = self._sealing.open_area(ticket)
        return None if area_id is None else self._areas.get(area_id)


def _shown(ticket: Ticket, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Number, item, grid, age, status: nothing that anybody said, and not who."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "item_id": ticket.item_id,
        "item_name": {"zh": ticket.item_name.zh, "en": ticket.item_name.en},
        "grid_id": ticket.area_path[-1],
        "age_minutes": max(0, int((now - ticket.times.placed_at).total_seconds()) // _MINUTE),
        "status": ticket.status.value,
        "own": ticket.requester_id is not None and ticket.requester_id == actor.account_id,
    }
