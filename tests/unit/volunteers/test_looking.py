"""What each look for people saw is kept with the order, in the write that asks: numbers alone, and never too many."""

from dataclasses import replace
from datetime import timedelta

from contracts.events.masters import Point
from contracts.words import DemandStatus, Policy
from services.volunteers.adapters.codecs import DemandCodec
from services.volunteers.domain.gates import GATES
from services.volunteers.domain.looking import KEPT, Look, look_at, noted, noted_at_the_end
from services.volunteers.domain.need import candidate_of, need_of
from services.volunteers.domain.wave import WaveRecord
from tests.builders import NOON, some_terms
from tests.unit.volunteers.builders import HERE, a_demand, a_member, accepted
from tests.unit.volunteers.test_teams import A, B, a_team, a_world_of
from tests.unit.volunteers.world import World, a_world

NORTH = 111_195
"""Metres of one degree."""


def looks(world: World) -> list[tuple[int, int, int, int]]:
    return [(one.round, one.wave, one.asked, one.looked_at) for one in world.demand.looks]


def test_a_wave_is_remembered_in_the_write_that_asks() -> None:
    world = a_world(2)
    world.tell(accepted())
    assert looks(world) == [(1, 1, 1, 2)]
    assert world.demand.looks[0].at == NOON
    world.decline(1, world.demand.offers[0].member_id)
    assert looks(world)[1] == (1, 2, 1, 1)


def test_the_tick_says_how_many_each_gate_stopped() -> None:
    world = World(
        a_member("m1"),
        a_member("m2", skills=()),
        a_member("m3", on_duty=False),
        a_member("m4", coverage=("elsewhere",)),
        by_tick=True,
    )
    world.tell(accepted())
    assert world.demand.looks == (), "a mark is no look"
    world.tick()
    (record,) = world.demand.looks
    assert (record.wave, record.asked, record.looked_at) == (1, 1, 4)
    assert dict(record.stopped) == {"skill": 1, "off_duty": 1, "far": 1}


def test_a_team_is_looked_for_among_teams() -> None:
    small, far = a_team("small", "m7"), a_team("far", "m8", "m9", area="sll-g2")
    world = a_world_of(A, B, small, far)
    world.tell(accepted(policy=Policy.TEAM, seats=2))
    (record,) = world.demand.looks
    assert (record.asked, record.looked_at) == (1, 4)
    assert dict(record.stopped) == {"team_elsewhere": 1, "team_too_few": 1}


def test_a_look_that_found_nobody_is_remembered_and_the_last_one_looks_at_everybody() -> None:
    world = a_world(1, skills=())
    world.add(a_member("m2", on_duty=False))
    world.tell(accepted())
    assert looks(world) == [(1, 1, 0, 0)]
    assert world.demand.status is DemandStatus.CLAIM
    world.pass_time(days=1)
    assert world.demand.status is DemandStatus.UNSERVED
    last = world.demand.looks[-1]
    assert (last.wave, last.asked, last.looked_at, dict(last.stopped)) == (0, 0, 2, {"skill": 1, "off_duty": 1})


def test_looking_again_for_the_same_wave_takes_the_place_of_the_look_before() -> None:
    demand = a_demand()
    twice = noted(noted(demand, demand, Look(looked_at=3), NOON), demand, Look(looked_at=5), NOON)
    assert [one.looked_at for one in twice.looks] == [5]


def test_a_search_that_goes_on_for_ever_remembers_the_newest() -> None:
    demand = a_demand()
    for round in range(1, KEPT + 5):
        demand = noted_at_the_end(replace(demand, round=round), Look(looked_at=round), NOON)
    assert len(demand.looks) == KEPT
    assert (demand.looks[0].round, demand.looks[-1].round) == (5, KEPT + 4)


def test_no_look_says_whom_it_saw() -> None:
    world = a_world(3)
    world.tell(accepted())
    fields = set(WaveRecord.__dataclass_fields__)
    assert fields == {"round", "wave", "at", "asked", "looked_at", "stopped", "beyond"}
    names = {gate.name for gate in GATES}
    assert all(set(one.stopped) <= names for one in world.demand.looks)


def test_how_near_the_nearest_is_who_does_not_come_so_far_is_told_in_whole_steps() -> None:
    def at(metres: int) -> Point:
        return Point(HERE.lon, HERE.lat + metres / NORTH)

    need = replace(need_of(a_demand(), some_terms(), NOON), place=HERE)
    near, far = (a_member(f"m{n}", start=at(n), radius=300) for n in (1700, 2900))
    seen = look_at(need, [candidate_of(one, need) for one in (near, far, a_member("m3"))])
    assert (seen.looked_at, dict(seen.stopped), seen.beyond) == (3, {"far": 2}, 1500)
    round_the_corner = replace(near, start=at(400))
    assert look_at(need, [candidate_of(round_the_corner, need)]).beyond is None


def test_what_was_seen_survives_its_document_and_an_old_document_knows_of_none() -> None:
    codec = DemandCodec()
    demand = noted(
        a_demand(), a_demand(), Look(looked_at=2, stopped={"skill": 2}, beyond=500), NOON + timedelta(hours=1)
    )
    doc = codec.to_doc(demand)
    assert codec.from_doc({**doc, "_id": demand.id}) == demand
    del doc["looks"]
    assert codec.from_doc({**doc, "_id": demand.id}).looks == ()


def test_the_look_of_several_roles_is_one() -> None:
    one = Look(looked_at=2, stopped={"skill": 1}, beyond=1000)
    assert one.plus(Look(looked_at=3, stopped={"skill": 1, "far": 2}, beyond=500)) == Look(
        looked_at=5, stopped={"skill": 2, "far": 2}, beyond=500
    )
