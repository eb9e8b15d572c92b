"""What the gateway answers to other services; it has no other entrypoints, for HTTP and the inbox run in the gear."""

from typing import Any

from chassis.rpc import command
from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.commands.accounts import ReadStanding
from contracts.errors import Refused
from contracts.words import Text
from gateway.api.desk import EXTENSION, Desk
from gateway.identity.standing import standing


class GatewayRpc:
    """Mixed into the service; ``app`` is its WSGI application."""

    app: Any

    @command(ReadStanding)
    def read_standing(self, call: Call[ReadStanding]) -> Outcome:
        """For the platform alone: it tells anybody's roles."""
        if not call.meta.actor.has(frozenset({Role.SYSTEM})):
            raise Refused("platform-only", Text("这项读取只供平台自己使用", "only the platform itself may read this"))
        desk: Desk = self.app.extensions[EXTENSION]
        return Outcome(standing(desk.identity, call.command.account_id, call.command.permission))
