"""The simulated desk accepts what waits; for a child's order it writes down first what the guardian says."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from deploy.simulate.client import Caller, Refusal
from deploy.simulate.dispatcher import Dispatcher
from deploy.simulate.world import World


class Gateway:
    """Takes an order on, where a child's has its guardian's word; else says *refused*."""

    def __init__(self, refused: tuple[int, str] | None) -> None:
        self.refused = refused
        self.sent: list[tuple[str, Mapping[str, Any]]] = []

    async def get(self, path: str) -> Mapping[str, Any]:
        return {"id": path, "area_path": ["city", "grid-1"]}

    async def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Mapping[str, Any]:
        self.sent.append((path, body))
        if path == "/consents":
            self.refused = None
        if path.endswith("/accept") and self.refused is not None:
            status, code = self.refused
            raise Refusal(status, {"code": code}, path)
        return {"person_id": "p-1"}


def accept(gateway: Gateway) -> Counter[str]:
    noted: list[object] = []
    world = SimpleNamespace(
        rng=lambda _: None, troubles=SimpleNamespace(note=noted.append), deeds=Counter(), track=None, pace=None
    )
    desk = Dispatcher(cast(World, world), "desk", "a-desk", cast(Caller, gateway))
    asyncio.run(desk._accept("t-1"))
    world.deeds["troubles"] = len(noted)
    return cast("Counter[str]", world.deeds)


def test_what_waits_is_accepted() -> None:
    gateway = Gateway(None)
    assert accept(gateway)["desk accept"] == 1
    assert [path for path, _ in gateway.sent] == ["/tickets/t-1/accept"]


def test_a_childs_order_gets_its_guardians_word_and_is_accepted() -> None:
    gateway = Gateway((422, "guardian-consent-needed"))
    assert accept(gateway)["desk accept"] == 1
    assert [path for path, _ in gateway.sent] == ["/tickets/t-1/accept", "/people", "/consents", "/tickets/t-1/accept"]
    said = dict(gateway.sent)["/consents"]
    assert (said["about"], said["person_id"], said["purpose"]) == ("t-1", "p-1", "child_service")


def test_what_somebody_else_did_meanwhile_is_noted_and_other_refusals_are_faults() -> None:
    assert accept(Gateway((409, "illegal-transition"))) == {"troubles": 1}
    with pytest.raises(Refusal):
        accept(Gateway((422, "validation")))


@pytest.mark.parametrize(("others", "calls"), [(frozenset(), 1), (frozenset({"t-1"}), 0)])
def test_a_call_that_is_somebody_elses_is_left_to_them(others: frozenset[str], calls: int) -> None:
    world = SimpleNamespace(
        rng=lambda _: None, troubles=SimpleNamespace(note=None), track=None, pace=None, called_by_others=set(others)
    )
    desk = Dispatcher(cast(World, world), "desk", "a-desk", cast(Caller, Gateway(None)))
    started: list[str] = []
    desk._jobs = cast(Any, SimpleNamespace(start=lambda name, _: started.append(name)))
    desk._call_soon("t-1")
    assert len(started) == calls
