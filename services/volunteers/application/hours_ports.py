"""What the use cases of the ledgers need beside the entries themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from contracts.hours import Ledger
from services.volunteers.domain.hours_entry import Entry


class Entries(Protocol):
    """The ledgers, read."""

    def page(
        self, community_id: str, member_id: str, ledger: Ledger, year: int | None, mark: str | None, limit: int
    ) -> Sequence[tuple[str, Entry]]:
        """A member's entries, newest first, each with its mark; those without a time too."""

    def years(self, community_id: str, member_id: str, ledger: Ledger) -> Mapping[int, int]:
        """Minutes by year."""

    def waiting(self, community_id: str, mark: str | None, limit: int) -> Sequence[tuple[str, Entry]]:
        """Entries that staff have to see to, by id."""

    def overlaps(self, community_id: str, member_id: str, began: datetime, ended: datetime) -> bool:
        """Has the member anything on record at that time?"""


class HoursWords(Protocol):
    """The typed words of entries, sealed for whoever served."""

    def seal(self, member_id: str, entry_id: str, field: str, text: str) -> bytes | None:
        """None where the member was erased."""

    def open(self, entry_id: str, field: str, blob: bytes | None) -> str | None:
        """None where there is nothing, or nobody to open it for."""
