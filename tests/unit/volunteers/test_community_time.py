"""A community's working time, as it is published."""

from datetime import UTC, date, datetime

from contracts.events.masters import CommunityPublished
from services.volunteers.application.replicas import Replicas
from tests.builders import COMMUNITY, a_community_snapshot, received
from tests.fakes.communities import InMemoryCommunities


def known() -> InMemoryCommunities:
    communities = InMemoryCommunities()
    Replicas(communities).keep_community([received(CommunityPublished(), a_community_snapshot())])
    return communities


def test_holidays_and_make_up_days_are_kept() -> None:
    time = known().get(COMMUNITY)
    assert time is not None
    assert [
        time.works(day) for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 11))
    ] == [
        True,
        False,
        True,
        False,
    ]


def test_ten_working_minutes_go_over_noon_and_over_a_holiday() -> None:
    time = known().get(COMMUNITY)
    assert time is not None
    noon = datetime(2026, 9, 28, 3, 55, tzinfo=UTC)  # 11:55 in Shanghai
    assert time.hours().after(noon, 10) == datetime(2026, 9, 28, 6, 5, tzinfo=UTC)
    evening = datetime(2026, 9, 30, 9, 55, tzinfo=UTC)  # 17:55 before the holiday; the next day that works is the 2nd
    assert time.hours().after(evening, 10) == datetime(2026, 10, 2, 1, 5, tzinfo=UTC)


def test_the_day_is_the_communitys_own() -> None:
    time = known().get(COMMUNITY)
    assert time is not None
    assert time.local_day(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == date(2026, 11, 23)
