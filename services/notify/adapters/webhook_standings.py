"""As whom an account stands now: asked of the gateway, and believed for some seconds."""

from chassis.ids import new_id
from chassis.rpc import ServiceFault
from chassis.rpc_client import RpcClient
from contracts.actor import Actor, Grant, Role, system_actor
from contracts.commands import Meta
from contracts.commands.accounts import ReadStanding
from contracts.errors import Busy, TooLate
from services.notify.application.webhook_ports import RealTime, StandingAway

PERMISSION = "keep_webhooks"
BELIEVED_SECONDS = 5.0
"""So long an endpoint may still be told after its owner lost a role."""
MOST_BELIEVED = 1_000


class RpcStandings:
    """A ``Standings``."""

    def __init__(self, rpc: RpcClient, real: RealTime) -> None:
        self._rpc = rpc
        self._real = real
        self._believed: dict[str, tuple[float, Actor | None]] = {}

    def of(self, account_id: str) -> Actor | None:
        """See ``Standings``."""
        now = self._real().timestamp()
        known = self._believed.get(account_id)
        if known is not None and 0 <= now - known[0] < BELIEVED_SECONDS:
            return known[1]
        found = self._ask(account_id)
        if len(self._believed) >= MOST_BELIEVED:
            self._believed.clear()
        self._believed[account_id] = (now, found)
        return found

    def _ask(self, account_id: str) -> Actor | None:
        id = new_id()
        meta = Meta(actor=system_actor("*"), command_id=id, correlation_id=id)
        try:
            told = self._rpc.call(ReadStanding(account_id=account_id, permission=PERMISSION), meta).result
        except (Busy, TooLate, ServiceFault) as error:
            raise StandingAway(type(error).__name__) from error
        if not told["permitted"]:
            return None
        grants = tuple(Grant(Role(one["role"]), one["area_id"]) for one in told["grants"])
        return Actor(
            account_id=account_id, community_id=told["community_id"], grants=grants, member_id=told["member_id"]
        )
