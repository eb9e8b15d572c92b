"""What this process does with each change that the tail brings: events are told, accounts become what they are now.

Nothing is read for an event or a stream; an account is read when it has changed and listens here.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from chassis.logging import get_logger
from contracts.actor import Actor
from gateway.identity.accounts import Account, Accounts
from gateway.identity.permissions import Permission, allowed
from gateway.stream.fanout import Fanout
from gateway.stream.tail import Heard

log = get_logger(__name__)


class Ends(Protocol):
    """What is known of tokens that have ended."""

    def look(self) -> None:
        """Learn what is new."""


class Following:
    """The three collections that the tail follows."""

    def __init__(self, fanout: Fanout, accounts: Accounts, ends: Ends) -> None:
        self._fanout = fanout
        self._accounts = accounts
        self._ends = ends

    @property
    def inserted(self) -> Mapping[str, Heard]:
        """Collections of which only what is new matters."""
        return {"stream": self._event}

    @property
    def changed(self) -> Mapping[str, Heard]:
        """Collections of which every change matters."""
        return {"accounts": self._account, "revocations": self._ended}

    def lost(self) -> None:
        """Something may have been missed: of the accounts it is made up for, of the events everybody hears a gap."""
        listening = self._fanout.accounts()
        for account_id in listening:
            self._renew(account_id)
        if listening:
            self._ends.look()
        self._fanout.lose()

    def _event(self, change: Mapping[str, Any]) -> None:
        self._fanout.deliver(change["fullDocument"])

    def _account(self, change: Mapping[str, Any]) -> None:
        account_id = change["documentKey"]["_id"]
        if self._fanout.listens(account_id):
            self._renew(account_id)

    def _renew(self, account_id: str) -> None:
        try:
            account = self._accounts.by_id(account_id)
        except (ValueError, KeyError):
            # A newer version has written what this one cannot read: nobody hears anything by guessing.
            log.exception("stream.account_not_read", account=account_id)
            account = None
        self._fanout.renew(account_id, listener(account))

    def _ended(self, _change: Mapping[str, Any]) -> None:
        self._ends.look()


def listener(account: Account | None) -> Actor | None:
    """As whom the account may listen now; None where it may not."""
    if account is None or account.closed or not allowed(account.actor, Permission.FOLLOW_EVENTS):
        return None
    return account.actor
