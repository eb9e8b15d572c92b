"""Wanting to hear: follow an order that one sees, subscribe to areas and categories."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from contracts.actor import Actor
from contracts.commands.following import FollowTicket, ReadSubscriptions, SetSubscriptions, UnfollowTicket
from contracts.errors import Invalid
from contracts.following import MOST_SUBSCRIPTIONS, Sight, Subscription
from contracts.schemas.fields import SafeText
from contracts.words import Text
from gateway.api.answers import answer
from gateway.api.bodies import Body, body_of, resource
from gateway.api.commanding import ask, not_found, patch
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.schemas import shape
from gateway.identity.permissions import Permission
from gateway.views.scope import chief_blocks, is_chief_for, is_delegate, is_holder, is_requester, is_staff_for

BLOCK = "block"
FINEST = "grid"
"""The kind of area down to which the place of an order is public."""
FOLLOWING = shape("Following", ticket_id=SafeText(required=True), following=fields.Boolean(required=True))
SUBSCRIPTIONS = shape(
    "Subscriptions",
    subscriptions=fields.List(fields.Nested(shape("Subscription", Subscription)), required=True),
)

blueprint = resource("following", "关注、订阅 / following and subscriptions")


@blueprint.route("/tickets/<ticket_id>/follow", methods=["PUT"])
@requires(Permission.FOLLOW_TICKETS)
@blueprint.arguments(Body)
@blueprint.response(200, FOLLOWING)
def follow(body: dict[str, Any], ticket_id: str) -> Any:
    """Hear of its changes in your inbox, for as long as you see it: staff, its blocks' chiefs, who ordered or acts for
    them, the crew."""
    del body
    who = actor()
    doc = desk().tickets.get(who, ticket_id)
    sight = None if doc is None else _sight(who, doc)
    if sight is None:
        raise not_found()
    return answer(patch(FollowTicket(ticket_id=ticket_id, by=sight)).result)


@blueprint.route("/tickets/<ticket_id>/follow", methods=["DELETE"])
@requires(Permission.OWN_SUBSCRIPTIONS)
@blueprint.response(200, FOLLOWING)
def unfollow(ticket_id: str) -> Any:
    """Hear of it no more; also of one that you do not see any more."""
    return answer(patch(UnfollowTicket(ticket_id=ticket_id)).result)


@blueprint.route("/me/subscriptions", methods=["GET"])
@requires(Permission.OWN_SUBSCRIPTIONS)
@blueprint.response(200, SUBSCRIPTIONS)
def read_subscriptions() -> Any:
    """Of which areas and categories you want to hear."""
    return answer(ask(ReadSubscriptions()).result)


@blueprint.route("/me/subscriptions", methods=["PUT"])
@requires(Permission.OWN_SUBSCRIPTIONS)
@blueprint.arguments(body_of(SetSubscriptions))
@blueprint.response(200, SUBSCRIPTIONS)
def set_subscriptions(body: dict[str, Any]) -> Any:
    """These and no others. Everybody hears of public answers, members of seats that anybody may claim, staff and chiefs
    of new orders in their areas and blocks. ``category`` null: all of them."""
    if len(body["subscriptions"]) > MOST_SUBSCRIPTIONS:
        most = Text(f"最多订阅 {MOST_SUBSCRIPTIONS} 条", f"at most {MOST_SUBSCRIPTIONS} of them")
        raise Invalid("too-many-subscriptions", most, "subscriptions")
    for place, one in enumerate(body["subscriptions"]):
        _check_area(one.area_id, f"subscriptions.{place}.area_id")
    return answer(patch(SetSubscriptions(**body)).result)


def _sight(who: Actor, doc: Mapping[str, Any]) -> Sight | None:
    """As what they see it for longest."""
    if is_requester(who, doc):
        return Sight.REQUESTER
    if is_staff_for(who, doc):
        return Sight.STAFF
    if is_holder(who, doc):
        return Sight.CREW
    if is_chief_for(who, doc):
        return Sight.CHIEF
    return Sight.DELEGATE if is_delegate(who, doc) else None


def _check_area(area_id: str, field: str) -> None:
    """No order is ever said to be in what is not there, below a grid, or in a block, but to its chiefs."""
    who = actor()
    blocks = chief_blocks(who)
    if blocks and area_id in blocks:
        return
    path = desk().masters.area_path(who, area_id) or ()
    if area_id not in path:
        raise Invalid("no-such-area", Text("没有这个区域", "there is no such area"), field)
    above = [desk().masters.get(who, "areas", one) for one in path[:-1]]
    public = desk().masters.get(who, "areas", area_id)
    below_grid = any(doc is not None and doc["area"]["kind"] == FINEST for doc in above)
    if public is not None and public["area"]["kind"] == BLOCK and blocks is None:
        return
    if below_grid or public is None or public["area"]["kind"] == BLOCK:
        sentence = Text("请选网格或更大的区域,街区不行", "name a grid or a wider area: no order is ever in this one")
        raise Invalid("area-matches-nothing", sentence, field)
