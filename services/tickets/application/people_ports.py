"""What the use cases about people need of the world outside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.commands import Meta, Outcome
from contracts.decisions import Decided
from contracts.words import Given, Purpose
from services.tickets.domain.person import Person
from services.tickets.domain.ticket import Ticket


class People(Protocol):
    """The people as holders of rights. ``apply`` as for orders: one guarded write, each command once."""

    def get(self, id: str) -> Person | None:
        """The person as they are now."""

    def of_account(self, community_id: str, account_id: str) -> Person | None:
        """The person whose own account this is."""

    def with_delegate(self, community_id: str, account_id: str) -> Sequence[Person]:
        """Everybody who ever let this account act for them."""

    def apply(self, id: str, meta: Meta, decide: Callable[[Person | None], Decided[Person] | None]) -> Outcome:
        """Let *decide* act on the person *id* (None: there is none yet)."""


class OrdersOf(Protocol):
    """Which orders are a person's."""

    def ids(self, person: Person) -> Sequence[str]:
        """All of them, and what they ordered for others; the newest first."""

    def called_off(self, person: Person) -> Sequence[str]:
        """Those that ended for the person's death, but no complaints."""

    def with_acts(self, person: Person) -> Sequence[Ticket]:
        """Those in which delegates did something, the newest first."""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One consent: to which text, for what, how given and before whom; and when it was withdrawn, if it was.

    ``guardian`` is the name of who gave it for a minor, private. ``about``: one order or picture, else in general.
    """

    id: str
    community_id: str
    person_id: str
    purpose: Purpose
    text_version: str
    how: Given
    given_at: datetime
    witnessed_by: str | None
    guardian: str | None = None
    guardian_account: str | None = None
    about: str | None = None
    withdrawn_at: datetime | None = None
    withdrawn_how: Given | None = None
    withdrawal_witnessed_by: str | None = None

    @property
    def stands(self) -> bool:
        """Was it not withdrawn?"""
        return self.withdrawn_at is None

    @property
    def by_guardian(self) -> bool:
        """Did somebody else give it for a minor?"""
        return self.guardian is not None or self.guardian_account is not None


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A later line of the ledger: the consent does not stand any more."""

    consent: Consent
    how: Given
    at: datetime
    witnessed_by: str | None


class Consents(Protocol):
    """The ledger: lines are only ever added."""

    def add(self, consent: Consent) -> None:
        """A new line; one that is there already stays as it is."""

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Another line; a consent is withdrawn once."""

    def get(self, id: str) -> Consent | None:
        """One consent, with its withdrawal."""

    def of(self, community_id: str, person_id: str) -> Sequence[Consent]:
        """All of a person, the newest first."""

    def about(self, community_id: str, about: str) -> Sequence[Consent]:
        """All for this one order or picture, whoever gave them."""


class Told(Protocol):
    """Where a failure goes that must not undo what was done."""

    def __call__(self, event: str, **fields: str) -> None:
        """Log it."""
