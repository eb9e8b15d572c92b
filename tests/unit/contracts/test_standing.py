"""An event says as whom somebody did it: their own order comes first, then the highest office they hold there."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role, system_actor
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.standing import Standing, standing_of
from contracts.words import Permit
from tests.builders import AREA_PATH, COMMUNITY, a_member_actor, a_ticket_snapshot, an_actor

GRID = AREA_PATH[-1]
TWO_OFFICES = (Grant(Role.DUTY, GRID), Grant(Role.SECRETARY), Grant(Role.DISPATCHER, "elsewhere"))


@pytest.mark.parametrize(
    ("actor", "snapshot", "standing"),
    [
        (an_actor(Role.RESIDENT, account_id="a-resident"), {}, Standing("requester")),
        (an_actor(Role.SECRETARY, account_id="a-resident"), {}, Standing("requester")),
        (
            an_actor(Role.DUTY, account_id="a-daughter"),
            {"delegates": (TicketDelegate("a-daughter", (Permit.SEE,)),)},
            Standing("delegate"),
        ),
        (an_actor(Role.DUTY, account_id="a-1", grants=TWO_OFFICES), {}, Standing("secretary")),
        (an_actor(Role.DUTY, account_id="a-1", grants=TWO_OFFICES[:1]), {}, Standing("duty", GRID)),
        (an_actor(Role.DUTY, account_id="a-1", grants=TWO_OFFICES[2:]), {}, Standing("resident")),
        (a_member_actor("m-1"), {}, Standing("member")),
        (an_actor(Role.CLIENT, account_id="c-1"), {}, Standing("client")),
        (system_actor(COMMUNITY), {}, Standing("system")),
        (
            an_actor(Role.BLOCK_CHIEF, account_id="a-1", grants=(Grant(Role.BLOCK_CHIEF, "block-1"),)),
            {"blocks": ("block-1",)},
            Standing("block_chief", "block-1"),
        ),
    ],
)
def test_as_whom_somebody_acts(actor: Actor, snapshot: dict[str, Any], standing: Standing) -> None:
    assert standing_of(actor, a_ticket_snapshot(**snapshot)) == standing
