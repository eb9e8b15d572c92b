"""Sending while much waits: what happens meanwhile counts, a lease that ran out counts, and nobody holds up others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from contracts.catalogue import Wanted
from contracts.events.tickets import TicketCancelled, TicketOverdue
from contracts.events.volunteers import OfferMade
from contracts.notices import Every
from contracts.words import DeadlineKind
from services.notify.application.sending import CHUNK, LONGEST_RUN
from services.notify.application.sending_ports import Address, Letter, Limit, Sent
from services.notify.domain.category import Category
from services.notify.domain.message import OUTWARD, DeliveryStatus
from tests.builders import a_demand_snapshot, a_ticket_holder, a_ticket_snapshot, an_offer_change, received
from tests.fakes.sending import TAKEN, FakePost, sending
from tests.unit.notify.test_sending import COMES, House


class MeddlingPost(FakePost):
    """While the first letter is on its way something else happens."""

    def __init__(self, way: str = "sms", answer: Sent = TAKEN) -> None:
        super().__init__(way, answer)
        self.meanwhile: Callable[[], Any] = lambda: None

    def send(self, letter: Letter, address: Address) -> Sent:
        sent = super().send(letter, address)
        happens, self.meanwhile = self.meanwhile, lambda: None
        happens()
        return sent


def slowly(house: House, post: MeddlingPost, happens: Callable[[], Any]) -> None:
    """While the first letter is on its way, which takes two seconds, something happens."""
    now = [0.0]
    house.sending = sending(house.messages, house.outside, house.clock, elapsed=lambda: now[0])
    post.meanwhile = lambda: (now.__setitem__(0, now[0] + 2.0), happens())


def orders(count: int) -> list[Any]:
    """So many orders, somebody comes to each."""
    return [
        received(
            COMES.body,
            a_ticket_snapshot(id=f"T{number:03}", holders=(a_ticket_holder(),)),
            2,
            id=f"01KAJ5ZX000000000000EVT{number:03}",
        )
        for number in range(count)
    ]


def outward(house: House) -> list[tuple[str, str | None]]:
    rows = [row for row in house.messages.rows.values() if row.message.channel == OUTWARD]
    return [(row.message.status.value, row.reason) for row in rows]


def test_what_is_read_while_those_before_it_are_sent_is_not_sent_as_well() -> None:
    post = MeddlingPost()
    house = House(*orders(CHUNK + 1), posts=(post,))
    (last,) = [id for id in house.messages.rows if id.endswith("in_app") and f"EVT{CHUNK:03}:somebody-comes" in id]
    mine = {"account:a-resident": None}
    slowly(house, post, lambda: house.messages.mark_read(last, mine, "a-resident", house.clock.now()))
    house.after(minutes=6)

    assert len(post.letters) == CHUNK
    assert outward(house)[-1] == ("suppressed", "read")


def test_what_is_overtaken_while_those_before_it_are_sent_is_not_sent() -> None:
    post = MeddlingPost()
    *_, last = told = orders(CHUNK + 1)
    house = House(*told, posts=(post,))
    off = received(
        TicketCancelled(by_role="staff", reason_code="other", go_to=None, released=()),
        last.snapshot,
        3,
        id="01KAJ5ZX0000000000000CANCEL",
    )
    slowly(house, post, lambda: house.hear(off))
    house.after(minutes=6)

    assert outward(house)[CHUNK] == ("suppressed", "overtaken")


def test_a_sender_whose_lease_ran_out_sends_nothing_that_another_has_by_now() -> None:
    post = MeddlingPost()
    house = House(*orders(2), posts=(post,))
    second = [id for id in house.messages.rows if id.endswith(OUTWARD)][1]

    def stolen() -> None:
        """A stall longer than the lease, between taking and trying: another instance took it over."""
        house.messages.rows[second].next_try_in = 0.0
        house.messages.take([second], 120.0)

    contacts = house.outside.of
    house.outside.of = lambda *whose: (stolen(), contacts(*whose))[1]  # type: ignore[method-assign]
    house.after(minutes=6)

    assert [letter.message_id for letter in post.letters if letter.message_id == second] == []
    assert outward(house)[1] == ("sending", None), "the other one's"


def test_a_receipts_number_that_cannot_be_kept_undoes_nothing() -> None:
    odd = Sent(status=DeliveryStatus.SENT, reference="\ud800")
    long = Sent(status=DeliveryStatus.SENT, reference="x" * 70_000)
    house = House(*orders(2), posts=(FakePost("sms", odd, long),)).after(minutes=6)

    assert outward(house) == [("sent", None)] * 2
    assert [row.attempts[0].reference for row in house.messages.rows.values() if row.attempts] == [None, None]


LATE = received(
    TicketOverdue(kind=DeadlineKind.RESOLVE), a_ticket_snapshot(owner="m-k-001", holders=(a_ticket_holder(),))
)


class Room:
    """A budget that counts; ``most`` as it is asked for."""

    def __init__(self, house: House) -> None:
        self.used: dict[str, int] = {}
        house.outside.take = self.take  # type: ignore[method-assign]

    def take(self, key: str, most: int, seconds: int) -> float:
        if self.used.get(key, 0) >= most:
            return 3_600.0
        self.used[key] = self.used.get(key, 0) + 1
        return 0.0


def test_what_is_ordinary_leaves_room_for_what_is_urgent() -> None:
    limits = {"sms": (Limit(most=10, seconds=60),)}
    house = House(*orders(12), LATE, limits=limits)
    Room(house)
    house.after(minutes=6)

    assert house.status("solution-overdue-owner") == ("sent", None)
    told = [letter.urgent for letter in house.posts["sms"].letters]
    assert (told[0], sorted(told)) == (True, [False] * 7 + [True]), "eight in all, the urgent one first"
    more = received(LATE.body, LATE.snapshot, 9, id="01KAJ5ZX000000000000URGENT")
    house.hear(more)
    assert len(house.after(minutes=1).posts["sms"].letters) == 9, "the last fifth is kept"


def test_what_is_urgent_takes_the_next_way_where_one_is_full() -> None:
    sms, email = FakePost("sms"), FakePost("email")
    house = House(LATE, posts=(sms, email), limits={"sms": (Limit(most=1, seconds=60, each_address=True),)})
    Room(house).used = {"sms:sms:account:m-k-001/60": 1}
    house.after(minutes=1)
    assert (len(sms.letters), len(email.letters)) == (0, 1)
    assert house.status("solution-overdue-owner") == ("sent", None)

    house = House(LATE, posts=(FakePost("sms"),), limits={"sms": (Limit(most=1, seconds=60, each_address=True),)})
    Room(house).used = {"sms:sms:account:m-k-001/60": 1}
    assert house.after(minutes=1).status("solution-overdue-owner") == ("queued", "overflow")


def test_what_the_account_cannot_send_waits_and_goes_out_in_one_for_each_person() -> None:
    house = House(*orders(6), limits={"sms": (Limit(most=5, seconds=60), Limit(most=1_000, seconds=86_400))})
    room = Room(house)
    house.after(minutes=6)
    sms = house.posts["sms"]
    waits = [row for row in house.messages.rows.values() if row.put_off == "overflow"]
    assert (len(sms.letters), len(waits)) == (4, 2), "a fifth is kept for what is urgent"
    assert room.used == {"sms/60": 4, "sms/86400": 4}, "of the day nothing is taken for what waits for the minute"

    room.used.clear()
    house.after(hours=2)
    assert len(sms.letters) == 5
    assert sms.letters[-1].template == "digest"
    assert outward(house) == [("sent", None)] * 6, "nothing is lost"


def test_an_offer_that_waits_for_room_goes_out_by_itself_for_it_is_answered_by_itself() -> None:
    offers = [
        received(
            OfferMade(offers=(an_offer_change(id=f"t-{n}.o1", expires_at=COMES.time + timedelta(days=1)),)),
            replace(a_demand_snapshot(holders=()), id=f"t-{n}"),
            id=f"01KAJ5ZX00000000000OFFER{n}",
            subject=f"t-{n}",
        )
        for n in range(3)
    ]
    house = House(*offers, limits={"sms": (Limit(most=1, seconds=60),)})
    room = Room(house)
    house.after(minutes=2)
    assert len(house.posts["sms"].letters) == 1
    for _ in range(2):
        room.used.clear()
        house.after(hours=2)
    assert sorted(str(letter.offer_id) for letter in house.posts["sms"].letters) == ["t-0.o1", "t-1.o1", "t-2.o1"]


def in_digest(count: int, *answers: Sent) -> House:
    """Somebody collects so much until the evening."""
    house = House(*orders(count), posts=(FakePost("sms", *answers),))
    house.outside.wish = replace(house.outside.wish, digests={Category.VISIT: Every.DAY}, digest_at=time(18))
    return house.after(minutes=6)


def test_a_digest_that_failed_for_now_is_tried_again_as_one() -> None:
    busy = Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason="busy")
    house = in_digest(3, busy, TAKEN)
    house.sending = sending(house.messages, house.outside, house.clock, chance=iter(range(1_000)).__next__)
    house.after(days=1)
    assert outward(house) == [("failed_temporary", "busy")] * 3
    waits = {row.next_try_in for row in house.messages.rows.values() if row.message.channel == OUTWARD}
    assert len(waits) == 1, "what failed together is due together"
    house.after(hours=1)

    assert [letter.title for letter in house.posts["sms"].letters] == ["3 条消息"] * 2
    assert outward(house) == [("sent", None)] * 3


def test_a_run_ends_in_time_and_what_is_urgent_by_then_comes_first() -> None:
    """A provider that takes its time: a stop is heard, and nobody waits behind everything that was there before."""
    now = [0.0]
    post = MeddlingPost()
    house = House(*orders(5 * CHUNK), posts=(post,))
    house.sending = sending(house.messages, house.outside, house.clock, elapsed=lambda: now[0])
    slow = post.send
    post.send = lambda *what: (now.__setitem__(0, now[0] + LONGEST_RUN / CHUNK / 2), slow(*what))[1]  # type: ignore[method-assign]
    house.after(minutes=6)
    assert len(post.letters) == 2 * CHUNK
    assert [row.lease for row in house.messages.rows.values() if row.lease] == [], "the others are free"
    house.hear(LATE)
    house.after(minutes=1)

    assert post.letters[2 * CHUNK].urgent


def test_reminders_come_into_the_inbox_however_slow_the_ways_out_are() -> None:
    house = House(
        received(COMES.body, replace(COMES.snapshot, wanted=Wanted(start=COMES.time + timedelta(hours=3))), 2),
        posts=(MeddlingPost(),),
    )
    house.clock.advance(hours=2, minutes=30)
    house.sending.run_inside()

    assert house.posts["sms"].letters == []
    assert house.status("visit-soon", "in_app") == ("delivered", None)
