"""Access tokens: JWT (RFC 7519) signed with HS256 and the house's key; the algorithm is pinned."""

import hmac
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from chassis.settings import SettingsError
from contracts.actor import Actor, Grant, Role

ALGORITHM = "HS256"
KEY_BYTES = 16
"""Of the setting; what signs is derived from it, since the same setting makes command ids."""
SKEW_SECONDS = 300
"""How far ahead of ours the clock of who issued it may be: both follow the database's, so this is ample."""
LONGEST = 8_192
REMEMBERED = 4_096


class BadToken(Exception):
    """Not one of our tokens, or no longer valid; which of them is nobody's business."""


@dataclass(frozen=True)
class Bearer:
    """A token that was read: who acts, and until when (seconds since the epoch)."""

    actor: Actor
    expires: float


class Tokens:
    """Issues tokens and reads them; what was read is remembered, so that most requests verify nothing twice."""

    def __init__(self, key: str, minutes: float, *, now: Callable[[], float]) -> None:
        """*now*: real time as the stack agrees on it. Raises SettingsError when the key is too short to sign with."""
        if len(key.encode()) < KEY_BYTES:
            raise SettingsError(f"SHILIU_TOKEN_KEY needs at least {KEY_BYTES} bytes")
        self._key = OctKey.import_key(hmac.digest(key.encode(), b"shiliu/access-token", "sha256"))
        self._minutes = minutes
        self._now = now
        self._read: OrderedDict[str, Bearer] = OrderedDict()

    def issue(self, actor: Actor, minutes: float | None = None) -> tuple[str, int]:
        """A token for *actor*, and how many seconds it is valid."""
        seconds = math.ceil((self._minutes if minutes is None else minutes) * 60)
        now = int(self._now())
        claims = {
            "account": actor.account_id,
            "community": actor.community_id,
            "grants": [[grant.role.value, grant.area_id] for grant in actor.grants],
            "member_id": actor.member_id,
            "iat": now,
            "exp": now + seconds,
        }
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

    def _verify(self, token: str) -> Bearer:
        if len(token) > LONGEST:
            raise BadToken
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            bearer = Bearer(_actor(claims), float(claims["exp"]))
            if float(claims["iat"]) > self._now() + SKEW_SECONDS:
                raise BadToken
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise BadToken from error
        return bearer


def _actor(claims: Mapping[str, Any]) -> Actor:
    return Actor(
        account_id=str(claims["account"]),
        community_id=str(claims["community"]),
        grants=tuple(Grant(Role(role), area_id) for role, area_id in claims["grants"]),
        member_id=claims["member_id"],
    )
