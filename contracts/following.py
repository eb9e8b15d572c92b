"""Who hears of an order because they asked to: followers of one, and subscribers of an area and a category."""

from dataclasses import dataclass
from enum import StrEnum

MOST_SUBSCRIPTIONS = 20
"""Areas and categories that one account wants news of."""


class Sight(StrEnum):
    """As what somebody sees an order that they follow; with the sight the news ends."""

    REQUESTER = "requester"
    DELEGATE = "delegate"
    CREW = "crew"
    STAFF = "staff"
    CHIEF = "chief"
    """As chief of a block that it lies in."""


@dataclass(frozen=True)
class Subscription:
    """News of an area and what is below it, of one category of the catalogue; ``category`` None: of all of them."""

    area_id: str
    category: str | None = None
