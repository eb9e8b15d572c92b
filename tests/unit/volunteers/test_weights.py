"""What the settings may say of the weights, and that the batch walks as far as a single order does."""

from random import Random

import numpy as np
import pytest

from chassis.settings import Settings, SettingsError
from contracts.events.masters import Point
from services.volunteers.adapters.graph import SparseSolver, _flat
from services.volunteers.adapters.weighing import weights_of
from services.volunteers.application.solving import Crowd, Person, Wanted
from services.volunteers.domain.costs import Weights
from services.volunteers.domain.walking import metres, walking_minutes
from tests.unit.volunteers.builders import HERE

TOWN = 0.05
"""Degrees either way: about five kilometres."""


def somewhere(rng: Random) -> Point:
    return Point(HERE.lon + rng.uniform(-TOWN, TOWN), HERE.lat + rng.uniform(-TOWN, TOWN))


def test_only_what_is_named_changes() -> None:
    assert Weights.of({}) == Weights()
    assert Weights.of({"recent": "40", "hand": "0"}) == Weights(recent=40, hand=0)


@pytest.mark.parametrize(
    "pairs", [{"recnt": "40"}, {"recent": "-1"}, {"recent": ""}, {"recent": "much"}, {"recent": "1.5"}]
)
def test_an_unknown_name_or_a_number_that_is_none_is_refused(pairs: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Weights.of(pairs)


def test_the_settings_give_the_weights() -> None:
    settings = Settings.from_env({"SHILIU_MATCH_WEIGHTS": "recent=40,hand=120"})
    assert weights_of(settings) == Weights(recent=40, hand=120)


@pytest.mark.parametrize("said", ["recent", "party=1", "recent=40,walk=-1"])
def test_a_process_with_odd_weights_does_not_start_and_says_why(said: str) -> None:
    settings = Settings.from_env({"SHILIU_MATCH_WEIGHTS": said})
    with pytest.raises(SettingsError, match="SHILIU_MATCH_WEIGHTS"):
        weights_of(settings)


def test_the_batch_walks_as_far_as_one_order_does() -> None:
    """Its plane is as good as the earth within a town: never off by more than one in a thousand, or five metres."""
    rng = Random(20261122)
    starts, places = ([somewhere(rng) for _ in range(60)] for _ in range(2))
    flat_starts, flat_places = _flat(starts, places)
    for start, at in zip(starts, flat_starts, strict=True):
        for place, to in zip(places, flat_places, strict=True):
            assert abs(float(np.hypot(*(at - to))) - metres(start, place)) <= max(5.0, metres(start, place) / 1000)


def test_whoever_lives_nowhere_is_no_distance_away() -> None:
    flat, _ = _flat([None, HERE], [HERE])
    assert np.isnan(flat[0]).all()
    assert not np.isnan(flat[1]).any()


def test_of_equals_the_batch_gives_the_nearest_by_the_walk_of_one_order() -> None:
    rng = Random(7)
    for _ in range(20):
        starts, place = [somewhere(rng) for _ in range(12)], somewhere(rng)
        people = [Person(start, room=1, cost=0, lot=number) for number, start in enumerate(starts)]
        wanted = Wanted(kind=0, seats=1, place=place, price=100_000, lot=1, own={})
        crowd = Crowd(
            people, [wanted], [dict.fromkeys(range(12), 0)], Weights(), lambda _, members: members, [False] * 12
        )
        ((chosen,),) = SparseSolver().solve(crowd)
        walks = [walking_minutes(start, place) or 0.0 for start in starts]
        assert walks[chosen] <= min(walks) + 0.1
