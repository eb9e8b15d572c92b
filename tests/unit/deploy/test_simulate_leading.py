"""A simulated lead names people of the roster until some of them may go."""

import asyncio
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, cast

import pytest

from deploy.simulate.client import Caller, Refusal
from deploy.simulate.leading import TRIES, name_people

OFFER = {"id": "order.o1", "team_id": "first"}


class Gateway:
    """A team of five, two of whom can go; the order wants *wanted* people."""

    def __init__(self, wanted: int = 2, suit: Sequence[str] = ("m2", "m4")) -> None:
        self.wanted, self.suit = wanted, suit
        self.named: list[Sequence[str]] = []

    async def get(self, path: str) -> Mapping[str, Any]:
        assert path == "/teams/first"
        return {"id": "first", "lead": "m1", "deputy": None, "member_ids": ["m2", "m3", "m4", "m5"]}

    async def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Mapping[str, Any]:
        assert path == "/offers/order.o1/accept"
        self.named.append(body["member_ids"])
        if not self.wanted:
            raise Refusal(409, {"code": "offer-not-open"}, path)
        if len(body["member_ids"]) > self.wanted:
            raise Refusal(409, {"code": "too-many"}, path)
        if not set(body["member_ids"]) <= set(self.suit):
            raise Refusal(409, {"code": "does-not-suit"}, path)
        return {}


def name(gateway: Gateway, seed: int = 0) -> bool:
    return asyncio.run(name_people(cast(Caller, gateway), OFFER, Random(seed)))


@pytest.mark.parametrize("seed", range(5))
def test_whoever_can_go_is_named_in_the_end(seed: int) -> None:
    gateway = Gateway()
    assert name(gateway, seed)
    assert set(gateway.named[-1]) <= {"m2", "m4"}
    assert all(len(set(people)) == len(people) >= 1 for people in gateway.named), "each once, somebody always"


def test_where_nobody_suits_the_lead_gives_up_after_some_tries() -> None:
    gateway = Gateway(suit=())
    assert not name(gateway)
    assert len(gateway.named) == TRIES


def test_an_offer_that_is_over_is_told() -> None:
    with pytest.raises(Refusal, match="offer-not-open"):
        name(Gateway(wanted=0))
