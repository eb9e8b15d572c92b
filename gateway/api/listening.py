"""Beginning to listen: as whom, to what, from where on, and until when."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from flask import request

from chassis.http_host import may_wait
from contracts.actor import Actor
from contracts.event_types import OF_ORDERS, UnknownEventType, chosen_types, no_such_type
from contracts.events import EVENTS
from contracts.words import Text
from gateway.api.desk import Desk
from gateway.api.field_errors import FieldError
from gateway.api.gate import OVER
from gateway.api.problems import Problem
from gateway.identity.tokens import Bearer
from gateway.stream.fanout import TooManyStreams
from gateway.stream.following import listener
from gateway.stream.subscriber import Subscriber
from gateway.stream.wanted import Wanted
from gateway.views.scope import chief_blocks, staff_areas

ROOM_SECONDS = 15
"""After so long a stream that nobody reads any more is noticed and gone."""
_OF_ORDERS = frozenset(kind for kind, event in EVENTS.items() if event.AGGREGATE in OF_ORDERS)


class End(Enum):
    """Why a listener hears no more: a code, and a sentence for whoever reads it."""

    SIGNED_OUT = ("not-signed-in", OVER)
    EXPIRED = (
        "token-over",
        Text("令牌到期了,请换新的再接上", "this token is over: go on with a new one where you stopped"),
    )
    BARRED = ("not-permitted", Text("您的角色不能再听了", "none of your roles permits this any more"))

    @property
    def code(self) -> str:
        """For machines."""
        return str(self.value[0])

    @property
    def sentence(self) -> Text:
        """For people."""
        sentence: Text = self.value[1]
        return sentence


def wanted_of(here: Desk, who: Bearer, query: Mapping[str, Any]) -> Wanted:
    """What *query* narrows to; raises Problem 422 naming the parameter that nothing would come of."""
    types = _types(query["types"])
    area, ticket = query["area"], query["ticket"]
    if area is not None and not _hears_of_area(here, who.actor, area):
        raise _nothing("area", "no-such-area", "没有这个区域,或者不归您看", "no such area, or not yours to hear of")
    if ticket is not None:
        _check_ticket(here, who.actor, ticket, area, types)
    return Wanted(types=types, area=area, ticket=ticket)


def begin(here: Desk, who: Bearer, wanted: Wanted) -> Subscriber:
    """Listen from now on, as the account is now, if there is room; raises Problem 429, or 403 where it may not.

    The account is read after it is listened for: a change of it is in what is read, or is heard of.
    """
    subscriber = _subscribe(here, who, wanted)
    try:
        account = here.accounts.by_id(who.actor.account_id)
        if account is not None:
            here.fanout.renew(account.id, listener(account))
        if subscriber.barred:
            raise Problem(403, End.BARRED.code, End.BARRED.sentence)
    except BaseException:
        here.fanout.unsubscribe(subscriber)
        raise
    return subscriber


def left(here: Desk, who: Bearer) -> float:
    """Seconds until the token of whoever listens ends; none where they have signed out meanwhile."""
    return 0.0 if here.identity.revocations.holds(who) else max(0.0, who.expires - here.now())


def end_of(here: Desk, who: Bearer, subscriber: Subscriber) -> End | None:
    """Why they may hear no more; None: they may. Asked before anything is told; reads nothing."""
    if here.identity.revocations.holds(who):
        return End.SIGNED_OUT
    if subscriber.barred:
        return End.BARRED
    return None if who.expires > here.now() else End.EXPIRED


def _subscribe(here: Desk, who: Bearer, wanted: Wanted) -> Subscriber:
    try:
        if may_wait(request.environ):
            return here.fanout.subscribe(who.actor, wanted, who.session)
    except TooManyStreams:
        pass
    sentence = Text("打开的实时连接太多,请先关掉一些", "too many streams are open: close some of them first")
    raise Problem(429, "too-many-streams", sentence, headers={"Retry-After": str(ROOM_SECONDS)})


def _types(patterns: Sequence[str]) -> frozenset[str] | None:
    try:
        return chosen_types(patterns) if patterns else None
    except UnknownEventType as unknown:
        said = no_such_type(unknown.pattern)
        raise _nothing("types", "no-such-type", said.zh, said.en) from None


def _hears_of_area(here: Desk, actor: Actor, area: str) -> bool:
    """Lies the area in, or around, where something can come to the actor from? Ordering and serving is anywhere."""
    granted = {grant.area_id for grant in actor.grants}
    if area in granted:
        return True
    path = here.masters.area_path(actor, area)
    if path is None:
        return False
    areas, blocks = staff_areas(actor), chief_blocks(actor)
    if areas is None or blocks is None or not (areas or blocks):
        return True
    near = {*path, *_covers(here, actor, area)}
    return any(_touches(here, actor, own, area, near) for own in (*areas, *blocks))


def _touches(here: Desk, actor: Actor, own: str, area: str, near: set[str]) -> bool:
    own_path = here.masters.area_path(actor, own) or ()
    return own in near or area in own_path or not near.isdisjoint(_covers(here, actor, own))


def _covers(here: Desk, actor: Actor, area: str) -> Sequence[str]:
    """What a block covers; nothing for an area that is none."""
    doc = here.masters.get(actor, "areas", area)
    covered: Sequence[str] = () if doc is None else doc["area"].get("covers", ())
    return covered


def _check_ticket(here: Desk, actor: Actor, ticket: str, area: str | None, types: frozenset[str] | None) -> None:
    doc = here.tickets.get(actor, ticket)
    if doc is None:
        raise _nothing("ticket", "no-such-ticket", "没有这张单,或者不归您看", "no such order, or not yours to hear of")
    if area is not None and area not in (*doc.get("area_path", ()), *(doc["ticket"].get("blocks") or ())):
        raise _nothing("area", "ticket-elsewhere", "这张单不在这个区域", "the order does not lie in this area")
    if types is not None and types.isdisjoint(_OF_ORDERS):
        raise _nothing("types", "not-of-tickets", "这些事件都不是一张单的", "none of these events is an order's")


def _nothing(field: str, code: str, zh: str, en: str) -> Problem:
    sentence = Text(zh, en)
    return Problem(422, code, sentence, (FieldError(field, "query", sentence),))
