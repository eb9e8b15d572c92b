"""A simulated lead answers for a team: names people of its roster until some of them may go."""

from collections.abc import Mapping
from random import Random
from typing import Any

from deploy.simulate.client import Caller, Refusal

MOST = 3
"""So many are named at first, as far as the roster goes."""
TRIES = 6
TOO_MANY = "too-many"
OTHERS_INSTEAD = frozenset({"does-not-suit", "roles-do-not-fit", "not-in-team"})
"""Refusals after which other people are named."""


async def name_people(caller: Caller, offer: Mapping[str, Any], rng: Random) -> bool:
    """Accept the offer of a team; says whether anybody goes. Raises Refusal where it is not open (any more)."""
    team = await caller.get(f"/teams/{offer['team_id']}")
    roster = sorted({*team["member_ids"], *(id for id in (team["lead"], team["deputy"]) if id)})
    rng.shuffle(roster)
    count = min(MOST, len(roster))
    for attempt in range(min(TRIES, len(roster) * MOST)):
        people = (roster[attempt % len(roster) :] + roster)[:count]
        try:
            await caller.post(f"/offers/{offer['id']}/accept", {"member_ids": people})
        except Refusal as refusal:
            if refusal.code not in OTHERS_INSTEAD | {TOO_MANY}:
                raise
            count = max(1, count - 1)
            continue
        return True
    return False
