"""Signing in with a password: the same time and the same answer, whatever was wrong."""

from gateway.identity.accounts import Account, Accounts
from gateway.identity.passwords import Passwords


class SignIn:
    """One door for all; lockout and other proofs will stand here too."""

    def __init__(self, accounts: Accounts, passwords: Passwords) -> None:
        self._accounts = accounts
        self._passwords = passwords

    def enter(self, login: str, password: str) -> Account | None:
        """The account, or None. One argon2 computation on every way that ends in None."""
        account = self._accounts.by_login(login)
        stored = None if account is None else account.password
        if not self._passwords.verify(stored, password) or account is None or stored is None:
            return None
        if self._passwords.is_outdated(stored):
            self._accounts.set_password(account.id, self._passwords.hash(password))
        return account
