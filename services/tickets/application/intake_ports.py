"""What taking orders in needs of the world outside, beside the ports that every use case shares."""

from collections.abc import Sequence
from typing import Protocol

from services.tickets.domain.area import Area
from services.tickets.domain.catalogue import CatalogueItem


class AreaTree(Protocol):
    """All areas of a community, as they were some seconds ago at most."""

    def of(self, community_id: str) -> Sequence[Area]:
        """Every area of the community, its outline with it."""


class Shelf(Protocol):
    """All that can be ordered in a community, as it was some seconds ago at most."""

    def of(self, community_id: str) -> Sequence[CatalogueItem]:
        """Every item of the community in its newest version."""


class Callers(Protocol):
    """Finds people by their number without showing it."""

    def with_phone(self, community_id: str, phone: str) -> Sequence[str]:
        """The ids of those in the vault whose number this is, however it is written: a phone may be a family's."""
