"""Orders that an upstream system passes on: the same number is the same order, and sent again it only adds."""

from datetime import datetime
from typing import Protocol

from contracts.actor import STAFF, Actor, Role
from contracts.commands import Call
from contracts.commands.tickets import PlaceTicket
from contracts.decisions import Decided
from contracts.errors import Conflict, Invalid
from contracts.upstream import External
from contracts.words import Origin, Text, Urgency
from services.tickets.application.codes import code
from services.tickets.application.ports import Clock, Communities, Items
from services.tickets.application.sealing import Sealing
from services.tickets.application.time_limits import TimeLimits
from services.tickets.domain import relations, upstream
from services.tickets.domain.danger import means_danger
from services.tickets.domain.emergencies import Emergency
from services.tickets.domain.external import must_be_well_formed
from services.tickets.domain.notes import UPSTREAM_SAID
from services.tickets.domain.repeats import repeated
from services.tickets.domain.ticket import Ticket

_MACHINES = frozenset({Role.CLIENT})
MOST_REPEATS = 50


class ExternalIds(Protocol):
    """Which order of ours a number of upstream's is."""

    def ticket_id(self, community_id: str, system: str, number: str) -> str:
        """Always the same for the same number, and telling nothing of it."""


class UpstreamIntake:
    """What sets such an order apart when it is placed; for every other order it does nothing."""

    def __init__(
        self,
        ids: ExternalIds,
        items: Items,
        communities: Communities,
        time_limits: TimeLimits,
        sealing: Sealing,
        clock: Clock,
    ) -> None:
        self._ids = ids
        self._items = items
        self._communities = communities
        self._time_limits = time_limits
        self._sealing = sealing
        self._clock = clock

    def ticket_id(self, call: Call[PlaceTicket]) -> str:
        """The id of the order: made of upstream's number, so that two pushes of one at once are one order.

        Raises Invalid for a number, a moment, or an origin that cannot be.
        """
        said, actor = call.command.external, call.meta.actor
        if said is None:
            _must_not_be_upstreams(call.command.origin)
            return call.meta.created_id
        code(said.system, "external.system")
        must_be_well_formed(said, self._clock.now())
        if call.command.origin is not Origin.UPSTREAM or not actor.has(STAFF | _MACHINES):
            raise Invalid(
                "not-your-origin",
                Text(zh="上级转来的单,来源写 upstream", en="an order with external has the origin upstream"),
                field="origin",
            )
        if call.command.follow is not None:
            raise Invalid(
                "not-for-upstream",
                Text(
                    zh="上级的单有自己的编号,不能跟随,由工作人员合并",
                    en="upstream's order has its own number: staff merge it",
                ),
                field="follow",
            )
        return self._ids.ticket_id(actor.community_id, said.system, said.number)

    def taken(self, ticket: Ticket, call: Call[PlaceTicket]) -> Ticket:
        """A new order with what upstream said of it."""
        said = call.command.external
        if said is None:
            return ticket
        number = self._sealing.external_number(ticket, said.number)
        return upstream.taken(ticket, said, _client(call.meta.actor), number)

    def again(self, ticket: Ticket, call: Call[PlaceTicket]) -> Decided[Ticket] | None:
        """What a push of an order that is there already adds to it; None where it is none, or brings nothing new.

        Raises NotFound for whoever has nothing to do with it, Conflict ``too-many-repeats``.
        """
        said, actor = call.command.external, call.meta.actor
        if said is None or ticket.external is None:
            return None
        _must_concern(ticket, actor)
        words = call.command.description
        known = self._knows(ticket, words)
        if known and not _is_stricter(ticket, said):
            return None
        if ticket.external.repeats >= MOST_REPEATS:
            raise Conflict(
                "too-many-repeats",
                Text(zh="这一单重复推送太多次,请打电话", en="this order was sent again too often: please call us"),
            )
        now = self._clock.now()
        note = None if known else self._sealing.note(ticket, UPSTREAM_SAID, words, now)
        item = self._items.get(ticket.item_id)
        danger = not known and means_danger(words, item.danger_words if item else ())
        emergency = self.emergency(ticket, now) if danger else None
        return repeated(ticket, said, _client(actor), note, emergency, now)

    def _knows(self, ticket: Ticket, words: str) -> bool:
        """Was just this said before? A machine that sends a thing twice says nothing new."""
        texts = (text for note, text in self._sealing.open_notes(ticket) if note.action == UPSTREAM_SAID)
        return words.strip() in {
            (self._sealing.open_description(ticket) or "").strip(),
            *(one.strip() for one in texts),
        }

    def emergency(self, ticket: Ticket, now: datetime) -> Emergency:
        """What holds from now on, by the item as it was ordered."""
        item = self._items.version(ticket.item_id, ticket.item_version)
        community = self._communities.get(ticket.community_id)
        if item is None or community is None:
            return Emergency()
        return Emergency(
            deadlines=self._time_limits.of(item, community, Urgency.EMERGENCY, now),
            terms=item.terms(community, urgency=Urgency.EMERGENCY, seats=ticket.seats, danger=True),
            minutes=community.ladder.whistle_minutes.of(Urgency.EMERGENCY),
            rung_minutes=community.ladder.rung_minutes.of(Urgency.EMERGENCY),
        )


def _must_not_be_upstreams(origin: Origin) -> None:
    if origin is Origin.UPSTREAM:
        raise Invalid(
            "external-needed",
            Text(
                zh="上级转来的单请写明 external:哪个系统、工单号",
                en="an order from upstream says in external which system's it is, and its number there",
            ),
            field="external",
        )


def _client(actor: Actor) -> str | None:
    """The machine's account; staff who enter by hand what upstream sent are not it."""
    return actor.account_id if actor.has(_MACHINES) and not actor.has(STAFF) else None


def _must_concern(ticket: Ticket, actor: Actor) -> None:
    known = relations.must_exist(ticket, actor)
    near = relations.is_staff(known, actor) or actor.has(_MACHINES, known.area_path)
    if not near and not upstream.is_its_client(known, actor):
        raise relations.no_such_ticket()


def _is_stricter(ticket: Ticket, said: External) -> bool:
    before = ticket.external
    if before is None:
        return False
    after = before.again(said, None)
    return (after.deadline, after.callback_by, after.nature) != (before.deadline, before.callback_by, before.nature)
