"""What is asked of whoever takes orders in, beside the order itself."""

from contracts.actor import Role
from contracts.errors import Invalid
from contracts.places import GivenPoint
from contracts.words import Text
from gateway.api.desk import actor, desk

_MACHINES = frozenset({Role.CLIENT})


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
