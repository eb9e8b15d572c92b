"""What is kept of how much somebody was asked and did lately: when seats were taken, when offers were made."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.words import Urgency
from services.volunteers.domain.member import SERVED_KEPT
from services.volunteers.domain.need import candidate_of, need_of, need_of_claim
from services.volunteers.domain.night import day_of
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import a_demand, a_member, accepted, completed, reworked
from tests.unit.volunteers.world import a_world


def test_taking_a_seat_is_remembered_with_the_member_once() -> None:
    world = a_world(1)
    world.tell(accepted())
    world.say_yes("m1")
    world.tell(completed(2), reworked(3))
    assert world.member("m1").holding
    assert world.member("m1").served == (NOON,)


def test_no_more_is_remembered_than_is_looked_at() -> None:
    member = a_member()
    for number in range(SERVED_KEPT + 5):
        member = member.hold(f"s{number}", NOON + timedelta(hours=number))
    assert member.served == tuple(NOON + timedelta(hours=number) for number in range(5, SERVED_KEPT + 5))


def test_an_offer_says_when_it_was_made() -> None:
    world = a_world(1)
    world.tell(accepted())
    assert [offer.made_at for offer in world.demand.offers] == [NOON]


def test_a_local_day_and_week_begin_at_their_own_midnight() -> None:
    """22 November 2026 is a Sunday; at 17:00 UTC Monday has begun in Shanghai."""
    zone = ZoneInfo("Asia/Shanghai")
    sunday, monday = datetime(2026, 11, 22, 15, 0, tzinfo=UTC), datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert day_of(zone, sunday) == (datetime(2026, 11, 21, 16, tzinfo=UTC), datetime(2026, 11, 15, 16, tzinfo=UTC))
    assert day_of(zone, monday) == (datetime(2026, 11, 22, 16, tzinfo=UTC),) * 2


def test_seats_of_the_local_week_are_counted() -> None:
    need = need_of(a_demand(), some_terms(), NOON)
    moments = (need.week_from - timedelta(seconds=1), need.week_from, NOON)
    assert candidate_of(a_member(served=moments), need).taken_this_week == 2


def test_how_often_somebody_is_asked_does_not_hold_back_an_emergency_nor_who_comes_unasked() -> None:
    terms = some_terms(offers_per_day=2)
    assert need_of(a_demand(), terms, NOON).offers_per_day == 2
    assert need_of_claim(a_demand(), terms, NOON).offers_per_day is None
    assert need_of(a_demand(), some_terms(urgency=Urgency.EMERGENCY), NOON).offers_per_day is None
