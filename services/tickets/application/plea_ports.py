"""What the use cases about pleas need of the world outside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from services.tickets.domain.pleas import Plea


class Pleas(Protocol):
    """The pleas; ``apply`` as for orders."""

    def get(self, id: str) -> Plea | None:
        """One as it is now."""

    def with_sequence(self, sequence: str) -> Plea | None:
        """The one that has this text already."""

    def waiting_from(self, community_id: str, phone_key: str) -> Plea | None:
        """The one of this phone that nobody has answered."""

    def phone_key(self, phone: str) -> str:
        """What stands for a number."""

    def of(self, community_id: str, before: str | None, open_only: bool, limit: int) -> Sequence[tuple[str, Plea]]:
        """Those of a community, newest first, each with its mark; *before* is the last mark of a page."""

    def apply(self, id: str, meta: Meta, decide: Callable[[Plea | None], Decided[Plea] | None]) -> Outcome:
        """Let *decide* act on the plea *id* (None: there is none yet)."""


@dataclass(frozen=True)
class Home:
    """In which community a phone is somebody's, and whose (ids of people)."""

    community_id: str
    persons: tuple[str, ...]


class Homes(Protocol):
    """Where a phone may belong."""

    def of(self, phone: str) -> Sequence[Home]:
        """The communities in whose vault it is."""

    def communities(self) -> Sequence[str]:
        """All of this installation, in one order."""
