"""One-time codes: told at once, through one channel, and kept nowhere."""

from typing import Protocol

from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.commands.notify import SendCode
from contracts.errors import NotFound
from contracts.words import Text
from services.notify.application.ports import Rendered
from services.notify.application.sending_ports import Sent
from services.notify.domain.code_words import code_words
from services.notify.domain.message import DeliveryStatus

THE_PLATFORM = frozenset({Role.SYSTEM})


class CodeChannel(Protocol):
    """A way to a person's phone."""

    def send(self, phone: str, rendered: Rendered) -> Sent:
        """Try once. A failure is an answer, not an exception."""


class CodeSender:
    """Tells codes. Only the platform asks for that: whoever could would have it write to any phone."""

    def __init__(self, channel: CodeChannel | None) -> None:
        self._channel = channel

    def send_code(self, call: Call[SendCode]) -> Outcome:
        """Tell one code; without a channel the answer says so."""
        if not call.meta.actor.has(THE_PLATFORM):
            raise NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))
        command = call.command
        words = code_words(command.purpose, command.locale, command.code, command.minutes)
        sent = self._try(command.email or command.phone, Rendered(title=words[0], body=words[1]))
        return Outcome({"status": sent.status.value, "reason": sent.reason})

    def _try(self, phone: str, rendered: Rendered) -> Sent:
        if self._channel is None:
            return Sent(status=DeliveryStatus.SUPPRESSED, reason="no-such-channel")
        try:
            return self._channel.send(phone, rendered)
        except Exception as error:  # noqa: BLE001  whatever a driver raises is a try that failed
            return Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=type(error).__name__)
