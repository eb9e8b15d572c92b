"""Replies by SMS: 1 and 2 become commands of whoever has the phone; everything else goes to staff, and is answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.actor import Role, is_notify, system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.pleas import TakePlea
from contracts.commands.posts import SmsReceipt, SmsReply, TakeSmsReceipts, TakeSmsReplies
from contracts.commands.volunteers import AcceptOffer, DeclineOffer, FindByPhone
from contracts.errors import Busy, Conflict, DomainError, NotFound, TooLate
from contracts.words import Text
from services.notify.adapters.aliyun_answers import received
from services.notify.application.receipts import TakeReceipts
from services.notify.application.replies import ANSWERS_AN_HOUR, Replies, Told
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.replies import Reply, read_reply
from tests.builders import a_meta, an_actor
from tests.fakes.sending import TEMPLATES

PHONE, OFFER = "13800138000", "t-1.o1"
NOTHING = Text("没有", "nothing")


def said(template: str) -> str:
    return TEMPLATES.render(template, "zh-CN", {}).body


@dataclass
class Phones:
    """Told offers, volunteers, the way back and the dispatchers, in memory."""

    told: list[Told] = field(default_factory=list)
    members: dict[str, Sequence[str]] = field(default_factory=lambda: {PHONE: ("m1",)})
    refusals: dict[str, DomainError] = field(default_factory=dict)
    called: list[tuple[Any, Meta]] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    brought: list[tuple[TakePlea, Meta]] = field(default_factory=list)
    taken: dict[str, Any] = field(default_factory=lambda: {"kept": True, "danger": False, "community_id": "b"})
    communities: dict[str, str] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    sequences: set[str] = field(default_factory=set)
    budget: int = ANSWERS_AN_HOUR
    budgets: list[str] = field(default_factory=list)
    way: str = "sms"

    def last(self, phone: str) -> Told | None:
        return self.told[-1] if self.told and phone == PHONE else None

    def forget(self, offer_ids: Sequence[str]) -> None:
        self.told = [one for one in self.told if one.offer_id not in offer_ids]

    def seen(self, sequence: str) -> bool:
        return sequence in self.sequences

    def note_seen(self, sequence: str) -> None:
        self.sequences.add(sequence)

    def key(self, phone: str) -> str:
        return f"hash of {len(phone)}"

    def call(self, command: Any, meta: Meta, service: str | None = None) -> Outcome:
        if isinstance(command, FindByPhone):
            return Outcome({"member_ids": list(self.members.get(command.phone, ()))})
        if isinstance(command, TakePlea):
            if "tickets" in self.refusals:
                raise self.refusals["tickets"]
            self.brought.append((command, meta))
            return Outcome(self.taken)
        member = meta.actor.member_id or ""
        if member in self.refusals:
            raise self.refusals[member]
        self.called.append((command, meta))
        return Outcome({})

    def send(self, letter: Letter, address: Address) -> Sent:
        self.said.append((letter.template, letter.body))
        return Sent(status=DeliveryStatus.SENT)

    def take(self, key: str, most: int, seconds: int) -> float:
        self.budget -= 1
        self.budgets.append(key)
        return 0.0 if self.budget >= 0 else 60.0


def asked(**changes: Any) -> Phones:
    told = Told(community_id="shiliuli", offer_id=OFFER, thread="t-1", number="NC-1", locale="zh-CN")
    return Phones(told=[told], **changes)


def cases_of(phones: Phones) -> Replies:
    post, count = lambda: phones, phones.counted.append
    return Replies(phones, phones, post, TEMPLATES, phones, phones.communities, "id of {}".format, count)


def write(phones: Phones, *texts: str, start: int = 1, **changes: Any) -> dict[str, int]:
    replies = tuple(
        SmsReply(phone=PHONE, text=text, sequence=str(start + n), **changes) for n, text in enumerate(texts)
    )
    cases = cases_of(phones)
    found: dict[str, int] = cases.take(Call(TakeSmsReplies(replies=replies), a_meta(system_actor("")))).result[
        "outcomes"
    ]
    return found


@pytest.mark.parametrize("text", ["1", " 1 ", "\uff11", "1。", "【1】", "1\n", "①"])
def test_one_is_yes_however_a_phone_writes_it(text: str) -> None:
    assert read_reply(text) is Reply.YES


@pytest.mark.parametrize("text", ["", "11", "12", "我来", "1 我来", "2点行吗", "3", "one", "-1"])
def test_what_is_not_just_the_digit_is_left_to_people(text: str) -> None:
    assert read_reply(text) is None


def test_yes_takes_the_seat_as_the_member_whose_phone_it_is() -> None:
    phones = asked()
    assert write(phones, "1") == {"accepted": 1}
    ((command, meta),) = phones.called
    assert command == AcceptOffer(offer_id=OFFER)
    assert (meta.actor.member_id, meta.actor.account_id, meta.actor.community_id) == ("m1", "m-m1", "shiliuli")
    assert meta.actor.has(frozenset({Role.MEMBER}))
    assert (phones.told, phones.said, phones.brought) == ([], [], [])


def test_no_is_not_this_time_and_nothing_is_asked() -> None:
    phones = asked()
    assert write(phones, "2") == {"declined": 1}
    assert [command for command, _ in phones.called] == [DeclineOffer(offer_id=OFFER)]
    assert phones.said == []


def test_the_same_push_once_more_does_nothing() -> None:
    phones = asked()
    write(phones, "1")
    assert write(phones, "1") == {}
    assert (len(phones.called), phones.said) == (1, [])


def test_a_second_answer_hears_that_nothing_waits_for_it() -> None:
    phones = asked()
    assert write(phones, "1", "2", "1") == {"accepted": 1, "over": 2}
    assert len(phones.called) == 1
    assert phones.said == [("reply-over", said("reply-over"))] * 2


def test_a_late_answer_hears_it_too_and_no_phone_is_answered_without_end() -> None:
    phones = asked(refusals={"m1": Conflict("offer-not-open", NOTHING)})
    assert write(phones, "1") == {"over": 1}
    write(phones, *["1"] * 10, start=5)
    assert len(phones.said) == ANSWERS_AN_HOUR


def test_of_several_with_one_phone_it_is_the_one_who_was_asked() -> None:
    phones = asked(members={PHONE: ("m0", "m1")}, refusals={"m0": NotFound("not-found", NOTHING)})
    assert write(phones, "1") == {"accepted": 1}
    assert [meta.actor.member_id for _, meta in phones.called] == ["m1"]


def test_a_phone_that_is_kept_with_the_countrys_code_is_found() -> None:
    assert write(asked(members={f"86{PHONE}": ("m1",)}), "1") == {"accepted": 1}


@pytest.mark.parametrize("code", ["return-instead", "name-people"])
def test_what_a_digit_cannot_say_is_said_to_be_so(code: str) -> None:
    phones = asked(refusals={"m1": Conflict(code, NOTHING)})
    assert write(phones, "2") == {"cannot": 1}
    assert phones.said == [("reply-cannot", said("reply-cannot"))]
    assert phones.told, "the offer stands"


def test_other_words_go_to_staff_and_nothing_of_them_is_kept_here() -> None:
    phones = asked()
    assert write(phones, "我妈瘫痪在床,3号楼502", account_ids=("m-m1",)) == {"kept": 1}
    ((command, meta),) = phones.brought
    assert (command.phone, command.text, command.sequence) == (PHONE, "我妈瘫痪在床,3号楼502", "1")
    assert (command.community_id, command.asked_about, command.account_ids) == ("shiliuli", "t-1", ("m-m1",))
    assert is_notify(meta.actor)
    assert (meta.command_id, meta.created_id) == ("sms-plea:1", "id of sms-plea:1")
    assert (phones.said, phones.called) == ([("reply-received", said("reply-received"))], [])
    assert phones.told, "the offer stands, and 1 answers it still"
    phones.brought.clear()
    assert "502" not in repr(phones)
    assert phones.counted == ["kept"]


def test_words_of_danger_are_answered_by_whom_to_call_and_never_for_want_of_budget() -> None:
    phones = Phones(taken={"kept": True, "danger": True, "community_id": "b"})
    assert write(phones, "着火了") == {"in_danger": 1}
    assert phones.said == [("reply-danger", said("reply-danger"))]
    assert phones.budgets == ["sms-reply:in_danger:hash of 11"]


def test_who_writes_without_end_is_answered_no_more() -> None:
    phones = Phones(taken={"kept": False, "danger": False, "community_id": "b"})
    assert write(phones, "在吗") == {"too_many": 1}
    assert phones.said == []


def test_words_that_could_not_be_brought_are_pushed_again_and_brought_then() -> None:
    phones = Phones(refusals={"tickets": TooLate("too-late", NOTHING)})
    with pytest.raises(TooLate):
        write(phones, "救命")
    assert phones.said == []
    phones.refusals.clear()
    assert write(phones, "救命") == {"kept": 1}


@pytest.mark.parametrize(
    ("changes", "whose"),
    [
        ({}, None),
        ({"dest_code": "1069", "sign_name": "石榴里"}, "by-number"),
        ({"sign_name": "石榴里"}, "by-sign"),
        ({"sign_name": "别的", "homes": ("home",)}, "home"),
        ({"homes": ("home", "another")}, None),
    ],
)
def test_whose_it_is_by_the_number_then_the_sign_then_the_phone(changes: dict[str, Any], whose: str | None) -> None:
    phones = Phones(communities={"1069": "by-number", "石榴里": "by-sign"})
    write(phones, "有人吗", **changes)
    assert phones.brought[0][0].community_id == whose
    phones.communities["*"] = "by-default"
    write(phones, "有人吗", start=2, **changes)
    assert phones.brought[1][0].community_id == (whose or "by-default")


def test_a_stranger_who_writes_a_digit_is_answered_by_nothing() -> None:
    phones = Phones(members={})
    assert write(phones, "1") == {"stranger": 1}
    assert (phones.said, phones.brought) == ([], [])


def test_what_could_not_be_done_is_pushed_again() -> None:
    phones = asked(refusals={"m1": Busy("broker-away", NOTHING)})
    with pytest.raises(Busy):
        write(phones, "1")
    phones.refusals.clear()
    assert write(phones, "1") == {"accepted": 1}


def test_only_the_platform_brings_replies_and_receipts() -> None:
    phones = asked()
    cases = cases_of(phones)
    with pytest.raises(NotFound):
        cases.take(Call(TakeSmsReplies(replies=()), a_meta(an_actor(Role.ADMIN))))


def test_nothing_of_a_reply_shows_in_a_log() -> None:
    shown = repr(SmsReply(phone=PHONE, text="我妈瘫痪", sequence="7"))
    assert PHONE not in shown
    assert "我妈" not in shown


@dataclass
class Settled:
    """Receipts by what was settled."""

    known: frozenset[str]
    settled: list[tuple[str, Sent]] = field(default_factory=list)

    def settle(self, reference: str, sent: Sent) -> bool:
        self.settled.append((reference, sent))
        return reference in self.known


def test_receipts_are_settled_and_the_unknown_are_counted() -> None:
    settled = Settled(frozenset({"1^0", "2^0"}))
    take = TakeReceipts(settled, received, {"one-time-code"})
    receipts = (
        SmsReceipt(reference="1^0", success=True),
        SmsReceipt(reference="2^0", success=False, code="MK:0001"),
        SmsReceipt(reference="3^0", success=True),
        SmsReceipt(reference="4^0", success=True, purpose="one-time-code"),
    )
    told = take.take(Call(TakeSmsReceipts(receipts=receipts), a_meta(system_actor(""))))
    assert told.result == {"known": 3, "unknown": 1}
    assert [(reference, sent.status.value) for reference, sent in settled.settled] == [
        ("1^0", "delivered"),
        ("2^0", "failed_permanent"),
        ("3^0", "delivered"),
    ]
