"""Who was kept from somebody by whom, found by an index of its own."""

from collections.abc import Sequence

from chassis.aggregates import Aggregates
from services.volunteers.domain.member import Member

MOST = 200


class MongoSaidOf:
    """A ``SaidOf``."""

    def __init__(self, members: Aggregates[Member]) -> None:
        self._members = members

    def by(self, community_id: str, account_id: str) -> Sequence[Member]:
        """See ``SaidOf``."""
        return self._members.find({"apart.by": account_id, "community_id": community_id}, [("_id", 1)], MOST)
