"""Quotas as settings write them, and the window that slides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.settings import Settings, SettingsError
from gateway.limits.policy import Quota, RouteClass, parse
from gateway.limits.window import Window

QUOTA = Quota(10, 60)
START = 1_800_000_000.0


def test_the_defaults_can_be_read_and_leave_no_class_of_an_account_without_limit() -> None:
    account = parse("SHILIU_RATE_ACCOUNT", Settings().rate_account)
    address = parse("SHILIU_RATE_ADDRESS", Settings().rate_address)
    assert set(account) == set(RouteClass) - {RouteClass.SIGN_IN}
    assert set(address) == set(RouteClass) - {RouteClass.PLACES}
    shared = [(address[kind], quota) for kind, quota in account.items() if kind in address]
    assert all(whole.requests > quota.requests for whole, quota in shared), "many share an address"


def test_off_is_without_limits() -> None:
    assert parse("X", "off") == {}
    assert parse("X", "read=5/1") == {RouteClass.READ: Quota(5, 1)}


@pytest.mark.parametrize("text", ["read", "read=0/60", "read=5/0", "reed=5/60", "read=5/60,write=5/60", "off read=5/1"])
def test_what_is_no_rule_is_named(text: str) -> None:
    with pytest.raises(SettingsError, match="SHILIU_RATE_ACCOUNT"):
        parse("SHILIU_RATE_ACCOUNT", text)


def test_the_quota_is_let_through_and_no_more() -> None:
    window = Window(int(START // 60))
    standings = [window.hit(QUOTA, START + n) for n in range(12)]
    assert [one.allowed for one in standings] == [True] * 10 + [False] * 2
    assert [one.remaining for one in standings] == [*range(9, -1, -1), 0, 0]


def test_the_end_of_a_window_gives_nobody_twice_the_quota() -> None:
    window = Window(int(START // 60))
    before = [window.hit(QUOTA, START + 59.9).allowed for _ in range(10)]
    after = [window.hit(QUOTA, START + 60.1).allowed for _ in range(10)]
    assert (sum(before), sum(after)) == (10, 0)
    assert sum(window.hit(QUOTA, START + 90).allowed for _ in range(10)) == 5, "half of it lies more than a window back"


def test_who_paused_for_two_windows_has_the_whole_quota() -> None:
    window = Window(int(START // 60))
    for _ in range(10):
        window.hit(QUOTA, START)
    assert sum(window.hit(QUOTA, START + 120).allowed for _ in range(12)) == 10


@given(st.lists(st.floats(0, 8), min_size=12, max_size=60))
def test_whoever_waits_as_long_as_they_are_told_gets_through(pauses: list[float]) -> None:
    window, moment = Window(int(START // 60)), START
    for pause in pauses:
        moment += pause
        standing = window.hit(QUOTA, moment)
        if not standing.allowed:
            moment += standing.reset
            assert window.hit(QUOTA, moment + 0.001).allowed, standing


@given(st.lists(st.floats(0, 10), min_size=1, max_size=200))
def test_in_no_stretch_of_the_length_are_there_more_than_the_two_windows_allow(pauses: list[float]) -> None:
    window, moment, let_through = Window(int(START // 60)), START, []
    for pause in pauses:
        moment += pause
        if window.hit(QUOTA, moment).allowed:
            let_through.append(moment)
    for number in {int(moment // 60) for moment in let_through}:
        assert sum(int(moment // 60) == number for moment in let_through) <= QUOTA.requests
