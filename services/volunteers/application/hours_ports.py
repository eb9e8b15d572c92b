"""What the use cases of the ledgers need beside the entries themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contracts.actor import STAFF, Actor
from contracts.hours import Ledger
from contracts.recusal import staffed
from services.volunteers.domain.hours_entry import Entry


@dataclass(frozen=True, kw_only=True)
class Keeper:
    """Somebody of staff who reads the ledgers, and what they may see of them: the same as ``may_keep``, for queries.

    ``areas``: those they are staff of, None for the whole community; ``within``: they look at this area alone.
    ``staffed`` are the areas whose own cases they learn nothing of.
    """

    community_id: str
    account_id: str
    member_id: str | None
    areas: tuple[str, ...] | None
    staffed: tuple[str, ...]
    within: str | None = None


def keeper_of(actor: Actor, within: str | None = None) -> Keeper:
    """What *actor* may see as staff."""
    areas = {grant.area_id for grant in actor.grants if grant.role in STAFF}
    named = tuple(sorted(area for area in areas if area is not None))
    return Keeper(
        community_id=actor.community_id,
        account_id=actor.account_id,
        member_id=actor.member_id,
        areas=None if None in areas else named,
        staffed=staffed(actor),
        within=within,
    )


class Entries(Protocol):
    """The ledgers, read."""

    def page(
        self, community_id: str, member_id: str, ledger: Ledger, year: int | None, mark: str | None, limit: int
    ) -> Sequence[tuple[str, Entry]]:
        """A member's entries, newest first, each with its mark; those without a time too."""

    def years(self, community_id: str, member_id: str, ledger: Ledger) -> Mapping[int, int]:
        """Minutes by year."""

    def waiting(self, keeper: Keeper, mark: str | None, limit: int) -> Sequence[tuple[str, Entry]]:
        """Entries that *keeper* has to see to, by id."""

    def overlaps(self, community_id: str, member_id: str, began: datetime, ended: datetime) -> bool:
        """Has the member anything on record at that time?"""


class HoursWords(Protocol):
    """The typed words of entries, sealed for whoever served."""

    def seal(self, member_id: str, entry_id: str, field: str, text: str) -> bytes | None:
        """None where the member was erased."""

    def open(self, entry_id: str, field: str, blob: bytes | None) -> str | None:
        """None where there is nothing, or nobody to open it for."""
