"""What hardly ever changes is asked for once in a while, not once for each order."""

from typing import Any

from contracts.events.masters import Point
from services.volunteers.adapters.remembered import FRESH_SECONDS, RememberedAreas, RememberedCommunities
from services.volunteers.application.ports import AreaRow, CommunityRow
from tests.builders import a_community_snapshot, an_area_snapshot
from tests.fakes.communities import InMemoryCommunities
from tests.unit.volunteers.world import InMemoryAreas


class Counting(InMemoryAreas):
    asked = 0

    def centroid(self, area_id: str) -> Point | None:
        self.asked += 1
        return super().centroid(area_id)


def area(middle: Point, version: int) -> list[AreaRow]:
    return [AreaRow(an_area_snapshot(centroid=middle), version)]


def test_once_in_a_while_and_what_is_not_known_each_time() -> None:
    now, areas = [5.0], Counting()
    remembered = RememberedAreas(areas, lambda: now[0])
    assert remembered.centroid("sll-g1") is None
    areas.keep(area(Point(1.0, 1.0), 1))
    assert [remembered.centroid("sll-g1") for _ in range(3)] == [Point(1.0, 1.0)] * 3
    assert areas.asked == 2

    areas.keep(area(Point(2.0, 2.0), 2))
    assert remembered.centroid("sll-g1") == Point(1.0, 1.0)
    now[0] += FRESH_SECONDS
    assert remembered.centroid("sll-g1") == Point(2.0, 2.0)
    assert (remembered.path("sll-g1"), remembered.grid("sll-g1")) == (areas.path("sll-g1"), areas.grid("sll-g1"))


def test_what_comes_in_here_is_known_at_once() -> None:
    areas, communities = RememberedAreas(InMemoryAreas()), RememberedCommunities(InMemoryCommunities())
    for version, middle, zone in ((1, Point(1.0, 1.0), "Asia/Shanghai"), (2, Point(2.0, 2.0), "Asia/Urumqi")):
        areas.keep(area(middle, version))
        communities.keep([CommunityRow(a_community_snapshot(time_zone=zone), version)])
        known: Any = communities.get("shiliuli")
        assert (areas.centroid("sll-g1"), known.time_zone) == (middle, zone)
