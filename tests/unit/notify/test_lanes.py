"""A way whose provider takes its whole time-out holds up itself and nobody else; nothing here waits for a clock."""

from collections.abc import Callable
from typing import Any

import eventlet
import pytest
from eventlet.event import Event

from contracts.events.tickets import TicketOverdue
from contracts.words import DeadlineKind
from services.notify.adapters.lanes import GreenLanes
from services.notify.adapters.serving_loop import ServingLoop
from services.notify.application.outbox_ports import Work
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import OUTWARD
from tests.builders import a_ticket_holder, a_ticket_snapshot, received
from tests.fakes.sending import FakePost, NoLanes, sending
from tests.unit.notify.test_sending import COMES, House

SWITCHES = 1_000
TRIES = 2


class HangingPost(FakePost):
    """Answers nobody until it is released."""

    def __init__(self, way: str) -> None:
        super().__init__(way)
        self.released = Event()

    def send(self, letter: Letter, address: Address) -> Sent:
        sent = super().send(letter, address)
        self.released.wait()
        return sent


def lanes() -> GreenLanes:
    """Without patience: what does not answer at once is not waited for."""
    return GreenLanes(elapsed=lambda: 0.0, tries=TRIES, patience=0.0)


def until(holds: Callable[[], bool]) -> bool:
    """Lets the others work for so many switches at most."""
    for _ in range(SWITCHES):
        if holds():
            return True
        eventlet.sleep(0)
    return holds()


def order_of(requester: str, number: int) -> Any:
    order = a_ticket_snapshot(id=f"T-{requester}-{number}", requester_id=requester, holders=(a_ticket_holder(),))
    return received(COMES.body, order, 2, id=f"{requester}-{number}")


def house_by_way(*events: Any, posts: tuple[FakePost, ...]) -> House:
    """Who is called after a way is reached by it alone."""
    house = House(*events, posts=posts)
    known = house.outside.of

    def reached(*whose: Any) -> Any:
        return [one for one in known(*whose) if one.way in whose[1]] if len(whose) == 2 else known(*whose)

    house.outside.of = reached  # type: ignore[method-assign]
    house.sending = sending(house.messages, house.outside, house.clock, lanes=lanes())
    return house


def told(house: House, requester: str) -> list[tuple[str, str | None]]:
    rows = [row for row in house.messages.rows.values() if row.message.channel == OUTWARD]
    return [(row.message.status.value, row.reason) for row in rows if requester in row.message.recipient]


def test_short_messages_go_out_while_the_mail_server_hangs() -> None:
    mail, sms = HangingPost("email"), FakePost("sms")
    house = house_by_way(*(order_of("email", number) for number in range(5)), posts=(mail, sms)).after(minutes=6)
    assert until(lambda: bool(mail.letters))
    assert sorted(told(house, "email"), key=str) == [("queued", "way-slow")] * 3 + [("sending", None)] * TRIES

    for number in range(6):
        house.hear(order_of("sms", number))
        house.after(seconds=1)
        assert until(lambda: told(house, "sms")[-1] == ("sent", None)), "the mail server hangs, and nobody waits for it"
    assert (len(sms.letters), told(house, "email").count(("sending", None))) == (6, TRIES)

    mail.released.send()
    assert until(lambda: told(house, "email").count(("sent", None)) == TRIES)
    for _ in range(2):
        house.after(seconds=10)
        assert until(lambda: all(status != "sending" for status, _ in told(house, "email")))
    assert told(house, "email") == [("sent", None)] * 5, "nothing is lost"
    assert len({letter.message_id for letter in mail.letters}) == len(mail.letters) == 5, "and nothing comes twice"


def test_what_is_urgent_takes_the_next_way_where_its_own_hangs_and_the_rest_waits_and_says_so() -> None:
    late = received(
        TicketOverdue(kind=DeadlineKind.RESOLVE), a_ticket_snapshot(owner="m-k-001", holders=(a_ticket_holder(),))
    )
    house = House(late, COMES, posts=(FakePost("sms"), FakePost("email")))
    full = NoLanes()
    full.full = {"sms"}
    house.sending = sending(house.messages, house.outside, house.clock, lanes=full)
    house.after(minutes=6)
    assert house.status("solution-overdue-owner") == ("sent", None)
    assert (len(house.posts["sms"].letters), len(house.posts["email"].letters)) == (0, 1)
    assert (house.status(), house.row().put_off) == (("queued", "way-slow"), None), "it is gathered with nothing"


def test_a_lane_takes_so_many_and_is_free_again_when_they_are_over() -> None:
    lane, hangs = lanes(), Event()
    assert [lane.take("email") for _ in range(3)] == [True, True, False]
    assert lane.take("sms"), "each way has its own"
    lane.give_back("sms")
    lane.go([Work(way="email", tries=2, act=hangs.wait)])
    assert not lane.take("email")
    hangs.send()
    assert until(lambda: lane.take("email"))


def test_a_try_that_breaks_frees_its_lane() -> None:
    def broken() -> None:
        raise OSError

    lane = lanes()
    assert all(lane.take("sms") for _ in range(TRIES))
    lane.go([Work(way="sms", tries=TRIES, act=broken)])
    assert until(lambda: lane.take("sms"))


def test_the_end_begins_nothing_more_and_waits_for_what_is_under_way() -> None:
    lane, hangs, done = lanes(), Event(), list[str]()
    lane.take("email")
    lane.go([Work(way="email", tries=1, act=lambda: (hangs.wait(), done.append("tried"))[1])])
    ending = eventlet.spawn(lane.stop)
    eventlet.sleep(0)
    assert (lane.take("sms"), ending.dead) == (False, False)
    hangs.send()
    ending.wait()
    assert done == ["tried"]


@pytest.mark.parametrize(("seconds", "waits"), [(1.0, True), (9.0, False)])
def test_a_way_is_waited_for_unless_its_tries_took_too_long(seconds: float, waits: bool) -> None:
    now = [0.0]
    lane = GreenLanes(elapsed=lambda: now[0], tries=9, patience=3.0)
    done: list[str] = []

    def one_try() -> None:
        eventlet.sleep(0)
        done.append("tried")

    def first() -> None:
        now[0] += seconds

    lane.go([Work(way="email", tries=1, act=first)])
    lane.go([Work(way="email", tries=1, act=one_try)])
    assert (done == ["tried"]) is waits
    assert until(lambda: done == ["tried"])
    lane.go([Work(way="email", tries=1, act=one_try)])
    assert done == ["tried"] * 2, "it was quick again"


def test_a_group_whose_host_hangs_holds_up_no_other() -> None:
    """Each robot is served beside the others; one that is under way is not begun again."""
    hangs, served = Event(), list[str]()

    def serve(robot_id: str) -> None:
        served.append(robot_id)
        if robot_id == "hangs":
            hangs.wait()

    waiting = ["hangs", "well"]
    loop = ServingLoop("robots", lambda: waiting, serve, interval=1.0)
    for _ in range(2):
        loop.look()
        eventlet.sleep(0)
    assert served == ["hangs", "well", "well"]
    hangs.send()
    loop.wait()
    loop.look()
    loop.wait()
    assert served[-2:] == ["hangs", "well"]
