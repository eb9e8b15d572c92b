"""Signing in with a password: the same time and the same answer, whatever was wrong."""

from gateway.identity.accounts import Account, Accounts, login_key
from gateway.identity.attempts import Attempts
from gateway.identity.credentials import Credentials
from gateway.identity.passwords import Passwords
from gateway.identity.rests import Rests


class SignIn:
    """The door for passwords, with the lockout before it."""

    def __init__(
        self, accounts: Accounts, credentials: Credentials, passwords: Passwords, attempts: Attempts, rests: Rests
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._passwords = passwords
        self._attempts = attempts
        self._rests = rests

    def enter(self, login: str, password: str, place: str = "") -> Account | None:
        """The account, or None. One argon2 computation on every way that ends in None.

        Raises TooMany, before anything is computed, where this login was tried from this place too often.
        """
        what = f"password/{login_key(login)}"
        self._attempts.begin(what, place)
        account = self._accounts.by_login(login)
        stored = None if account is None else account.password
        if not self._passwords.verify(stored, password) or account is None or stored is None:
            return None
        if self._rests.holds(account.id):
            return None
        self._attempts.succeeded(what, place)
        if self._passwords.is_outdated(stored):
            self._credentials.rehash(account.id, stored, self._passwords.hash(password))
        return account
