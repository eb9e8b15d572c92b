"""Asks for several contacts at once where several are wanted at the same time, so that many messages cost few calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from eventlet.event import Event

from services.notify.application.sending_ports import Address, ContactsAway

WINDOW_SECONDS = 0.005
"""So long the first who asks waits for others: little beside one call, and long beside what brings them here."""

Many = Callable[[str, Sequence[str]], Mapping[str, Sequence[Address]]]
"""Asks for all of them; leaves out whose owner did not answer."""


@dataclass
class _Batch:
    recipients: set[str] = field(default_factory=set)
    answered: Event = field(default_factory=Event)


class GatheredContacts:
    """A ``Contacts`` for greenlets: whoever asks while a batch gathers is answered with it, and nothing is kept."""

    def __init__(self, many: Many, pause: Callable[[float], None]) -> None:
        """*pause* lets others run for so many seconds."""
        self._many = many
        self._pause = pause
        self._open: dict[str, _Batch] = {}

    def of(self, community_id: str, recipient: str) -> Sequence[Address]:
        """See ``Contacts``."""
        batch = self._open.get(community_id)
        if batch is not None:
            batch.recipients.add(recipient)
            return _answer(batch, recipient)
        batch = self._open[community_id] = _Batch({recipient})
        try:
            self._pause(WINDOW_SECONDS)
        finally:
            del self._open[community_id]
        self._ask(community_id, batch)
        return _answer(batch, recipient)

    def _ask(self, community_id: str, batch: _Batch) -> None:
        """Whatever becomes of it, those who wait are told."""
        answer: Mapping[str, Sequence[Address]] = {}
        try:
            answer = self._many(community_id, sorted(batch.recipients))
        finally:
            batch.answered.send(answer)


def _answer(batch: _Batch, recipient: str) -> Sequence[Address]:
    """Raises ContactsAway, each asker its own."""
    found: Mapping[str, Sequence[Address]] = batch.answered.wait()
    if recipient not in found:
        raise ContactsAway
    return found[recipient]
