"""One-time codes: only the platform has them told, and the words say what they are for."""

import pytest

from contracts.actor import Role, system_actor
from contracts.commands import Call
from contracts.commands.notify import SendCode
from contracts.errors import NotFound
from contracts.words import CodePurpose
from services.notify.adapters.console import ConsolePost
from services.notify.application.codes import CodeSender
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus
from tests.builders import COMMUNITY, a_meta, an_actor

CODE = SendCode(phone="000-1234-5678", code="314159", purpose=CodePurpose.RESET, minutes=5)
PLATFORM = a_meta(system_actor(COMMUNITY))


class Broken:
    way = "sms"

    def send(self, letter: Letter, address: Address) -> Sent:
        raise ConnectionError(address.value)


class Kept:
    """A provider that remembers what it was given."""

    way = "sms"

    def __init__(self) -> None:
        self.given: list[tuple[Letter, Address]] = []

    def send(self, letter: Letter, address: Address) -> Sent:
        self.given.append((letter, address))
        return Sent(status=DeliveryStatus.SENT)


def at_the_console(said: list[str]) -> CodeSender:
    return CodeSender({way: ConsolePost(said.append, way=way) for way in ("sms", "email")})


def test_a_code_is_told_with_what_it_is_for_and_without_the_phone() -> None:
    said: list[str] = []
    outcome = at_the_console(said).send_code(Call(CODE, PLATFORM))
    assert outcome.result == {"status": "delivered", "reason": None}
    (line,) = said
    assert "314159" in line
    assert "重设密码" in line
    assert "5678" not in line


def test_english_for_who_reads_it() -> None:
    said: list[str] = []
    command = SendCode(phone="1", code="271828", purpose=CodePurpose.SIGN_IN, minutes=5, locale="en")
    at_the_console(said).send_code(Call(command, PLATFORM))
    assert "signing in" in said[0]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_nobody_else_has_it_write_to_a_phone(role: Role) -> None:
    said: list[str] = []
    with pytest.raises(NotFound):
        at_the_console(said).send_code(Call(CODE, a_meta(an_actor(role))))
    assert said == []


def test_no_channel_and_a_broken_one_are_answers() -> None:
    assert CodeSender({}).send_code(Call(CODE, PLATFORM)).result["reason"] == "no-such-channel"
    broken = CodeSender({"sms": Broken()}).send_code(Call(CODE, PLATFORM)).result
    assert broken == {"status": "failed_temporary", "reason": "ConnectionError"}, "nothing of the phone"


def test_a_code_goes_by_sms_with_what_an_approved_template_needs_or_to_the_address_that_is_confirmed() -> None:
    sms, mail = Kept(), Kept()
    sender = CodeSender({"sms": sms, "email": mail})
    sender.send_code(Call(CODE, PLATFORM))
    ((letter, address),) = sms.given
    assert (address.way, address.value) == ("sms", "000-1234-5678")
    assert (letter.template, letter.params) == ("one-time-code", {"code": "314159", "minutes": 5})
    confirming = SendCode(phone="", email="anna@example.org", code="1", purpose=CodePurpose.CONFIRM_EMAIL, minutes=5)
    sender.send_code(Call(confirming, PLATFORM))
    assert [one.value for _, one in mail.given] == ["anna@example.org"]
    assert len(sms.given) == 1
