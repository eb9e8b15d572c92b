"""What is kept here of what other services publish, beside the areas: the time of each community."""

from collections.abc import Sequence

from contracts.events import AnyReceived
from services.volunteers.application.ports import Communities, CommunityRow


class Replicas:
    """A handler of the inbox, by the name that the topology gives it."""

    def __init__(self, communities: Communities) -> None:
        self._communities = communities

    def keep_community(self, batch: Sequence[AnyReceived]) -> None:
        """Keep the newest version of every community."""
        self._communities.keep([CommunityRow(received.snapshot, received.version) for received in batch])
