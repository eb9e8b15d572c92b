"""The console: a line in the log of the process, for development and for the person at the terminal."""

from collections.abc import Callable

from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus

CONSOLE = "console"


class ConsolePost:
    """A ``Post`` that writes a letter as one line: no address is in it, and no more of people than a letter holds."""

    def __init__(self, write: Callable[[str], None], way: str = CONSOLE) -> None:
        """*way*: for which it stands in, where no provider is set up."""
        self._write = write
        self.way = way

    def send(self, letter: Letter, address: Address) -> Sent:
        """Always succeeds: the line is written."""
        del address
        self._write(f"[{letter.category.value}] {letter.title} | {letter.body}")
        return Sent(status=DeliveryStatus.DELIVERED)
