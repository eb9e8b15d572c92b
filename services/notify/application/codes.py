"""One-time codes: told at once, by SMS or to an e-mail address that is being confirmed, and kept nowhere."""

from collections.abc import Mapping

from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.commands.notify import SendCode
from contracts.errors import NotFound
from contracts.words import Text
from services.notify.application.sending_ports import Address, Letter, Post, Sent
from services.notify.domain.category import Category
from services.notify.domain.code_words import code_words
from services.notify.domain.message import DeliveryStatus

TEMPLATE = "one-time-code"
"""The name under which a provider's approved template for codes stands in the settings."""
SMS, EMAIL = "sms", "email"
THE_PLATFORM = frozenset({Role.SYSTEM})


class CodeSender:
    """Tells codes. Only the platform asks for that: whoever could would have it write to any phone."""

    def __init__(self, posts: Mapping[str, Post]) -> None:
        self._posts = posts

    def send_code(self, call: Call[SendCode]) -> Outcome:
        """Tell one code; without a way the answer says so."""
        if not call.meta.actor.has(THE_PLATFORM):
            raise NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))
        command = call.command
        way, value = (SMS, command.phone) if command.email is None else (EMAIL, command.email)
        sent = self._try(_letter(command, call.meta.command_id), Address(way=way, value=value))
        return Outcome({"status": sent.status.value, "reason": sent.reason})

    def _try(self, letter: Letter, address: Address) -> Sent:
        post = self._posts.get(address.way)
        if post is None:
            return Sent(status=DeliveryStatus.SUPPRESSED, reason="no-such-channel")
        try:
            return post.send(letter, address)
        except Exception as error:  # noqa: BLE001  whatever a driver raises is a try that failed
            return Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=type(error).__name__)


def _letter(command: SendCode, command_id: str) -> Letter:
    title, body = code_words(command.purpose, command.locale, command.code, command.minutes)
    return Letter(
        message_id=f"code:{command_id}",
        community_id="",
        template=TEMPLATE,
        version=1,
        locale=command.locale,
        title=title,
        body=body,
        params={"code": command.code, "minutes": command.minutes},
        thread="",
        number="",
        urgent=True,
        category=Category.ACCOUNT,
        offer_id=None,
    )
