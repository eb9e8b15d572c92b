"""Robots that write into chat groups; and an order as a card to paste into a group that has none."""

from typing import Any

from contracts.commands.robots import ChangeRobot, ReadRobot, ReadRobots, RegisterRobot, RemoveRobot, TestRobot
from contracts.errors import Refused
from contracts.groups import groups_for, two_lines
from contracts.words import Nature, Text, TicketStatus, Urgency
from gateway.api import schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import ask, not_found, patch, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.revisions import IF_MATCH, etag, guarded, if_match_number
from gateway.api.robot_schemas import CARD, ROBOT, ROBOT_SEEN, ROBOTS, TESTED
from gateway.identity.permissions import Permission

blueprint = resource("robots", "群机器人 / robots of chat groups")

ONE = "/robots/<robot_id>"
_STANDS = {
    TicketStatus.SUBMITTED: Text(zh="已点单", en="Received"),
    TicketStatus.ACCEPTED: Text(zh="已受理,正在找人", en="Accepted, somebody is looked for"),
    TicketStatus.ASSIGNED: Text(zh="已有人接单", en="Somebody comes"),
    TicketStatus.IN_PROGRESS: Text(zh="正在办", en="Somebody is at it"),
    TicketStatus.MERGED: Text(zh="和另一件一起办", en="Done together with another"),
    TicketStatus.COMPLETED: Text(zh="已完成", en="Done"),
    TicketStatus.CLOSED: Text(zh="已办结", en="Closed"),
    TicketStatus.REJECTED: Text(zh="不归社区办,已告诉找谁", en="Not the community's; they know whom to ask"),
    TicketStatus.CANCELLED: Text(zh="已取消", en="Cancelled"),
}
"""How an order stands, as people in a group read it."""


@blueprint.route("/robots", methods=["POST"])
@requires(Permission.KEEP_ROBOTS)
@blueprint.arguments(body_of(RegisterRobot))
@blueprint.response(201, ROBOT)
def register(body: dict[str, Any]) -> Any:
    """A group has a robot now. ``key`` (WeCom's key, DingTalk's token, an address of Apprise) and ``secret``
    (DingTalk's, where the group signs) are sealed and never shown again. ``categories``: of which kinds of news it
    tells (order, offer, visit, family, duty, alarm, account, community; none: of all). A residents' group hears of
    problems in public places alone, no group of complaints.
    """
    return _robot(perform(RegisterRobot(**body)).result, 201)


@blueprint.route("/robots", methods=["GET"])
@requires(Permission.KEEP_ROBOTS)
@blueprint.response(200, ROBOTS)
def read_all() -> Any:
    """The robots of the areas in one's care; never a key."""
    return answer(ask(ReadRobots()).result, headers=NO_STORE)


@blueprint.route(ONE, methods=["GET"])
@requires(Permission.KEEP_ROBOTS)
@blueprint.response(200, ROBOT_SEEN)
def read_one(robot_id: str) -> Any:
    """How it is, and what became of the newest that it was to tell; ``digest``: in one with others."""
    return _robot(ask(ReadRobot(robot_id=robot_id)).result)


@blueprint.route(ONE, methods=["PATCH"])
@requires(Permission.KEEP_ROBOTS)
@blueprint.doc(parameters=[IF_MATCH])
@blueprint.arguments(body_of(ChangeRobot, "robot_id", "revision"))
@blueprint.response(200, ROBOT)
def change(body: dict[str, Any], robot_id: str) -> Any:
    """Change what is given; ``on`` turns it on (one that broke, too) or off."""
    command = ChangeRobot(robot_id=robot_id, revision=if_match_number(), **body)
    return _robot(guarded(lambda: patch(command)).result)


@blueprint.route(ONE, methods=["DELETE"])
@requires(Permission.KEEP_ROBOTS)
@blueprint.response(200, schemas.DONE)
def remove(robot_id: str) -> Any:
    """It is forgotten, its key destroyed; what waited for it is not told."""
    patch(RemoveRobot(robot_id=robot_id))
    return answer({"done": True})


@blueprint.route(f"{ONE}/test", methods=["POST"])
@requires(Permission.KEEP_ROBOTS)
@blueprint.response(200, TESTED)
def test(robot_id: str) -> Any:
    """It writes a test message now; the answer is the provider's."""
    return answer(perform(TestRobot(robot_id=robot_id)).result, headers=NO_STORE)


@blueprint.route("/tickets/<ticket_id>/card", methods=["GET"])
@requires(Permission.TAKE_IN)
@blueprint.response(200, CARD)
def card(ticket_id: str) -> Any:
    """An order in two masked lines, to paste into a chat group: how it stands, the item, the grid, the number.

    ``readers``: which groups may read it (staff, residents). A complaint has no card.
    """
    doc = desk().tickets.get(actor(), ticket_id)
    if doc is None or "ticket" not in doc:
        raise not_found()
    part = doc["ticket"]
    # Whether it is for a child is known with its terms: until then no more than staff may read it.
    for_child = bool(doc.get("terms", {}).get("for_child", True))
    readers = groups_for(Nature(part["nature"]), part["category"], Urgency(part["urgency"]), for_child=for_child)
    if not readers:
        sentence = Text("投诉不能发到群里", "a complaint goes into no group")
        raise Refused("not-for-a-group", sentence, "ticket_id")
    stands, item = _STANDS[TicketStatus(part["status"])], Text(**part["item_name"])
    area = desk().masters.get(actor(), "areas", doc["area_path"][-1])
    grid = None if area is None else Text(**area["area"]["name"])
    urgent = part["urgency"] == Urgency.EMERGENCY.value
    lines = {
        locale: two_lines(stands.zh if locale == "zh" else stands.en, item, grid, part["number"], locale, urgent=urgent)
        for locale in ("zh", "en")
    }
    return answer({**lines, "readers": [one.value for one in readers]}, headers=NO_STORE)


def _robot(result: Any, status: int = 200) -> Any:
    return answer(result, status, headers={**etag(result["rev"]), **NO_STORE})
