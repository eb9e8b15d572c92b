"""Teams as the matcher looks at them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from chassis.aggregates import Aggregates
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.team import Team


class MongoTeams:
    """A ``Teams``."""

    def __init__(self, teams: Aggregates[Team], demands: Aggregates[Demand]) -> None:
        self._teams = teams
        self._demands = demands

    def get(self, id: str) -> Team | None:
        """See ``Teams``."""
        return self._teams.get(id)

    def of_community(self, community_id: str) -> Sequence[Team]:
        """See ``Teams``. A community has tens of them."""
        return self._teams.find({"community_id": community_id}, [("_id", 1)])

    def open_offers(self, team_ids: Sequence[str]) -> Mapping[str, int]:
        """See ``Teams``."""
        query = {"asking_teams": {"$in": list(team_ids)}}
        found = self._demands.collection.find(query, {"asking_teams": 1})
        return Counter(team_id for doc in found for team_id in doc["asking_teams"])
