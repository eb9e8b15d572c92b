"""argon2 runs beside the other requests, at most once per core."""

import os
from typing import Any

import eventlet
import pytest

from contracts.errors import Busy
from gateway.identity import passwords
from gateway.identity.passwords import Passwords


def test_other_requests_go_on_while_a_password_is_hashed() -> None:
    door = Passwords(1, 8)
    order: list[str] = []
    other = eventlet.spawn(lambda: order.append("another request"))
    stored = door.hash("correct horse")
    order.append("the hash")
    other.wait()
    assert order == ["another request", "the hash"]
    assert stored.startswith("$argon2id$")
    assert door.verify(stored, "correct horse")
    assert not door.verify(stored, "wrong horse")


def test_no_more_at_once_than_there_are_cores() -> None:
    running = {"now": 0, "most": 0}

    def run(work: Any, *args: Any) -> Any:
        running["now"] += 1
        running["most"] = max(running["most"], running["now"])
        eventlet.sleep(0)
        running["now"] -= 1
        return work(*args)

    door = Passwords(1, 8, run=run)
    pool = eventlet.GreenPool()
    for _ in range(4 * (os.cpu_count() or 1)):
        pool.spawn(door.verify, None, "anything")
    pool.waitall()
    assert running == {"now": 0, "most": os.cpu_count()}


def test_who_would_wait_too_long_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "QUEUE_SECONDS", 0.01)
    gate = eventlet.event.Event()
    door = Passwords(1, 8, run=lambda work, *args: gate.wait())
    waiting = [eventlet.spawn(door.verify, None, "x") for _ in range(os.cpu_count() or 1)]
    eventlet.sleep(0)
    with pytest.raises(Busy):
        door.verify(None, "x")
    gate.send(False)
    assert [one.wait() for one in waiting] == [False] * len(waiting)


def test_the_same_letters_written_differently_are_the_same_password() -> None:
    door = Passwords(1, 8, run=lambda work, *args: work(*args))
    assert door.verify(door.hash("ｐａｓｓｗｏｒｄ１"), "password1")
