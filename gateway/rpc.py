"""What the gateway answers to other services; it has no other entrypoints, for HTTP and the inbox run in the gear."""

from typing import Any

from chassis.rpc import command
from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.commands.accounts import ReadStanding
from contracts.commands.sights import ReadSight
from contracts.commands.weeks import ReadFilledCards
from contracts.errors import Refused
from contracts.words import Text
from gateway.api.desk import EXTENSION, Desk
from gateway.identity.standing import standing
from gateway.identity.weekly import filled


class GatewayRpc:
    """Mixed into the service; ``app`` is its WSGI application."""

    app: Any

    @command(ReadStanding)
    def read_standing(self, call: Call[ReadStanding]) -> Outcome:
        """For the platform alone: it tells anybody's roles."""
        _only_the_platform(call)
        return Outcome(standing(_desk(self.app).identity, call.command.account_id, call.command.permission))

    @command(ReadFilledCards)
    def read_filled_cards(self, call: Call[ReadFilledCards]) -> Outcome:
        """For the platform alone: whether, never what, and no names."""
        _only_the_platform(call)
        desk = _desk(self.app)
        return Outcome({"filled": filled(desk.weeks, desk.identity, call.meta.actor.community_id, call.command)})

    @command(ReadSight)
    def read_sight(self, call: Call[ReadSight]) -> Outcome:
        """For the platform alone: the roles of now, whatever a token that is still good says."""
        _only_the_platform(call)
        desk, asked = _desk(self.app), call.command
        account = desk.identity.accounts.by_id(asked.account_id)
        if account is None or account.closed or desk.identity.rests.holds(asked.account_id):
            return Outcome({"sees": False})
        return Outcome({"sees": desk.tickets.get(account.actor, asked.ticket_id) is not None})


def _only_the_platform(call: Call[Any]) -> None:
    if not call.meta.actor.has(frozenset({Role.SYSTEM})):
        raise Refused("platform-only", Text("这项读取只供平台自己使用", "only the platform itself may read this"))


def _desk(app: Any) -> Desk:
    desk: Desk = app.extensions[EXTENSION]
    return desk
