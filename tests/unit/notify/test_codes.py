"""One-time codes: only the platform has them told, and the words say what they are for."""

import pytest

from contracts.actor import Role, system_actor
from contracts.commands import Call
from contracts.commands.notify import SendCode
from contracts.errors import NotFound
from contracts.words import CodePurpose
from services.notify.adapters.console import ConsoleCodes
from services.notify.application.codes import CodeSender
from services.notify.application.ports import Rendered
from services.notify.application.sending_ports import Sent
from tests.builders import COMMUNITY, a_meta, an_actor

CODE = SendCode(phone="000-1234-5678", code="314159", purpose=CodePurpose.RESET, minutes=5)
PLATFORM = a_meta(system_actor(COMMUNITY))


class Broken:
    def send(self, phone: str, rendered: Rendered) -> Sent:
        raise ConnectionError(phone)


def test_a_code_is_told_with_what_it_is_for_and_without_the_phone() -> None:
    said: list[str] = []
    outcome = CodeSender(ConsoleCodes(said.append)).send_code(Call(CODE, PLATFORM))
    assert outcome.result == {"status": "delivered", "reason": None}
    (line,) = said
    assert "314159" in line
    assert "重设密码" in line
    assert "5678" not in line


def test_english_for_who_reads_it() -> None:
    said: list[str] = []
    command = SendCode(phone="1", code="271828", purpose=CodePurpose.SIGN_IN, minutes=5, locale="en")
    CodeSender(ConsoleCodes(said.append)).send_code(Call(command, PLATFORM))
    assert "signing in" in said[0]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_nobody_else_has_it_write_to_a_phone(role: Role) -> None:
    said: list[str] = []
    with pytest.raises(NotFound):
        CodeSender(ConsoleCodes(said.append)).send_code(Call(CODE, a_meta(an_actor(role))))
    assert said == []


def test_no_channel_and_a_broken_one_are_answers() -> None:
    assert CodeSender(None).send_code(Call(CODE, PLATFORM)).result["reason"] == "no-such-channel"
    broken = CodeSender(Broken()).send_code(Call(CODE, PLATFORM)).result
    assert broken == {"status": "failed_temporary", "reason": "ConnectionError"}, "nothing of the phone"
