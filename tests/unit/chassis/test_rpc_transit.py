"""How long a request was on its way, from steady clocks that know nothing of each other."""

import pytest

from chassis.rpc_transit import REMEMBERED, SERIES_SECONDS, Stamps, Transit

HOUR = 3_600.0


class Steady:
    """A steady clock that a test moves; it began to count whenever *at* says."""

    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Way:
    """A sender, a receiver, and time that passes for both."""

    def __init__(self, apart: float) -> None:
        self.sender, self.receiver = Steady(500.0 + apart), Steady(500.0)
        self.stamps, self.transit = Stamps(self.sender), Transit()

    def passes(self, seconds: float) -> None:
        self.sender.at += seconds
        self.receiver.at += seconds

    def sent(self, on_its_way: float) -> float:
        """What the receiver takes a request to have waited that was so long on its way."""
        headers = self.stamps.headers()
        self.passes(on_its_way)
        return self.transit.waited(headers, self.receiver.at)


@pytest.mark.parametrize("apart", [0.0, HOUR, -HOUR])
def test_what_a_request_waited_is_seen_whatever_the_clocks_say(apart: float) -> None:
    way = Way(apart)
    assert way.sent(0.002) == 0.0
    assert way.sent(7.002) == pytest.approx(7.0, abs=0.002)
    assert way.sent(0.002) == pytest.approx(0.0, abs=0.002)


def test_the_first_request_is_the_measure_of_the_others_until_a_quicker_one_comes() -> None:
    way = Way(0.0)
    assert way.sent(3.0) == 0.0
    assert way.sent(1.0) == 0.0
    assert way.sent(3.0) == pytest.approx(2.0, abs=0.002)


def test_requests_of_two_senders_are_not_compared() -> None:
    one, other = Way(0.0), Way(HOUR)
    other.transit = one.transit
    assert one.sent(0.0) == 0.0
    assert other.sent(0.0) == 0.0


def test_a_sender_begins_anew_before_the_clocks_have_parted() -> None:
    way = Way(0.0)
    way.sent(0.0)
    for _ in range(20):
        way.passes(SERIES_SECONDS)
        way.receiver.at += 0.06
        assert way.sent(0.0) <= 0.06


def test_a_sender_whose_clock_stood_still_begins_anew() -> None:
    way = Way(0.0)
    way.sent(0.0)
    way.receiver.at += 20.0
    assert way.sent(0.0) == pytest.approx(20.0, abs=0.002)
    way.stamps.renew()
    assert way.sent(0.0) == 0.0


@pytest.mark.parametrize("headers", [{}, {"shiliu-series": "a"}, {"shiliu-series": 1, "shiliu-sent": "x"}])
def test_what_carries_no_stamps_has_waited_for_nothing(headers: dict[str, object]) -> None:
    assert Transit().waited(headers, 10.0) == 0.0


def test_a_receiver_remembers_a_bounded_number_of_senders() -> None:
    transit = Transit()
    for number in range(REMEMBERED + 5):
        transit.waited({"shiliu-series": str(number), "shiliu-sent": 0}, 10.0)
    assert transit.waited({"shiliu-series": "0", "shiliu-sent": 0}, 20.0) == 0.0
    assert transit.waited({"shiliu-series": str(REMEMBERED), "shiliu-sent": 0}, 20.0) == 10.0
