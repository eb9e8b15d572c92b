"""The ear of a simulated member: frames, doubles, gaps; and jobs that run once at a time."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

from deploy.simulate.jobs import Bell, Jobs, Troubles
from deploy.simulate.pace import Pace
from deploy.simulate.stream import REMEMBERED, Ear, Frame, Missed, Signal, parse
from deploy.simulate.world import Track


def said(event_id: str, kind: str = "shiliu.offer.made.v1") -> bytes:
    frame = {"id": event_id, "type": kind, "subject": "T1", "time": "x", "version": 2, "number": "NC-1"}
    return f"id: {event_id}\nevent: {kind}\ndata: {json.dumps(frame)}\n\n".encode()


def hear(ear: Ear, *chunks: bytes) -> Sequence[Signal]:
    async def lines() -> AsyncIterator[bytes]:
        for line in b"".join(chunks).splitlines(keepends=True):
            yield line

    async def all_of() -> list[Signal]:
        return [signal async for signal in parse(lines(), ear)]

    return asyncio.run(all_of())


def test_a_frame_is_read_and_is_where_to_resume() -> None:
    ear = Ear()
    assert hear(ear, b": hello\n\n", said("e1")) == [Frame("e1", "shiliu.offer.made.v1", "T1", 2, "NC-1")]
    assert ear.last_id == "e1"


def test_a_double_is_heard_once_also_after_a_reconnect() -> None:
    ear = Ear()
    assert len(hear(ear, said("e1"), said("e2"), said("e1"))) == 2
    assert hear(ear, said("e2"), said("e3")) == [Frame("e3", "shiliu.offer.made.v1", "T1", 2, "NC-1")]


def test_a_gap_says_that_something_was_missed() -> None:
    assert hear(Ear(), b"event: gap\ndata: {}\n\n") == [Missed("gap")]


def test_what_is_remembered_is_bounded() -> None:
    ear = Ear()
    hear(ear, *(said(f"e{number}") for number in range(REMEMBERED + 50)))
    assert len(ear.heard) == REMEMBERED


def test_an_unfinished_frame_is_not_heard() -> None:
    assert hear(Ear(), said("e1").removesuffix(b"\n")) == []


def test_a_job_of_one_name_runs_once_at_a_time_and_its_failure_is_kept() -> None:
    troubles, runs = Troubles(), list[str]()

    async def work() -> None:
        runs.append("x")
        await asyncio.sleep(0)
        raise ValueError("no")

    async def story() -> None:
        jobs = Jobs(troubles)
        jobs.start("a", work)
        jobs.start("a", work)
        assert "a" in jobs
        while jobs:
            await asyncio.sleep(0)
        jobs.start("a", work)
        await jobs.stop()

    asyncio.run(story())
    assert runs == ["x"]
    assert troubles.errors == ["ValueError: no"]


def test_a_bell_rung_many_times_is_looked_at_once() -> None:
    looks = list[int]()

    async def look() -> bool:
        looks.append(1)
        return True

    async def story() -> None:
        bell = Bell(look, Troubles(), every=60)
        task = asyncio.create_task(bell.run())
        for _ in range(10):
            bell.ring()
        while not looks:
            await asyncio.sleep(0)
        for _ in range(10):
            await asyncio.sleep(0)
        task.cancel()

    asyncio.run(story())
    assert looks == [1]


def test_who_is_sent_home_at_the_very_ring_goes_home() -> None:
    async def look() -> bool:
        return True

    async def story() -> None:
        bell = Bell(look, Troubles(), every=60)
        task = asyncio.create_task(bell.run())
        while not bell._rung._waiters:
            await asyncio.sleep(0)
        bell.ring()
        task.cancel()
        await asyncio.wait([task], timeout=5)
        assert task.cancelled()

    asyncio.run(story())


def test_orders_in_flight_are_counted_also_when_the_end_is_heard_first() -> None:
    async def story() -> None:
        track = Track()
        await track.note_ended("B")
        await track.note_placed("A", "1")
        await track.note_placed("B", "2")
        assert track.open == 1
        assert track.unended == ["A"]
        waiting = asyncio.create_task(track.below(1))
        await asyncio.sleep(0)
        assert not waiting.done()
        await track.note_ended("A")
        await asyncio.wait_for(waiting, 1)

    asyncio.run(story())


def test_business_minutes_pass_at_the_speed_of_the_clock() -> None:
    assert Pace(speed=360).real_seconds(60) == 10
    assert Pace(speed=360).real_seconds(-5) == 0
