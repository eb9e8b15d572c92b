"""What the table of reactions must keep to, so that what handlers rely on stays true."""

from collections import Counter

import pytest

from contracts.topology import SERVICES, TOPOLOGY
from services.tickets.adapters.indexes import AGGREGATES as TICKETS
from services.volunteers.adapters.indexes import AGGREGATES as VOLUNTEERS

COMMANDING = {"tickets": TICKETS, "volunteers": VOLUNTEERS}
"""Services whose handlers change aggregates: the change's command id is the event's id."""


@pytest.mark.parametrize("service", COMMANDING)
def test_an_event_has_one_handler_where_handlers_command_aggregates(service: str) -> None:
    """Two would share the command's id: the aggregate would take the second for a repeat, and do nothing."""
    assert COMMANDING[service], "it has aggregates"
    counts = Counter(row.event for row in TOPOLOGY if row.service == service)
    assert [event for event, count in counts.items() if count > 1] == []


def test_no_row_stands_twice_and_every_service_is_known() -> None:
    assert len(set(TOPOLOGY)) == len(TOPOLOGY)
    assert {row.service for row in TOPOLOGY} <= set(SERVICES)
