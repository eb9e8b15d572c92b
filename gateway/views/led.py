"""Which teams somebody leads, by what the teams say now."""

from typing import Any

from pymongo.collection import Collection

from contracts.actor import Actor


def led_by(teams: Collection[dict[str, Any]], actor: Actor) -> list[str]:
    """The teams whose lead or deputy the actor is."""
    if actor.member_id is None:
        return []
    leads = {"$or": [{"team.lead": actor.member_id}, {"team.deputy": actor.member_id}]}
    return [doc["_id"] for doc in teams.find({"community_id": actor.community_id, **leads}, {"_id": 1})]
