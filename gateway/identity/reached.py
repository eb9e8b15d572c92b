"""Where accounts are reached, opened for notify at the moment of sending and kept by nobody."""

from collections.abc import Callable, Mapping

from contracts.actor import is_notify
from contracts.commands import Call, Outcome
from contracts.commands.contacts import MOST_AT_ONCE, ReadAccountContacts
from contracts.errors import NotFound
from contracts.words import Text
from gateway.identity.accounts import Account, Accounts
from gateway.identity.telling import Seals, phone_context


def email_context(account_id: str) -> str:
    """What the sealed e-mail address of an account is bound to."""
    return f"accounts/{account_id}/email"


OPENID = "accounts/openid"
"""What the blind index of openids is made for."""


def openid_context(account_id: str) -> str:
    """The same of the openid."""
    return f"accounts/{account_id}/openid"


class Reached:
    """``read_account_contacts``. No person reads anything by it, so no reveal is logged; calls are counted."""

    def __init__(self, accounts: Accounts, seals: Callable[[], Seals]) -> None:
        self._accounts = accounts
        self._seals = seals

    def read(self, call: Call[ReadAccountContacts]) -> Outcome:
        """See ``ReadAccountContacts``."""
        if not is_notify(call.meta.actor):
            raise NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))
        found = self._accounts.by_ids(call.command.account_ids[:MOST_AT_ONCE])
        return Outcome({"contacts": {one.id: self._of(one) for one in found if not one.closed}})

    def email_of(self, account: Account) -> str | None:
        """The confirmed e-mail address of an account."""
        return None if account.email is None else self._seals().open(account.email, email_context(account.id))

    def openid_of(self, account: Account) -> str | None:
        """Who they are to the mini-program."""
        return None if account.openid is None else self._seals().open(account.openid, openid_context(account.id))

    def _of(self, account: Account) -> Mapping[str, str | None]:
        phone = None if account.phone is None else self._seals().open(account.phone, phone_context(account.id))
        return {"phone": phone, "email": self.email_of(account), "openid": self.openid_of(account)}
