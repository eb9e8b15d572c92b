"""Which cards of the week have anything on them: asked of the gateway, which shows them, by notify."""

from dataclasses import dataclass
from typing import ClassVar

MOST_AT_ONCE = 50
"""Cards of one call."""


@dataclass(frozen=True, kw_only=True)
class CardOf:
    """The card that ``account_id`` reads of a person; ``own_account`` is that person's own, if they have one."""

    person_id: str
    own_account: str | None
    account_id: str


@dataclass(frozen=True, kw_only=True)
class ReadFilledCards:
    """For the platform alone. ``day`` (2026-11-22) is any of the week, by the clocks of ``time_zone``.

    ``since`` (2026-11-15T10:00:00.000Z) is when it was told before: what was later than that and still of the week
    before is on the card, too, or nobody would ever hear of it.
    Result: ``{"filled": [[person_id, account_id]]}``: those on which the account sees, as who may act for the person
    and by no role of its own, that somebody came or will come. Accounts that are closed or rest see nothing.
    """

    SERVICE: ClassVar[str] = "gateway"
    METHOD: ClassVar[str] = "read_filled_cards"
    day: str
    time_zone: str
    cards: tuple[CardOf, ...]
    since: str | None = None
