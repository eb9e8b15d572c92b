"""A digest is one letter: however many it is about, whatever is sent beside it, and in whichever words it is told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from contracts.events.tickets import TicketAssigned
from contracts.notices import Every
from services.notify.adapters.coded_answers import OneTable
from services.notify.adapters.packaged import read_words
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import InMemory, Words
from services.notify.application.gathering import gathered
from services.notify.application.notify import NotifyApplication
from services.notify.application.parcels import Parcel
from services.notify.application.ports import Delivery
from services.notify.application.routing import PUT_TOGETHER
from services.notify.application.sending import BATCH, TURNS
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.category import Category
from services.notify.domain.digest import DIGEST
from services.notify.domain.message import OUTWARD, DeliveryStatus
from services.notify.domain.template import Wording
from tests.builders import ASSIGNMENT_ID, MEMBER_ID, a_ticket_holder, a_ticket_snapshot, received
from tests.builders_of_letters import a_letter
from tests.fakes.clock import FixedClock
from tests.fakes.messages import FakeMessages
from tests.fakes.resting import FakeResting
from tests.fakes.rules import TheseRules
from tests.fakes.sending import TAKEN, TEMPLATES, WISH, FakeOutside, FakePost, FakeTurns, sending

RULES = read_rules()
COMES = received(
    TicketAssigned(assignment_ids=(ASSIGNMENT_ID,), lead=MEMBER_ID), a_ticket_snapshot(holders=(a_ticket_holder(),)), 2
)
BUSY = Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason="busy")
DAILY = replace(WISH, digests={Category.VISIT: Every.DAY}, digest_at=time(18))


def comes_to(number: int) -> Any:
    """Somebody comes to another order of theirs."""
    order = replace(COMES.snapshot, id=f"01KAJ5ZX00000000000ORDER{number:03}")
    return received(COMES.body, order, 2, id=f"01KAJ5ZX00000000000EVENT{number:03}")


class Day:
    """So many messages to one person are put off to six in the evening."""

    def __init__(self, count: int, *answers: Sent) -> None:
        self.messages, self.clock, self.turns = FakeMessages(), FixedClock(COMES.time), FakeTurns()
        self.post = FakePost("sms", *answers)
        self.sending = sending(
            self.messages, FakeOutside(posts={"sms": self.post}, wish=DAILY), self.clock, FakeResting(), self.turns
        )
        app = NotifyApplication(
            rules=TheseRules(RULES),
            messages=self.messages,
            templates=TEMPLATES,
            resting=FakeResting(),
            clock=self.clock,
        )
        app.notify([comes_to(number) for number in range(count)])
        self.after(minutes=6)
        assert {row.put_off for row in self.outward} == {PUT_TOGETHER}

    @property
    def outward(self) -> list[Any]:
        return [row for row in self.messages.rows.values() if row.message.channel == OUTWARD]

    def after(self, **by: float) -> Sequence[Letter]:
        self.clock.advance(**by)
        self.messages.elapse(timedelta(**by).total_seconds())
        self.sending.run()
        assert self.turns.held == []
        return self.post.letters


@pytest.mark.parametrize("count", [30, BATCH + 51])
def test_it_is_one_letter_with_the_exact_count_however_many_it_is_about(count: int) -> None:
    day = Day(count)
    (letter,) = day.after(days=1)
    assert (letter.template, letter.title) == (DIGEST, f"{count} 条消息")
    assert letter.body.splitlines()[-1] == f"还有 {count - 20} 条,请到消息里看"
    assert {row.message.status for row in day.outward} == {DeliveryStatus.SENT}


def test_of_several_instances_one_sends_it_and_the_other_leaves_it_whole() -> None:
    day = Day(5)
    day.turns.others = {str(turn) for turn in range(TURNS)}
    assert day.after(days=1) == []
    assert {row.message.status for row in day.outward} == {DeliveryStatus.QUEUED}
    day.turns.others = set()
    (letter,) = day.after(seconds=1)
    assert letter.title == "5 条消息"


def test_what_failed_as_one_is_tried_again_as_one() -> None:
    day = Day(5, BUSY, TAKEN)
    assert [letter.title for letter in day.after(days=1)] == ["5 条消息"]
    assert [letter.title for letter in day.after(seconds=10)] == ["5 条消息"] * 2
    assert [len(row.attempts) for row in day.outward] == [2] * 5


def parcels(*locales: str, wanted: str) -> list[Parcel]:
    """Messages to one reader, some of which nobody wrote in the language that they want."""
    row = next(iter(Day(1).outward))
    found = []
    for place, locale in enumerate(locales):
        message = replace(row.message, id=f"m{place}")
        delivery = Delivery(
            message=message, status=message.status, reason=None, tries=0, wait_until=message.at, put_off=PUT_TOGETHER
        )
        letter = replace(a_letter(), message_id=message.id, community_id=message.community_id, locale=locale)
        found.append(
            Parcel(
                deliveries=(delivery,),
                letters={"sms": letter},
                addresses=(Address(way="sms", value="1"),),
                locale=wanted,
            )
        )
    return found


def in_uyghur() -> Words:
    packaged, codes = read_words()
    words = Wording(title="{{ count }} ئۇچۇر", body="{{ lines | join('\n') }}{% if left %}{{ left }}{% endif %}")
    texts = {**packaged[DIGEST].texts, "ug": words}
    return Words(InMemory({**packaged, DIGEST: replace(packaged[DIGEST], texts=texts, version=7)}), OneTable(codes))


def test_it_is_told_in_the_words_of_the_community_in_the_language_of_the_reader() -> None:
    (one,) = gathered(parcels("ug", "ug", wanted="ug"), in_uyghur())
    assert (one.letter.locale, one.letter.version) == ("ug", 7)
    assert one.letter.title == "\u20682\u2069 ئۇچۇر"
    assert len(one.letter.body.splitlines()) == 2


def test_what_is_there_in_another_language_alone_makes_no_second_letter() -> None:
    (one,) = gathered(parcels("ug", "zh-CN", "ug", wanted="ug"), in_uyghur())
    assert (len(one.deliveries), one.letter.locale) == (3, "ug")
    (other,) = gathered(parcels("zh-CN", "en", wanted="ms"), TEMPLATES)
    assert (other.letter.locale, other.letter.title) == ("zh-CN", "2 条消息")
