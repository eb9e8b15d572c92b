"""The card of the week is told of to who may act: through HTTP and all services, with a clock that stands still."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.weeks import MOST_AT_ONCE, CardOf, ReadFilledCards
from contracts.errors import Invalid, Refused
from gateway.rpc import GatewayRpc
from services.notify.domain.family_week import next_at
from tests.builders import a_meta, an_actor
from tests.services.people.conftest import WORKING, Family
from tests.services.permissions.people import DISPATCHER, PLACE
from tests.services.permissions.town import Town, a_town

ZONE = ZoneInfo("Asia/Shanghai")
TITLE = "这周谁来过"
OFFICER = an_actor(Role.DUTY, account_id="a-officer", grants=(Grant(Role.DUTY, "sll-g1"),))


@pytest.fixture(scope="module")
def people_town(house_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One of their own, whose weeks go by."""
    with a_town(house_settings, tmp_path_factory.mktemp("weeks"), "weeks_") as town:
        look(town)
        yield town


@pytest.fixture
def known(family: Family) -> Family:
    """Mother, and a daughter and a son who may see and are told."""
    for one in (family.daughter, family.son):
        family.grant(one, "see", "be_told")
    return family


def look(town: Town) -> None:
    (job,) = (job for job in town.parts["notify"].jobs if job.name == "family-weeks")
    job.run()


def sunday(town: Town) -> None:
    """It is Sunday evening, and notify looked."""
    at = next_at(town.clock.now(), 7, time(18), ZONE)
    town.clock.advance(seconds=(at - town.clock.now()).total_seconds())
    look(town)


def heard(family: Family, who: Actor) -> list[Any]:
    return [one for one in family.town.get(who, "/inbox?limit=100")["items"] if one["title"] == TITLE]


def visited(family: Family, **more: Any) -> str:
    """On the day after the Sunday before."""
    sunday(family.town)
    family.town.clock.advance(days=1)
    return served(family, **more)


def served(family: Family, **more: Any) -> str:
    """Ordered, taken and done at once; the order's id."""
    order = str(family.order(DISPATCHER, origin="phone", **more)["id"])
    family.take(order)
    family.town.do(WORKING, f"/tickets/{order}/complete", {"result": "solved"})
    return order


def waiting(family: Family, who: Actor) -> list[tuple[str, str | None]]:
    mine = {"rule": "family-week", "recipient": f"account:{who.account_id}", "channel": "outward"}
    found = family.town.resources["notify"].db["messages"].find(mine)
    return [(doc["status"], doc["reason"]) for doc in found]


def test_a_daughter_hears_on_sunday_and_finds_the_card_by_the_link(known: Family) -> None:
    order = visited(known)
    known.town.clock.advance(hours=1)
    look(known.town)
    assert heard(known, known.daughter) == []
    sunday(known.town)
    look(known.town)
    (message,) = heard(known, known.daughter)
    assert (message["ticket_id"], message["number"], len(heard(known, known.son))) == (None, None, 1)
    assert "李" not in message["body"]
    card = known.town.get(known.daughter, message["link"].removeprefix("/api/v1"))
    assert [one["ticket_id"] for one in card["visits"]] == [order]
    assert heard(known, DISPATCHER) == heard(known, OFFICER) == []


def test_what_came_on_sunday_after_it_was_told_is_in_the_next_one(known: Family) -> None:
    sunday(known.town)
    known.town.clock.advance(hours=1)
    order = served(known)
    assert heard(known, known.daughter) == []
    sunday(known.town)
    (message,) = heard(known, known.daughter)
    card = known.town.get(known.daughter, message["link"].removeprefix("/api/v1"))
    assert [one["ticket_id"] for one in card["visits"]] == [order]
    assert card["visits"][0]["day"] < card["first"]
    sunday(known.town)
    assert len(heard(known, known.daughter)) == 1


def test_who_acts_for_two_hears_of_each_and_is_led_to_the_right_card(known: Family) -> None:
    entered = {"name": "热娜·买买提", "area_id": PLACE, "form_of_address": "奶奶"}
    other = replace(known, person_id=known.town.do(DISPATCHER, "/people", entered)["person_id"])
    other.grant(known.daughter, "see", "be_told")
    visits = {known.person_id: visited(known), other.person_id: served(other)}
    sunday(known.town)
    messages = heard(known, known.daughter)
    cards = [known.town.get(known.daughter, one["link"].removeprefix("/api/v1")) for one in messages]
    found = {card["person_id"]: [one["ticket_id"] for one in card["visits"]] for card in cards}
    assert found == {person: [order] for person, order in visits.items()}
    assert len(messages) == len({one["link"] for one in messages}) == 2
    assert all("第一网格的家人" in one["body"] for one in messages)
    given = known.town.get(known.daughter, "/delegations")["delegations"]
    assert set(found) <= {one["person_id"] for one in given}, "the link names whom as the app knows them"
    for told in (entered["name"], entered["form_of_address"], "阿依古丽", "阿姨", PLACE):
        assert told not in str(messages)


def test_an_order_that_is_kept_from_the_daughter_tells_her_nothing(known: Family) -> None:
    order = visited(known)
    known.town.do(DISPATCHER, f"/tickets/{order}/hide", {"account_ids": [known.daughter.account_id]})
    sunday(known.town)
    assert (heard(known, known.daughter), len(heard(known, known.son))) == ([], 1)


def test_in_a_week_without_anything_nobody_is_disturbed(known: Family) -> None:
    visited(known)
    sunday(known.town)
    sunday(known.town)
    assert len(heard(known, known.daughter)) == 1


def test_who_may_see_and_wants_no_news_or_hears_without_seeing_is_told_nothing(family: Family) -> None:
    family.grant(family.daughter, "see")
    family.grant(family.son, "order", "be_told")
    visited(family)
    sunday(family.town)
    assert heard(family, family.daughter) == heard(family, family.son) == []


def test_a_grant_that_ended_before_or_after_it_was_told_ends_it(known: Family) -> None:
    visited(known)
    son = next(one for one in _grants(known) if one["account_id"] == known.son.account_id)
    known.town.do(DISPATCHER, f"/delegations/{son['delegation_id']}/end", {})
    sunday(known.town)
    assert (len(heard(known, known.daughter)), heard(known, known.son)) == (1, [])
    assert waiting(known, known.daughter) == [("queued", None)]
    daughter = next(one for one in _grants(known) if one["account_id"] == known.daughter.account_id)
    known.town.do(DISPATCHER, f"/delegations/{daughter['delegation_id']}/end", {})
    known.town.clock.advance(hours=3)
    known.town.deliver()
    assert waiting(known, known.daughter) == [("suppressed", "no-longer-told")]


def test_of_a_death_no_machine_tells_anybody(known: Family) -> None:
    visited(known)
    known.town.do(DISPATCHER, f"/people/{known.person_id}/deceased", {})
    sunday(known.town)
    assert heard(known, known.daughter) == heard(known, known.son) == []


def test_a_death_after_it_was_told_keeps_back_what_waits(known: Family) -> None:
    visited(known)
    sunday(known.town)
    known.town.do(DISPATCHER, f"/people/{known.person_id}/deceased", {})
    known.town.clock.advance(hours=3)
    known.town.deliver()
    assert waiting(known, known.daughter) == [("suppressed", "quiet")]


def test_whether_a_card_is_filled_is_for_the_platform_alone(known: Family) -> None:
    card = CardOf(person_id=known.person_id, own_account=None, account_id=known.daughter.account_id)
    asked = ReadFilledCards(day="2026-11-22", time_zone="Asia/Shanghai", cards=(card,))
    for who in (known.daughter, DISPATCHER, an_actor(Role.ADMIN)):
        with pytest.raises(Refused):
            GatewayRpc().read_filled_cards(Call(asked, a_meta(who)))
    many = ReadFilledCards(day="2026-11-22", time_zone="Asia/Shanghai", cards=(card,) * (MOST_AT_ONCE + 1))
    with pytest.raises(Invalid):
        known.town.call(many, a_meta(an_actor(Role.SYSTEM, account_id="system")))


def _grants(family: Family) -> list[Any]:
    found = family.town.get(DISPATCHER, f"/people/{family.person_id}")["delegations"]
    return [one for one in found if one["stands"]]
