"""How a search went, as staff are told it: counts of each wave, and one sentence why nobody was left."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest

from contracts import asked
from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.explaining import ReadSearch
from contracts.commands.hands_on import FreezeSearch
from contracts.dispatch import Asking
from contracts.errors import NotFound
from contracts.hands_on import SteeringReason
from contracts.terms import SkillNeed
from contracts.words import DemandStatus, Mode, OfferStatus, Text
from services.volunteers.application.explaining import Searches
from services.volunteers.domain import price
from services.volunteers.domain.costs import COSTS, Weights
from services.volunteers.domain.explaining import Kind, rows_of, rows_told
from services.volunteers.domain.gate_words import WORDS, lines, why_nobody
from services.volunteers.domain.gates import GATES
from services.volunteers.domain.offer import Offer, counted, invited
from services.volunteers.domain.team_choice import TEAM_ELSEWHERE
from tests.builders import TICKET_ID, a_meta, an_actor
from tests.unit.volunteers.builders import a_demand, a_member, accepted, an_offer, redispatched
from tests.unit.volunteers.world import World, a_world

DISPATCHER = an_actor(Role.DISPATCHER)
SAID_NO, SILENT = OfferStatus.DECLINED, OfferStatus.EXPIRED
BARBER = (SkillNeed("barber", 1, Text("理发", "hairdressing")),)


def read(world: World, actor=DISPATCHER) -> dict:
    searches = Searches(world.demands, world.matcher, world.clock, Weights(recent=40))
    return dict(searches.read(Call(ReadSearch(demand_id=TICKET_ID), a_meta(actor))).result)


@pytest.mark.parametrize(
    ("stopped", "beyond", "zh", "en"),
    [
        ({"skill": 9}, None, "没有人会理发", "nobody here has the skill: hairdressing"),
        (
            {"off_duty": 2, "skill": 9},
            None,
            "会理发的人都不在岗",
            "those with the skill: hairdressing are all off duty",
        ),
        ({"skill": 9, "off_duty": 2, "far": 1}, None, "会理发而且在岗的人附近没有", None),
        ({"skill": 9, "far": 1}, 1500, "会理发而且在岗的人附近没有(1.5 km以内一个也没有)", None),
        ({"asked": 3, "skill": 1}, None, "会理发而且在岗的人都已经问过", None),
        ({"no_time": 1, "full": 2}, None, "会理发而且在岗而且有空的人手上都满了", None),
        ({TEAM_ELSEWHERE: 4}, None, "没有队伍在这一片", "no team serves there"),
        ({}, None, "这里没有人可以请", "there is nobody here to be asked"),
        ({"invented_later": 3}, None, "会理发而且在岗的人都不合适", None),
    ],
)
def test_why_nobody_was_left_is_one_sentence(stopped, beyond, zh, en) -> None:
    said = why_nobody(stopped, BARBER, beyond)
    assert said.zh == zh
    assert said.en == (en or said.en)
    assert "{" not in said.en


def test_every_gate_has_its_words_and_none_is_left_unfilled() -> None:
    names = [gate.name for gate in GATES]
    assert set(names) <= set(WORDS)
    for gate, count, said in lines(dict.fromkeys([*names, "invented_later"], 2), BARBER):
        assert said.zh.startswith("2 "), gate
        assert "{" not in said.zh + said.en + why_nobody({gate: count}, (), 500).zh + why_nobody({gate: 1}, ()).en


def test_who_keeps_out_of_it_reads_like_who_does_other_work() -> None:
    """A count of its own words would tell that somebody here is the one a complaint is about."""
    assert WORDS["conflict"] == WORDS["who_may"]


def test_staff_read_what_whom_to_ask_first_is_chosen_by_and_how_much_each_weighs() -> None:
    world = a_world(1)
    world.tell(accepted())
    told = {row["cost"]: row for row in read(world)["costs"]}
    assert list(told) == [*(cost.name for cost in COSTS), "unserved"]
    assert told["recent_load"]["weights"] == [{"name": "recent", "value": 40}]
    assert all(row["sentence"]["zh"] and row["sentence"]["en"] for row in told.values())


def test_every_weight_of_the_settings_is_told_with_one_cost() -> None:
    named = [*(weight for cost in COSTS for weight in cost.weights), price.WEIGHT]
    assert sorted(named) == sorted(field.name for field in fields(Weights))


def test_the_page_about_dispatch_says_every_gate_and_every_cost_with_its_weight() -> None:
    page = (Path(__file__).parents[3] / "docs" / "dispatch.md").read_text(encoding="utf-8")
    missing = [cost.name for cost in COSTS if f"| `{cost.name}` " not in page]
    missing += [field.name for field in fields(Weights) if f"{field.name}={field.default}`" not in page]
    missing += [gate.name for gate in GATES if f"`{gate.name}`" not in page]
    assert missing == []


def test_staff_read_each_wave_in_counts() -> None:
    world = a_world(3)
    world.tell(accepted())
    first = world.demand.offers[0].member_id
    world.decline(1, first)
    world.pass_time(hours=3)

    told = read(world)

    waves = [
        (one["wave"], one["asked"], one["not_this_time"], one["no_answer"], one["waiting"]) for one in told["waves"]
    ]
    assert waves == [(1, 1, None, None, 0), (2, 1, None, None, 0), (3, 1, None, None, 1)]
    assert (told["counts"]["declined"], told["counts"]["expired"]) == (1, 1)
    assert told["waves"][0]["at"] == "2026-11-21T04:00:00.000Z"
    assert (told["counts"]["asked"], told["terms"]["waves"], told["terms"]["acting"]) == (3, 3, "automatic")
    assert told["waves"][0]["looked_at"] == 2


def test_nobody_who_did_not_come_is_named() -> None:
    world = a_world(3, display_name="某某")
    world.tell(accepted(mode=Mode.AUTOMATIC))
    world.decline(1, world.demand.offers[0].member_id)
    told = str(read(world))
    assert not any(name in told for name in ("m1", "m2", "m3", "某某", ".o1"))


def test_a_search_that_found_nobody_says_why_for_then_and_for_now() -> None:
    world = World(a_member("m1", skills=()), a_member("m2", on_duty=False))
    world.tell(accepted())
    world.pass_time(days=1)
    assert world.demand.status is DemandStatus.UNSERVED

    told = read(world)
    end = told["waves"][-1]
    assert (end["kind"], end["looked_at"]) == ("end", 2)
    assert [(one["gate"], one["count"]) for one in end["gates"]] == [("skill", 1), ("off_duty", 1)]
    assert end["sentence"]["zh"] == "会water_electric的人都不在岗"
    assert (told["now"]["fits"], told["now"]["sentence"]) == (0, end["sentence"])

    world.set_duty("m2", True)
    now = read(world)["now"]
    assert (now["fits"], now["sentence"]) == (1, None)


def test_an_order_that_has_its_people_looks_for_nobody_now() -> None:
    world = a_world(1)
    world.tell(accepted())
    world.say_yes("m1")
    told = read(world)
    assert told["now"] is None
    assert told["waves"][0]["yes"] == 1


def test_what_staff_did_and_what_waits_for_them_is_told() -> None:
    world = a_world(2)
    world.tell(accepted(mode=Mode.SUGGEST))
    told = read(world)
    assert (told["suggestion"]["number"], told["suggestion"]["count"]) == (1, 2)
    assert told["waves"][0]["asked"] == 0
    assert told["waves"][0]["sentence"] is None, "somebody was found, and waits for a touch"

    freeze = FreezeSearch(demand_id=TICKET_ID, reason=SteeringReason.WAITS)
    world.hands.freeze(Call(freeze, a_meta(DISPATCHER, "freeze")))
    told = read(world)
    assert told["frozen"]
    assert [(one["step"], one["by"]) for one in told["interventions"]] == [("freeze", "dispatcher")]
    assert [one["outcome"] for one in told["suggestions"]] == ["dropped"]


def test_who_is_not_staff_there_learns_nothing() -> None:
    world = a_world(1)
    world.tell(accepted())
    for actor in (an_actor(Role.RESIDENT), an_actor(Role.DISPATCHER, grants=(Grant(Role.DISPATCHER, "elsewhere"),))):
        with pytest.raises(NotFound):
            read(world, actor)


def test_rounds_come_one_after_the_other_and_offers_from_before_looks_were_kept_are_told_too() -> None:
    world = a_world(2)
    world.tell(accepted())
    world.pass_time(minutes=1)
    world.tell(redispatched(2))
    assert [(row.round, row.wave) for row in rows_of(world.demand)] == [(1, 1), (2, 1)]

    old = a_demand(offers=(an_offer(1, status=OfferStatus.ACCEPTED), an_offer(2, wave=0)))
    rows = {row.kind: row for row in rows_of(old)}
    assert (rows[Kind.WAVE].yes, rows[Kind.WAVE].looked_at) == (1, None)
    assert (rows[Kind.BY_NAME].waiting, rows[Kind.BY_NAME].found_nobody) == (1, False)


def a_row(wave: int, *statuses: OfferStatus, **offer: Any) -> tuple[Offer, ...]:
    return tuple(an_offer(10 * wave + n, wave=wave, status=one, **offer) for n, one in enumerate(statuses))


@pytest.mark.parametrize(
    ("offers", "in_all", "told"),
    [
        (a_row(0, SAID_NO), None, [None]),
        (a_row(0, SILENT), None, [None]),
        (a_row(1, SAID_NO, SILENT, SAID_NO), 2, [2]),
        # Of one who is asked by name after three others the sum would tell.
        ((*a_row(0, SAID_NO), *a_row(1, SAID_NO, SILENT, SAID_NO)), None, [None, 2]),
        ((*a_row(1, SAID_NO, SILENT, SAID_NO), *a_row(2, SAID_NO, by_name=True)), None, [2, None]),
        # What the sum and one wave leave over would be the answer of the other.
        ((*a_row(1, SAID_NO, SILENT, SAID_NO), *a_row(2, SAID_NO)), 3, [None, None]),
        ((*a_row(1, SAID_NO), *a_row(2, SILENT), *a_row(3, SAID_NO)), 2, [None, None, None]),
        # Who is not free to refuse owes an answer.
        (a_row(0, SILENT, asking=Asking.ORDERED), 0, [0]),
    ],
)
def test_the_answers_of_fewer_than_three_are_not_told(offers, in_all, told) -> None:
    demand = a_demand(offers=offers)
    counts = asked.told(asdict(counted(demand.offers)), asdict(invited(demand.offers)))
    rows = rows_told(rows_of(demand), counts["declined"] is not None)
    assert counts["declined"] == in_all
    assert [row.not_this_time for row in rows] == told
    assert [row.no_answer is None for row in rows] == [row.not_this_time is None for row in rows]
