"""The requests of a file as orders of the simulated crowd: who places them, for whom, and when."""

from collections.abc import Iterator, Sequence
from zlib import crc32

from contracts.words import Origin
from deploy.replay.derive import City, origin_of
from deploy.replay.reader import Request, gaps_minutes
from deploy.simulate.crowd import Order

ITSELF = frozenset({Origin.RESIDENT, Origin.CHAT})
"""These are placed by the resident's own account."""
NOBODYS = frozenset({Origin.PATROL, Origin.UPSTREAM})
"""These were seen by the city's own people: there is no account that could say how it went."""


def orders(city: City, requests: Sequence[Request], residents: int) -> Iterator[Order]:
    """One order per request, in the spacing of their opening times.

    The request's number is the Idempotency-Key and decides who places it: a second run places nothing twice.
    """
    for request, minutes in zip(requests, gaps_minutes(requests), strict=True):
        origin = origin_of(request)
        resident = None if origin in NOBODYS else crc32(request.case_id.encode()) % residents
        body = {
            "item_id": city.items[request.type].id,
            "area_id": city.grid(request),
            "description": request.title,
            "origin": origin.value,
        }
        yield Order(
            at=minutes, key=f"311-{request.case_id}", body=body, resident=resident, by_desk=origin not in ITSELF
        )
