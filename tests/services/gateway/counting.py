"""Orders as they are counted, and the figures as somebody reads them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from contracts.actor import Actor, Role
from contracts.envelope import Envelope
from contracts.events.tickets import TicketAccepted
from gateway.api import figure_schemas
from tests.builders import a_ticket_snapshot, an_actor, an_envelope, some_terms
from tests.services.gateway.api import Api

HOUR = timedelta(hours=1)
SECRETARY = an_actor(Role.SECRETARY)
PERIOD = "from=2026-11-01T00:00:00%2B08:00&to=2026-12-01T00:00:00%2B08:00"


def last_word(id: str, body: Any = None, **changes: Any) -> Envelope:
    """The last event of the order *id*: *body*, else that it was accepted."""
    told = an_envelope(body or TicketAccepted(terms=some_terms()), a_ticket_snapshot(**{"id": id, **changes}))
    return replace(told, id=f"e-{id}", subject=id)


def figures(api: Api, who: Actor = SECRETARY, more: str = "", period: str = PERIOD) -> dict[str, Any]:
    """What somebody counts, by group."""
    found = api.get(who, f"/figures?{period}{more}", schema=figure_schemas.FIGURES)["groups"]
    return {group["key"]: group for group in found}


def rate_of(group: Mapping[str, Any], name: str) -> Any:
    """One rate of a group."""
    (rate,) = [rate for rate in group["rates"] if rate["rate"] == name]
    return rate


def left_out(group: Mapping[str, Any], name: str) -> dict[str, int]:
    """How many orders a rate leaves out, by reason."""
    return {entry["reason"]: entry["count"] for entry in rate_of(group, name)["left_out"]}
