"""What taking orders in needs of the world outside, beside the ports that every use case shares."""

from collections.abc import Sequence
from typing import Protocol

from services.tickets.domain.area import Area


class AreaTree(Protocol):
    """All areas of a community, as they were some seconds ago at most."""

    def of(self, community_id: str) -> Sequence[Area]:
        """Every area of the community, its outline with it."""
