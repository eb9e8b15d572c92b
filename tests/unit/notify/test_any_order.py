"""Every event that notify hears, once and twice, in any order: what is told in the end is the same."""

import random
from typing import Any

import pytest

from contracts.topology import handlers_of
from services.notify.domain.message import DeliveryStatus
from tests.builders import SAMPLE_BODIES, received
from tests.unit.notify.test_sending import House

EVENTS = [
    received(body, version=version, id=f"01KAJ5ZX00000000000EVENT{version:03}")
    for version, body in enumerate(SAMPLE_BODIES, 1)
    if "notify" in handlers_of("notify", body.TYPE)
]


def ends(events: list[Any]) -> tuple[dict[str, tuple[str, str | None]], list[str]]:
    """What becomes of each message when nobody reads anything, and what went out."""
    house = House(*events, robots=("r-1",))
    for _ in range(3):
        house.after(days=1)
    rows = house.messages.rows.items()
    told = sorted(letter.message_id for post in house.posts.values() for letter in post.letters)
    return {id: (row.message.status.value, row.reason) for id, row in rows}, told


@pytest.mark.parametrize("seed", range(4))
def test_all_there_is_to_tell_ends_the_same_in_any_order(seed: int) -> None:
    shuffled = EVENTS * 2
    random.Random(seed).shuffle(shuffled)
    in_order, twice = ends(EVENTS), ends(shuffled)

    assert twice == in_order
    assert len({event.envelope.type for event in EVENTS}) > 60
    assert {status for status, _ in in_order[0].values()} >= {DeliveryStatus.SENT, DeliveryStatus.SUPPRESSED}
