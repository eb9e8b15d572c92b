"""Access and refresh tokens: JWT (RFC 7519) signed with HS256, each kind with its own key; the algorithm is pinned."""

import hmac
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from chassis.secrets import require_strong_key
from contracts.actor import Actor, Grant, Role

ALGORITHM = "HS256"
SKEW_SECONDS = 300
"""How far ahead of ours the clock of who issued it may be: both follow the database's, so this is ample."""
LONGEST = 8_192
REMEMBERED = 4_096


class BadToken(Exception):
    """Not one of our tokens, or no longer valid; which of them is nobody's business."""


@dataclass(frozen=True)
class Bearer:
    """A token that was read: who acts, and until when (seconds since 1970).

    ``session``: the one it was issued in, None for operators' tokens and API clients. ``epoch``: the account's when it
    was issued. ``scopes``: the permissions that it is limited to, None for all that its roles carry.
    """

    actor: Actor
    expires: float
    session: str | None = None
    epoch: int = 0
    scopes: frozenset[str] | None = None


@dataclass(frozen=True)
class Refresh:
    """A refresh token that was read: whose, of which session, and the how-manieth of it. Each is good once."""

    account: str
    session: str
    number: int


class Tokens:
    """Issues tokens and reads them; what was read is remembered, so that most requests verify nothing twice."""

    def __init__(self, key: str, minutes: float, *, now: Callable[[], float]) -> None:
        """*now*: real time as the stack agrees on it. Raises SettingsError when the key is too short to sign with."""
        require_strong_key("SHILIU_TOKEN_KEY", key)
        # What signs is derived from the setting, since the same setting makes command ids.
        self._key = OctKey.import_key(hmac.digest(key.encode(), b"shiliu/access-token", "sha256"))
        self._refresh_key = OctKey.import_key(hmac.digest(key.encode(), b"shiliu/refresh-token", "sha256"))
        self._form_key = hmac.digest(key.encode(), b"shiliu/csrf", "sha256")
        self._minutes = minutes
        self._now = now
        self._read: OrderedDict[str, Bearer] = OrderedDict()

    def issue(
        self,
        actor: Actor,
        minutes: float | None = None,
        *,
        session: str | None = None,
        epoch: int = 0,
        scopes: Iterable[str] | None = None,
    ) -> tuple[str, int]:
        """A token for *actor*, and how many seconds it is valid."""
        seconds = math.ceil((self._minutes if minutes is None else minutes) * 60)
        now = int(self._now())
        claims: dict[str, Any] = {
            "account": actor.account_id,
            "community": actor.community_id,
            "grants": [[grant.role.value, grant.area_id] for grant in actor.grants],
            "member_id": actor.member_id,
            "iat": now,
            "exp": now + seconds,
            "epoch": epoch,
        }
        if session is not None:
            claims["sid"] = session
        if scopes is not None:
            claims["scope"] = " ".join(sorted(scopes))
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM]), seconds

    def read(self, token: str) -> Bearer:
        """Who acts with *token*; raises BadToken."""
        bearer = self._read.get(token)
        if bearer is None:
            bearer = self._verify(token)
            self._read[token] = bearer
            if len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        if bearer.expires <= self._now():
            self._read.pop(token, None)
            raise BadToken
        return bearer

    def issue_refresh(self, refresh: Refresh, ends: float) -> str:
        """The refresh token with this number; the same one however often it is asked for."""
        claims = {"account": refresh.account, "sid": refresh.session, "n": refresh.number, "exp": math.ceil(ends)}
        return jwt.encode({"alg": ALGORITHM}, claims, self._refresh_key, algorithms=[ALGORITHM])

    def read_refresh(self, token: str) -> Refresh:
        """Of which session it is; raises BadToken. Whether it was used before, only the session knows."""
        if len(token) > LONGEST:
            raise BadToken
        try:
            claims = jwt.decode(token, self._refresh_key, algorithms=[ALGORITHM]).claims
            refresh = Refresh(str(claims["account"]), str(claims["sid"]), int(claims["n"]))
            ends = float(claims["exp"])
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise BadToken from error
        if ends <= self._now():
            raise BadToken
        return refresh

    def form_token(self, session: str) -> str:
        """What a page of ours sends beside the cookie of *session*, and a page of somebody else cannot know."""
        return hmac.digest(self._form_key, session.encode(), "sha256").hex()

    def _verify(self, token: str) -> Bearer:
        if len(token) > LONGEST:
            raise BadToken
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            bearer = _bearer(claims)
            if float(claims["iat"]) > self._now() + SKEW_SECONDS:
                raise BadToken
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise BadToken from error
        return bearer


def _bearer(claims: Mapping[str, Any]) -> Bearer:
    scope = claims.get("scope")
    return Bearer(
        _actor(claims),
        float(claims["exp"]),
        session=claims.get("sid"),
        epoch=int(claims.get("epoch", 0)),
        scopes=None if scope is None else frozenset(str(scope).split()),
    )


def _actor(claims: Mapping[str, Any]) -> Actor:
    return Actor(
        account_id=str(claims["account"]),
        community_id=str(claims["community"]),
        grants=tuple(Grant(Role(role), area_id) for role, area_id in claims["grants"]),
        member_id=claims["member_id"],
    )
