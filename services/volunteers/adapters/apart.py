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
        query = {"apart.by": account_id, "community_id": community_id}
        found = self._members.collection.find(query).sort("_id", 1).limit(MOST)
        return [self._members.codec.from_doc(doc) for doc in found]
