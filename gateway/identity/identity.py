"""Everything about who comes in, put together once; what several of its parts do together stands here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eventlet import tpool
from pymongo.database import Database

from chassis.address_filter import Trust
from chassis.outgoing import Outgoing
from chassis.settings import Settings
from gateway.identity.accounts import Account, Accounts
from gateway.identity.attempts import Attempts
from gateway.identity.clients import Clients
from gateway.identity.codes import Codes
from gateway.identity.credentials import Credentials
from gateway.identity.passwords import Passwords
from gateway.identity.places import Places
from gateway.identity.reached import Reached
from gateway.identity.rests import Rests
from gateway.identity.revocations import Revocations
from gateway.identity.sessions import Ended, How, Reused, Session, Sessions, Why
from gateway.identity.sign_in import SignIn
from gateway.identity.telling import Rpc, Seals, Teller
from gateway.identity.tokens import BadToken, Refresh, Tokens
from gateway.identity.wechat import Http, Wechat


@dataclass(frozen=True)
class Issued:
    """What somebody holds after signing in: an access token with its seconds, and the refresh token of a session."""

    account: Account
    access: str
    seconds: int
    session: Session
    refresh: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The parts, each of which can be asked by itself."""

    accounts: Accounts
    credentials: Credentials
    passwords: Passwords
    attempts: Attempts
    sign_in: SignIn
    tokens: Tokens
    sessions: Sessions
    revocations: Revocations
    codes: Codes
    teller: Teller
    clients: Clients
    rests: Rests
    reached: Reached
    wechat: Wechat
    places: Places
    seals: Callable[[], Seals]
    now: Callable[[], float]
    run: Callable[..., Any]
    """Where heavy work is computed."""

    def begin(self, account: Account, how: How, place: str) -> Issued:
        """A new session for whoever proved to be *account*. Raises Ended where everything ended in this moment."""
        session = self.sessions.open(account, how, place, self.now())
        found = self.accounts.by_id(account.id)
        if found is None or found.closed or found.epoch != account.epoch or self.rests.holds(account.id):
            self.sessions.end(session.id, Why.PASSWORD_CHANGED, self.now())
            raise Ended
        return self._issue(account, session)

    def refresh(self, token: str) -> Issued:
        """The next tokens of a session. Raises Ended, whatever was wrong."""
        try:
            refresh = self.tokens.read_refresh(token)
        except BadToken:
            raise Ended from None
        # Read before the session goes on: were all ended in between, what is issued is of the epoch that has passed.
        account = self.accounts.by_id(refresh.account)
        if account is None or account.closed or self.rests.holds(account.id):
            raise Ended
        try:
            session = self.sessions.rotate(refresh, self.now())
        except Reused as reused:
            self.revocations.end_session(reused.session)
            raise
        return self._issue(account, session)

    def end(self, session: str, why: Why, account_id: str | None = None) -> bool:
        """A session and its access tokens end; False where the account has none such.

        Asked again it tells again: whoever asked first may have failed between the one and the other.
        """
        if not self.sessions.end(session, why, self.now(), account_id):
            return False
        self.revocations.end_session(session)
        return True

    def end_everywhere(self, account_id: str, why: Why) -> None:
        """All sessions and all tokens of the account end, those of operators' making too."""
        self._end_all(account_id, why, lambda: self.credentials.end_tokens(account_id))

    def change_password(self, account_id: str, hashed: str) -> None:
        """Another password; whoever was signed in with the old one is signed out."""
        self._end_all(account_id, Why.PASSWORD_CHANGED, lambda: self.credentials.set_password(account_id, hashed))

    def close(self, account_id: str) -> None:
        """The account is closed for good, and nothing of its sessions and codes is left. Repeatable."""
        self._end_all(account_id, Why.CLOSED, lambda: self.credentials.close(account_id))
        self.sessions.erase(account_id)
        self.codes.erase(account_id)

    def rest(self, account_id: str) -> None:
        """Nobody goes on signed in where the owner died; nothing happens where they live. Repeatable.

        Who came in meanwhile is signed out too: ``begin`` and ``refresh`` ask after their session stands, this before.
        """
        if self.rests.holds(account_id):
            self.end_everywhere(account_id, Why.ENDED_BY_STAFF)

    def _end_all(self, account_id: str, why: Why, change: Callable[[], int]) -> None:
        """Sessions end before and after the change: none that began or went on meanwhile is left over."""
        self.sessions.end_all(account_id, why, self.now())
        epoch = change()
        if epoch:
            self.revocations.end_before(account_id, epoch)
        self.sessions.end_all(account_id, why, self.now())
        self.codes.use_up(account_id)

    def _issue(self, account: Account, session: Session) -> Issued:
        # Whoever made this epoch may have died before the others were told that those before it are over.
        if self.revocations.is_news(account.id, account.epoch):
            self.revocations.end_before(account.id, account.epoch)
        access, seconds = self.tokens.issue(account.actor, session=session.id, epoch=account.epoch)
        number = Refresh(account.id, session.id, session.number)
        refresh = self.tokens.issue_refresh(number, session.ends_at.timestamp())
        return Issued(account, access, seconds, session, refresh)


def make_identity(
    db: Database[dict[str, Any]],
    settings: Settings,
    *,
    rpc: Rpc,
    seals: Callable[[], Seals],
    now: Callable[[], float],
    run: Callable[..., Any] = tpool.execute,
    spawn: Callable[..., Any] | None = None,
    http: Http | None = None,
) -> Identity:
    """Everything on one database; *now* is the stack's real time. Raises SettingsError where a key is too weak."""
    tokens = Tokens(settings.token_key, settings.token_minutes, now=now)
    accounts, credentials = Accounts(db["accounts"]), Credentials(db["accounts"])
    passwords = Passwords(settings.argon2_time_cost, settings.argon2_memory_kib, run=run)
    places = Places(settings.token_key)
    attempts = Attempts(db["attempts"], places.hashed, now)
    codes = Codes(db["codes"], settings.token_key, settings.code_minutes, now)
    rests = Rests(db["people"])
    sessions = Sessions(
        db["sessions"],
        idle_days=settings.refresh_days,
        longest_days=settings.session_days,
        grace_seconds=settings.refresh_grace,
    )
    return Identity(
        accounts=accounts,
        credentials=credentials,
        passwords=passwords,
        attempts=attempts,
        sign_in=SignIn(accounts, credentials, passwords, attempts, rests),
        tokens=tokens,
        sessions=sessions,
        revocations=Revocations(db["revocations"], now, settings.token_minutes),
        codes=codes,
        teller=Teller(accounts, codes, sessions, seals, rpc, rests, a_day=settings.codes_per_day, spawn=spawn),
        clients=Clients(db["accounts"], settings.token_key),
        rests=rests,
        reached=Reached(accounts, seals),
        wechat=Wechat(http or Outgoing(Trust.OPERATOR), settings),
        places=places,
        seals=seals,
        now=now,
        run=run,
    )
