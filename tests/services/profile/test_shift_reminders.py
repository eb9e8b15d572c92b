"""Before a shift whoever has it is reminded, in the app and by phone: over HTTP, by a clock that stands still."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.settings import Settings
from contracts.events.masters import MemberPublished
from deploy.audit.audit import CLAUSES, audit
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from services.volunteers.adapters.codecs import MemberCodec
from tests.builders import COMMUNITY, a_member_actor
from tests.services.permissions.people import DISPATCHER, GRID, members
from tests.services.permissions.town import Town, a_town

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, SECOND = a_member_actor("d1"), a_member_actor("d2")
SOON = "快到您值班了"
OF_NOTICES = ("told_twice", "not_told", "told_for_nothing", "told_after_all")


@pytest.fixture(scope="module")
def town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One whose days go by."""
    with a_town(house_settings, tmp_path_factory.mktemp("shifts"), "shifts_") as made:
        (officer,) = (one for one in members() if one.id == "d1")
        another = replace(officer, id="d2", external_no="d2")
        made.publish("volunteers", MemberCodec(), another, MemberPublished())
        yield made


def a_shift(town: Town, member: str | None, role: str = "duty_officer") -> tuple[str, datetime]:
    """In three days, from noon until three; with when it begins."""
    day = (town.clock.now().astimezone(ZONE) + timedelta(days=3)).date()
    wanted = {"day": day.isoformat(), "role": role, "starts": "12:00", "ends": "15:00", "member_id": member}
    shift = str(town.do(DISPATCHER, f"/rosters/{GRID}/shifts", wanted)["shift_id"])
    return shift, datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def until(town: Town, moment: datetime) -> None:
    town.elapse(seconds=(moment - town.clock.now()).total_seconds())
    for _ in range(3):
        town.deliver()


def reminded(town: Town, who: Any, since: int = 0) -> int:
    return sum(one["title"] == SOON for one in town.get(who, "/inbox?limit=100")["items"]) - since


def test_a_day_and_an_hour_before(town: Town) -> None:
    _, begins = a_shift(town, "d1")
    before = reminded(town, FIRST)
    until(town, begins - timedelta(hours=24, minutes=1))
    assert reminded(town, FIRST, before) == 0
    until(town, begins - timedelta(hours=23))
    assert reminded(town, FIRST, before) == 1
    until(town, begins - timedelta(minutes=59))
    assert reminded(town, FIRST, before) == 2
    until(town, begins)
    assert reminded(town, FIRST, before) == 2


def test_who_gave_it_up_hears_no_more_and_whoever_has_it_now_does(town: Town) -> None:
    shift, begins = a_shift(town, "d1", "counter")
    first, second = reminded(town, FIRST), reminded(town, SECOND)
    until(town, begins - timedelta(hours=23))
    assert reminded(town, FIRST, first) == 1
    town.do(FIRST, f"/shifts/{shift}/cannot")
    town.do(DISPATCHER, f"/shifts/{shift}/substitute", {"member_id": "d2"})
    until(town, begins - timedelta(minutes=59))
    assert (reminded(town, FIRST, first), reminded(town, SECOND, second)) == (1, 1)


def test_the_audit_of_notices_works_out_the_same(town: Town) -> None:
    a_shift(town, "d1", "secretary_on_call")
    settings = town.resources["tickets"].settings
    clauses = {name: clause for name, clause in CLAUSES.items() if clause.__name__ in OF_NOTICES}
    assert len(clauses) == len(OF_NOTICES)
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        found = audit(databases, Scope(COMMUNITY), clauses)
    assert {name: some for name, some in found.items() if some} == {}
