"""Who a code is for, where it goes, and whether it may go: done after the answer, so that the answer tells nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from eventlet import GreenPool

from chassis.ids import new_id
from chassis.logging import get_logger
from chassis.metrics import CODES_TOLD
from chassis.outage import tell
from contracts.actor import system_actor
from contracts.commands import Meta, Outcome
from contracts.commands.notify import SendCode
from contracts.commands.volunteers import FindByPhone, ReadContact
from contracts.errors import Busy
from contracts.words import CodePurpose, Text
from gateway.identity.accounts import Account, Accounts, login_key, member_account
from gateway.identity.codes import Asked, Codes
from gateway.identity.rests import Rests
from gateway.identity.sessions import Sessions

AT_ONCE = 20
PHONE = "accounts/phone"

log = get_logger(__name__)


class Seals(Protocol):
    """The vault of this service's own database."""

    def seal(self, person: str, text: str, context: str) -> bytes:
        """Encrypt for one person; *context* is bound to it."""

    def open(self, blob: bytes, context: str) -> str:
        """The text again."""

    def index(self, text: str, context: str) -> str:
        """What stands for the text in an index."""


class Rpc(Protocol):
    """The client of the services."""

    def call(self, command: Any, meta: Meta, service: str | None = None) -> Outcome:
        """Ask and wait."""


@dataclass(frozen=True, kw_only=True)
class Whom:
    """As somebody said who they are: one of these."""

    login: str | None = None
    phone: str | None = None
    member_no: tuple[str, str] | None = None
    """(community, the number it gave the member)."""

    @property
    def key(self) -> str:
        """The same however login or phone were written: what the lockout counts."""
        if self.phone is not None:
            return f"phone/{digits_of(self.phone)}"
        return f"login/{login_key(self.login or '')}" if self.member_no is None else f"member/{self.member_no}"


def digits_of(phone: str) -> str:
    """A phone number is its digits, however it is written."""
    return "".join(char for char in phone if char.isdecimal())


def phone_context(account_id: str) -> str:
    """What the sealed phone of an account is bound to."""
    return f"accounts/{account_id}/phone"


class Teller:
    """Finds the account, makes the code, has notify tell it."""

    def __init__(
        self,
        accounts: Accounts,
        codes: Codes,
        sessions: Sessions,
        seals: Callable[[], Seals],
        rpc: Rpc,
        rests: Rests,
        *,
        a_day: int,
        spawn: Callable[..., Any] | None = None,
    ) -> None:
        self._accounts = accounts
        self._codes = codes
        self._sessions = sessions
        self._seals = seals
        self._rpc = rpc
        self._rests = rests
        self._a_day = a_day
        self._pool = GreenPool(AT_ONCE)
        self._spawn = spawn or self._pool.spawn_n

    def tell(self, asked: Asked, whom: Whom) -> None:
        """Begin, and do not wait. Raises Busy where too many are under way."""
        self._begin(asked, lambda: self._tell(asked, whom))

    def tell_by_email(self, asked: Asked, account: Account, email: str) -> None:
        """Send a code to an address that somebody says is theirs; it proves this one alone. Raises Busy as ``tell``."""
        self._begin(asked, lambda: self._send(asked, account, email=email))

    def _begin(self, asked: Asked, work: Callable[[], str]) -> None:
        if self._pool.free() <= 0:
            raise Busy("codes-busy", Text("现在要验证码的人较多,请稍后再试", "many people ask for codes: try again"))
        self._spawn(self._try, asked, work)

    def _try(self, asked: Asked, work: Callable[[], str]) -> None:
        try:
            status = work()
        except Exception as error:  # noqa: BLE001  nobody waits for it; the person asks again
            status = "failed"
            tell(log, "code.failed", error, purpose=asked.purpose.value)
        CODES_TOLD.labels(status).inc()

    def _tell(self, asked: Asked, whom: Whom) -> str:
        account = self._only(self._find(whom), asked.purpose)
        phone = None if account is None or self._rests.holds(account.id) else self.phone_of(account)
        if account is None or phone is None:
            return "nobody"
        if self._codes.sent_today(account.id) >= self._a_day and not self._sessions.knows(account.id, asked.place):
            log.warning("code.too_many", account=account.id)
            return "too_many"
        return self._send(asked, account, phone=phone)

    def _send(self, asked: Asked, account: Account, *, phone: str = "", email: str | None = None) -> str:
        code = self._codes.make(asked, account.id, email or "")
        command = SendCode(
            phone=phone,
            email=email,
            code=code,
            purpose=asked.purpose,
            minutes=round(self._codes.minutes),
            locale=asked.locale,
        )
        answer = self._rpc.call(command, _meta(account.community_id)).result
        log.info("code.told", account=account.id, status=answer["status"], reason=answer["reason"])
        return str(answer["status"])

    def _only(self, found: Sequence[Account], purpose: CodePurpose) -> Account | None:
        """The one account that is meant; of several who share a phone none is guessed."""
        fitting = [account for account in found if not account.closed and _fits(account, purpose)]
        if len(fitting) > 1:
            log.warning("code.shared_phone", accounts=len(fitting))
        return fitting[0] if len(fitting) == 1 else None

    def _find(self, whom: Whom) -> list[Account]:
        if whom.phone is not None:
            return self.with_phone(whom.phone)
        if whom.member_no is not None:
            found = self._accounts.by_member_no(*whom.member_no)
        else:
            found = self._accounts.by_login(whom.login or "")
        return [] if found is None else [found]

    def with_phone(self, phone: str) -> list[Account]:
        """The accounts whose phone this is, members' own among them; asks volunteers."""
        own = self._accounts.by_phone_index(self._seals().index(digits_of(phone), PHONE))
        answer = self._rpc.call(FindByPhone(phone=phone), _meta("")).result
        members = self._accounts.by_ids(member_account(member) for member in answer["member_ids"])
        return list({account.id: account for account in [*own, *members]}.values())

    def phone_of(self, account: Account) -> str | None:
        """Where its owner is told codes; a member's phone is asked of volunteers."""
        if account.phone is not None:
            return self._seals().open(account.phone, phone_context(account.id))
        if account.member_id is None:
            return None
        found = self._rpc.call(ReadContact(member_id=account.member_id), _meta(account.community_id)).result["phone"]
        return None if found is None else str(found)


def _fits(account: Account, purpose: CodePurpose) -> bool:
    """A pending account is activated by any code; what there is no password of cannot be reset."""
    if purpose is CodePurpose.ACTIVATE:
        return account.pending
    return not account.pending or purpose is CodePurpose.SIGN_IN


def _meta(community_id: str) -> Meta:
    id = new_id()
    return Meta(actor=system_actor(community_id), command_id=id, correlation_id=id)
