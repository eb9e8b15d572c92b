"""Invented listeners and events of the stream, of every kind that there is."""

from random import Random
from typing import Any

from contracts.actor import Actor, Grant, Role
from contracts.event_types import chosen_types
from gateway.stream.wanted import EVERYTHING, Wanted
from tests.builders import COMMUNITY

AREAS = ("c", "g1", "g2", "b1", "b2")
TYPES = ("shiliu.ticket.accepted.v1", "shiliu.ticket.closed.v1", "shiliu.offer.made.v1", "shiliu.area.published.v1")
ROLES = (Role.RESIDENT, Role.MEMBER, Role.DUTY, Role.SECRETARY, Role.BLOCK_CHIEF, Role.CHIEF_OF_BLOCKS)
PEOPLE = tuple("abcd")


def some_actor(rng: Random) -> Actor:
    """Of this community or another, with some roles here or there, a member or not."""
    grants = tuple(Grant(rng.choice(ROLES), rng.choice((None, *AREAS))) for _ in range(rng.choice((1, 1, 2))))
    community = COMMUNITY if rng.random() < 0.9 else "elsewhere"
    member = rng.choice((None, *PEOPLE))
    return Actor(account_id=f"a-{rng.choice(PEOPLE)}", community_id=community, grants=grants, member_id=member)


def some_wanted(rng: Random) -> Wanted:
    """Half want everything; the others have one condition or more."""
    if rng.random() < 0.5:
        return EVERYTHING
    patterns = rng.choice(((), (TYPES[0],), TYPES[1:3], ("shiliu.ticket.*",)))
    return Wanted(
        types=chosen_types(patterns) if patterns else None,
        area=rng.choice((None, None, *AREAS)),
        ticket=rng.choice((None, None, "t1", "t2")),
    )


def some_stored(rng: Random, id: str = "e1") -> dict[str, Any]:
    """As it is stored, but for the moment in which it was seen."""
    frame = {"id": id, "type": rng.choice(TYPES), "subject": rng.choice(("t1", "t2", "t3")), "version": 1}
    whom: dict[str, Any] = {
        "area_path": rng.choice(([], ["c"], ["c", "g1"], ["c", "g2"])),
        "member_ids": sorted(rng.sample(PEOPLE, rng.choice((0, 0, 1, 2)))),
        "requester_ids": [f"a-{one}" for one in rng.sample(PEOPLE, rng.choice((0, 1, 2)))],
        "staff": rng.random() < 0.7,
        "members": rng.random() < 0.2,
        "recused": None,
    }
    if rng.random() < 0.3:
        whom["recused"] = {"members": [rng.choice(PEOPLE)], "areas": [rng.choice(AREAS)], "staff": ["a-a"]}
    if rng.random() < 0.3:
        whom["blocks"] = rng.choice((["b1"], ["b1", "b2"]))
    return {"_id": id, "community_id": COMMUNITY, "frame": frame, "audience": whom}
