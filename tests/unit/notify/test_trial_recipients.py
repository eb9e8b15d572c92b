"""Reserved recipients behave as their name says, and reach no provider."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from services.notify.adapters.console import ConsolePost
from services.notify.adapters.keyed import keyed_by
from services.notify.adapters.stop_mail import StopTokens, stop_page
from services.notify.adapters.trial_recipients import PHONES, SLOW_SECONDS, Trial, TrialPost, trial_of
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.category import Category
from services.notify.domain.message import DeliveryStatus
from tests.builders_of_letters import a_letter

SENT = DeliveryStatus.SENT


@dataclass
class Provider:
    """A post, its receipts and its time."""

    way: str = "sms"
    letters: list[Letter] = field(default_factory=list)
    later: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    settled: list[tuple[str, Sent]] = field(default_factory=list)
    known: bool = True
    slept: list[float] = field(default_factory=list)

    def send(self, letter: Letter, address: Address) -> Sent:
        self.letters.append(letter)
        return Sent(status=SENT, reference="real")

    def settle(self, reference: str, sent: Sent) -> bool:
        self.settled.append((reference, sent))
        return self.known

    def after(self, seconds: float, work: Callable[[], object]) -> None:
        self.later.append((seconds, work))

    def try_on(self, value: str) -> Sent:
        post = TrialPost(self, self, self.after, self.slept.append)
        return post.send(a_letter(), Address(way=self.way, value=value))


def phone(trial: Trial) -> str:
    return next(number for number, how in PHONES.items() if how is trial)


@pytest.mark.parametrize("trial", list(Trial))
def test_there_is_a_phone_an_address_and_an_openid_for_each(trial: Trial) -> None:
    assert trial_of(Address(way="sms", value=phone(trial))) is trial
    assert trial_of(Address(way="sms", value=f"000-0000-{phone(trial)[-4:]}")) is trial
    assert trial_of(Address(way="email", value=f"{trial.value}@trial.invalid")) is trial
    assert trial_of(Address(way="wechat", value=f"trial-{trial.value}")) is trial


@pytest.mark.parametrize(
    "address",
    [
        Address(way="sms", value="13800138000"),
        Address(way="sms", value="000-0001-0001"),
        Address(way="email", value="succeeds@trial.invalid.example.org"),
        Address(way="email", value="anna@trial.invalid"),
        Address(way="wechat", value="o-succeeds"),
    ],
)
def test_everybody_else_is_passed_on(address: Address) -> None:
    provider = Provider(way=address.way)
    assert provider.try_on(address.value).reference == "real"
    assert len(provider.letters) == 1


@pytest.mark.parametrize(
    ("trial", "sent", "receipt"),
    [
        (Trial.SUCCEEDS, SENT, (1.0, DeliveryStatus.DELIVERED)),
        (Trial.LATE, SENT, (60.0, DeliveryStatus.DELIVERED)),
        (Trial.SLOW, SENT, (1.0, DeliveryStatus.DELIVERED)),
        (Trial.FAILS_LATER, SENT, (1.0, DeliveryStatus.FAILED_PERMANENT)),
        (Trial.FAILS_FOR_NOW, DeliveryStatus.FAILED_TEMPORARY, None),
        (Trial.FAILS_FOR_GOOD, DeliveryStatus.FAILED_PERMANENT, None),
    ],
)
def test_each_behaves_as_its_name_says(
    trial: Trial, sent: DeliveryStatus, receipt: tuple[float, DeliveryStatus] | None
) -> None:
    provider = Provider()
    answer = provider.try_on(phone(trial))
    assert (answer.status, provider.letters) == (sent, [])
    assert provider.slept == ([SLOW_SECONDS] if trial is Trial.SLOW else [])
    reported = []
    for seconds, work in provider.later:
        work()
        ((reference, settled),) = provider.settled
        assert reference == answer.reference
        reported.append((seconds, settled.status))
    assert reported == ([] if receipt is None else [receipt])


def test_a_way_without_receipts_has_none_here_either() -> None:
    provider = Provider(way="email")
    assert provider.try_on("succeeds@trial.invalid").status is SENT
    assert provider.later == []


def test_a_receipt_of_which_nobody_knows_yet_comes_again_and_not_for_ever() -> None:
    provider = Provider(known=False)
    provider.try_on(phone(Trial.SUCCEEDS))
    for _ in range(10):
        for _, work in provider.later[len(provider.settled) :]:
            work()
    assert [seconds for seconds, _ in provider.later] == [1.0, 5.0, 5.0, 5.0]


def test_the_console_tells_the_words_and_never_where_to() -> None:
    lines: list[str] = []
    sent = ConsolePost(lines.append, way="sms").send(a_letter(), Address(way="sms", value="13800138000"))
    assert sent.status is DeliveryStatus.DELIVERED
    assert "请您帮忙" in lines[0]
    assert "138" not in lines[0]


def test_a_mails_way_to_stop_it_is_good_for_its_message_alone() -> None:
    tokens = StopTokens(keyed_by("a key"))
    page = stop_page("https://shiliu.example/", tokens)
    url = page(a_letter()) or ""
    token = url.rpartition("/")[2]
    assert url.startswith("https://shiliu.example/api/v1/mail/stop/")
    assert len(token) <= 200, "longer ones are no ids to the gateway"
    assert tokens.read(token) == a_letter().message_id
    # Nothing of the message's id, which says for whom it was and by which rule, is to be read in it.
    named = b"account:a-somebody"
    plain = base64.urlsafe_b64decode(tokens.of(f"e:family-done:{named.decode()}:outward") + "===")
    assert named not in plain
    assert b"family" not in plain
    assert StopTokens(keyed_by("another key")).read(token) is None
    for wrong in ("", token[:-1], "0" * len(token), token + "é", token[:32]):
        assert tokens.read(wrong) is None
    assert page(a_letter(category=Category.ALARM)) is None
    assert stop_page("", tokens)(a_letter()) is None
