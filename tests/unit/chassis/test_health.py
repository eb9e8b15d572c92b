"""What is not well, and what of it is a reason to send people away."""

from chassis.health import STOPPING, Health


def test_what_is_beside_does_not_make_a_process_useless() -> None:
    health = Health()
    health.add("database", lambda: None)
    health.add("relay", lambda: "not connected", beside=True)
    assert health.ready() == ["relay: not connected"]
    assert health.useless() == []
    health.add("database", lambda: "away")
    assert health.useless() == ["database: away"]


def test_a_check_that_is_added_anew_is_what_it_was_added_as() -> None:
    health = Health()
    health.add("relay", lambda: "not connected", beside=True)
    health.add("relay", lambda: "not connected")
    assert health.useless() == ["relay: not connected"]


def test_a_process_that_stops_is_useless() -> None:
    health = Health()
    health.stopping = True
    assert health.ready() == health.useless() == [STOPPING]
