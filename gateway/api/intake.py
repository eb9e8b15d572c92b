"""Taking orders in: who rings, what a pasted chat is about, in which system a point is."""

from typing import Any

from contracts.actor import Role
from contracts.commands.intake import ReadCaller, ReadPasted
from contracts.errors import Busy, Invalid, TooLate
from contracts.places import GivenPoint
from contracts.words import Text
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import body_of, resource
from gateway.api.commanding import perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.intake_schemas import CALLER, PASTED
from gateway.identity.permissions import Permission

_MACHINES = frozenset({Role.CLIENT})

blueprint = resource("intake", "接单台 / taking orders in")


@blueprint.route("/intake/chat", methods=["POST"])
@requires(Permission.TAKE_IN)
@blueprint.arguments(body_of(ReadPasted))
@blueprint.response(200, PASTED)
def read_chat(body: dict[str, Any]) -> Any:
    """What a text from a chat may be about: danger first, then items and places to choose from. Nothing is kept.

    Placed with ``origin: chat``, the order's answer brings a masked ``reply`` to paste back.
    """
    return answer(perform(ReadPasted(**body)).result, headers=NO_STORE)


@blueprint.route("/intake/callers", methods=["POST"])
@requires(Permission.REVEAL_CALLERS)
@blueprint.arguments(body_of(ReadCaller, "account_ids"))
@blueprint.response(200, CALLER)
def read_caller(body: dict[str, Any]) -> Any:
    """Who has this phone number, with their open and their last orders. Logged, and theirs to read."""
    return answer(perform(ReadCaller(**body, account_ids=_accounts(body["phone"]))).result, headers=NO_STORE)


def _accounts(phone: str) -> tuple[str, ...]:
    """Of this community. Where volunteers is away, members' own are missing: a call does not wait for it."""
    try:
        found = desk().identity.teller.with_phone(phone)
    except (Busy, TooLate):
        return ()
    return tuple(account.id for account in found if account.community_id == actor().community_id)


def check_point(point: GivenPoint | None) -> None:
    """A client that shows maps says in which system its points are: guessed wrong, a place is some hundred metres off.

    Raises Invalid ``crs-needed``.
    """
    if point is None or point.crs is not None or not actor().has(_MACHINES):
        return
    if desk().identity.clients.shows_maps(actor().community_id, actor().account_id):
        raise Invalid(
            "crs-needed",
            Text(
                zh="请写明坐标系(wgs84、gcj02 或 bd09),地图上取的点一般是 gcj02",
                en="say in which system the point is (wgs84, gcj02 or bd09); points from a map are mostly gcj02",
            ),
            "point.crs",
        )
