"""A community's quiet hours, from its file to what others hear of them."""

from typing import Any

import pytest

from services.tickets.adapters.community_file import read_community
from services.tickets.adapters.sources import Kind, Source
from tests.unit.tickets.test_files import community_data


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, ("21:00", "08:00", "09:00")),
        ({"quiet": {"from": "22:30", "to": "07:00"}}, ("22:30", "07:00", "07:00")),
        ({"quiet": {"from": "20:00", "to": "07:00", "to_days_off": "10:00"}}, ("20:00", "07:00", "10:00")),
    ],
)
def test_quiet_hours_are_published_as_the_file_says_them(said: dict[str, Any], told: tuple[str, ...]) -> None:
    community, problems = read_community(Source("community.yaml", Kind.COMMUNITY, community_data(**said)))
    assert problems == []
    assert community is not None
    snapshot = community.snapshot()
    assert (snapshot.quiet_from, snapshot.quiet_to, snapshot.quiet_to_days_off) == told
