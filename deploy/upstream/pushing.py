"""The played office passes orders on: signs in as an API client and places them by the public API."""

from collections.abc import Mapping
from typing import Any

from deploy.simulate.client import Api, Caller, Json


async def enter(api: Api, client_id: str, client_secret: str) -> Caller:
    """Sign in as the machine; raises Refusal."""
    answer = await api.caller().post("/sessions/client", {"client_id": client_id, "client_secret": client_secret})
    return api.caller(str(answer["access_token"]))


async def push(machine: Caller, order: Mapping[str, Any], external: Mapping[str, Any]) -> Json:
    """One order, new or again; the order as the community shows it. Raises Refusal."""
    return await machine.post("/tickets", {**order, "origin": "upstream", "external": dict(external)})


async def say_callback(machine: Caller, ticket_id: str, answer: str | None, solved: bool) -> Json:
    """What the person answered when the office called. Raises Refusal."""
    return await machine.post(f"/tickets/{ticket_id}/upstream-callback", {"answer": answer, "solved": solved})
