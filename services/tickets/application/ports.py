"""What the use cases need of the world outside; adapters give it, fakes give it in tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from contracts.commands import Meta, Outcome
from contracts.commands.tickets import NewPerson
from contracts.decisions import Decided
from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem
from services.tickets.domain.community import Community
from services.tickets.domain.ticket import Ticket


class Tickets(Protocol):
    """The orders. ``apply`` stores the decision and its events in one guarded write, each command once."""

    def get(self, id: str) -> Ticket | None:
        """The order as it is now."""

    def apply(self, id: str, meta: Meta, decide: Callable[[Ticket | None], Decided[Ticket] | None]) -> Outcome:
        """Let *decide* act on the order *id* (None: there is none yet); it may be called again after a race."""


class Items(Protocol):
    """The catalogue."""

    def get(self, id: str) -> CatalogueItem | None:
        """The item in its newest version."""

    def version(self, id: str, version: int) -> CatalogueItem | None:
        """The item as it was in that version; 0 is an order's of which none was noted: the newest."""


class Areas(Protocol):
    """The tree of areas."""

    def get(self, id: str) -> Area | None:
        """One area."""


class Communities(Protocol):
    """The communities of this installation."""

    def get(self, id: str) -> Community | None:
        """One community."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody served who has no account; all but the ids is private.

    ``known_to`` is the account for which, or the staff account by which, they were first named.
    """

    id: str
    community_id: str
    known_to: str
    details: NewPerson


class Persons(Protocol):
    """The vault of persons; what it stores is encrypted field by field."""

    def keep(self, person: Person, now: datetime) -> None:
        """Store a new person; one who is there already is left as they are."""

    def change(self, person: Person, now: datetime) -> None:
        """Store what is known of a person now; ``known_to`` stays as it was."""

    def get(self, id: str) -> Person | None:
        """A person, readable."""


@dataclass(frozen=True, kw_only=True)
class Reveal:
    """One reading of the private part of an order: its ``words`` (with name, phone, place), or a ``picture``.

    ``sealed_for`` is whose key seals the reason; ``concerns`` are all whom the order is about, so that they find it.
    """

    community_id: str
    ticket_id: str
    at: datetime
    account_id: str
    role: str
    reason: str | None
    part: str = "words"
    sealed_for: str = ""
    concerns: tuple[str, ...] = ()


class Reveals(Protocol):
    """The log of who has seen what is private; rows are only ever added."""

    def add(self, reveal: Reveal, once: str | None = None) -> None:
        """Log a reading, before it happens; readings with the same *once* are one."""

    def of(self, community_id: str, ticket_id: str) -> Sequence[Reveal]:
        """All readings of one order, oldest first."""

    def about(
        self, community_id: str, persons: Sequence[str], before: str | None, limit: int
    ) -> Sequence[tuple[str, Reveal]]:
        """Readings of what is theirs, newest first, each with its mark; *before* is the last mark of a page."""


class Numbers(Protocol):
    """Human numbers: one count per community and local day, gaps allowed."""

    def take(self, community_id: str, day: date) -> int:
        """The next number of that day."""


class Vault(Protocol):
    """Seals what is private of a person by their own key; ``context`` is bound to it and needed to open it again."""

    def seal(self, person: str, text: str, context: str) -> bytes | None:
        """Encrypt; None where the person was erased, and nothing is kept of them."""

    def open(self, sealed: bytes, context: str) -> str | None:
        """Decrypt; None where the person was erased."""


class Clock(Protocol):
    """Business time."""

    def now(self) -> datetime:
        """The moment now, UTC."""
