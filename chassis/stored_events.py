"""The event stores of other services, read by RPC: whole, or some threads; patient with an owner who is restarting."""

from collections.abc import Callable, Iterator, Sequence

from chassis.ids import new_id
from chassis.rpc_client import RpcClient
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.commands.reads import EventsPage
from contracts.envelope import Envelope
from contracts.errors import Busy, TooLate

PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0, 5.0, 5.0, 5.0, 5.0)
"""Seconds between tries of one page; then the owner counts as away."""


class StoredEvents:
    """Reads of *owners*' events. Raises Busy or TooLate when one does not answer for half a minute."""

    def __init__(self, rpc: RpcClient, owners: Sequence[str], pause: Callable[[float], None]) -> None:
        self._rpc = rpc
        self._owners = owners
        self._pause = pause

    @property
    def owners(self) -> Sequence[str]:
        """Whose events they are."""
        return self._owners

    def pages(self, owner: str, after: str | None) -> Iterator[Sequence[Envelope]]:
        """All of one owner's with ids above *after*, in their order, by pages that are not empty."""
        return self._read(owner, after, ())

    def of_threads(self, owner: str, threads: Sequence[str]) -> Iterator[Sequence[Envelope]]:
        """All of one owner's of these threads."""
        return self._read(owner, None, tuple(threads))

    def _read(self, owner: str, after: str | None, threads: tuple[str, ...]) -> Iterator[Sequence[Envelope]]:
        while True:
            wires, after = self._page(owner, EventsPage(after=after, threads=threads))
            if wires:
                yield [Envelope.from_wire(wire) for wire in wires]
            if after is None:
                return

    def _page(self, owner: str, wanted: EventsPage) -> tuple[Sequence[object], str | None]:
        for pause in (*PAUSES, None):
            try:
                page = self._rpc.call(wanted, _meta(), owner).result
                return page["events"], page["next"]
            except (Busy, TooLate):
                if pause is None:
                    raise
                self._pause(pause)
        raise AssertionError("the last try returns or raises")


def _meta() -> Meta:
    id = new_id()
    return Meta(actor=system_actor("*"), command_id=id, correlation_id=id)
