"""Whether somebody who asked to hear of an order still sees it: asked of the gateway, which shows it, at sending."""

from collections.abc import Callable
from typing import Any

from chassis.ids import new_id
from chassis.rpc import ServiceFault
from contracts.actor import MEMBER_ACCOUNT, system_actor
from contracts.commands import Meta, Outcome
from contracts.commands.sights import ReadSight
from contracts.errors import Busy, TooLate
from services.notify.application.sending_ports import ContactsAway
from services.notify.domain.message import Message
from services.notify.domain.recipients import own_account


class RpcOnlookers:
    """An ``Onlookers``; what is answered is kept nowhere."""

    def __init__(self, call: Callable[[Any, Meta], Outcome]) -> None:
        self._call = call

    def sees(self, message: Message) -> bool:
        """See ``Onlookers``. What names no order is public."""
        if not message.number:
            return True
        kind, _, id = own_account(message.recipient).partition(":")
        account_id = MEMBER_ACCOUNT + id if kind == "member" else id
        command = new_id()
        meta = Meta(actor=system_actor(message.community_id), command_id=command, correlation_id=message.correlation_id)
        try:
            told = self._call(ReadSight(ticket_id=message.thread, account_id=account_id), meta).result
        except (Busy, TooLate, ServiceFault) as error:
            raise ContactsAway(type(error).__name__) from error
        return bool(told["sees"])
