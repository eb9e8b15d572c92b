"""The console channel: a line in the log of the process, for development and for the person at the terminal."""

from collections.abc import Callable

from services.notify.application.ports import Rendered, Sent
from services.notify.domain.message import DeliveryStatus, Message


class ConsoleChannel:
    """Writes a message as one line; nothing private is in it, since messages hold codes only."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, message: Message, rendered: Rendered) -> Sent:
        """Always succeeds: the line is written."""
        self._write(f"[{message.recipient}] {rendered.title} | {rendered.body}")
        return Sent(status=DeliveryStatus.DELIVERED)


class ConsoleCodes:
    """Tells one-time codes at the console, for development only: no phone is in the line, the code is."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def send(self, phone: str, rendered: Rendered) -> Sent:
        """Always succeeds: the line is written."""
        del phone
        self._write(rendered.body)
        return Sent(status=DeliveryStatus.DELIVERED)
