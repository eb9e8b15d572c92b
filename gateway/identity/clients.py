"""API clients: machines with scopes instead of people. Secrets are shown once, kept as hashes, rotated with overlap."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.collection import Collection

from contracts.actor import Grant, Role
from contracts.errors import Conflict, NotFound
from contracts.words import Text
from gateway.identity.accounts import Account, Document, grant_doc
from gateway.identity.sessions import moment

CLIENT_PREFIX = "c-"
MOST_SECRETS = 5
MOST_SHOWN = 200
_NOBODYS = "0" * 64


@dataclass(frozen=True, kw_only=True)
class ClientSecret:
    """One secret, as it may be shown: never the secret."""

    id: str
    made_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Client:
    """A machine that asks; ``upstream`` is the system that it speaks for, if it is one that passes orders on."""

    account: Account
    name: str
    scopes: tuple[str, ...]
    secrets: tuple[ClientSecret, ...]
    shows_maps: bool = False
    """Its points come from a map, whose system it has to name."""
    upstream: str | None = None


class Clients:
    """Accounts with ``own.client``: name, scopes, shows_maps, upstream, and secrets as {id, hash, made_at, ends_at}."""

    def __init__(self, accounts: Collection[Document], key: str) -> None:
        self._accounts = accounts
        self._key = hmac.digest(key.encode(), b"shiliu/client-secret", "sha256")

    def open(
        self,
        id: str,
        community_id: str,
        name: str,
        scopes: Sequence[str],
        areas: Sequence[str | None],
        now: float,
        *,
        shows_maps: bool = False,
        upstream: str | None = None,
    ) -> tuple[Client, str]:
        """A new client and its first secret. Raises Conflict where the command was done before."""
        secret, row = self._new_secret(now)
        own: Document = {
            "active": True,
            "grants": [grant_doc(Grant(Role.CLIENT, area)) for area in areas],
            "client": {
                "name": name,
                "scopes": list(scopes),
                "secrets": [row],
                "shows_maps": shows_maps,
                "upstream": upstream,
            },
        }
        doc: Document = {"_id": CLIENT_PREFIX + id, "community_id": community_id, "own": own}
        found = self._accounts.update_one({"_id": doc["_id"]}, {"$setOnInsert": doc}, upsert=True)
        if found.upserted_id is None:
            raise Conflict(
                "client-exists",
                Text(
                    "这个请求已经做过,密钥只显示一次;没有收到请换一个新的",
                    "this was done before, and a secret is shown once: rotate it where it did not arrive",
                ),
            )
        return _client(doc), secret

    def get(self, community_id: str, client_id: str) -> Client:
        """One client; raises NotFound."""
        return self._required(self._accounts.find_one(_one(community_id, client_id)))

    def shows_maps(self, community_id: str, client_id: str) -> bool:
        """Do its points come from a map? Not those of who is no client."""
        doc = self._accounts.find_one(_one(community_id, client_id), {"own.client.shows_maps": 1})
        return doc is not None and bool(doc["own"]["client"].get("shows_maps", False))

    def all(self, community_id: str) -> list[Client]:
        """Every client of the community."""
        query = {"community_id": community_id, "own.client": {"$exists": True}}
        return [_client(doc) for doc in self._accounts.find(query).sort("_id").limit(MOST_SHOWN)]

    def rotate(self, community_id: str, client_id: str, overlap_hours: float, now: float) -> tuple[Client, str]:
        """A further secret; those before it end after the overlap. Raises NotFound, Conflict with too many alive."""
        secret, row = self._new_secret(now)
        at, ends = moment(now), moment(now + overlap_hours * 3600)
        alive = {"$filter": {"input": "$own.client.secrets", "cond": _alive(at)}}
        shortened = {
            "$map": {"input": alive, "in": {"$mergeObjects": ["$$this", {"ends_at": _sooner("$$this.ends_at", ends)}]}}
        }
        change = {"own.client.secrets": {"$concatArrays": [shortened, [{"$literal": row}]]}}
        few = {"$expr": {"$lt": [{"$size": {"$ifNull": [alive, []]}}, MOST_SECRETS]}}
        one = _one(community_id, client_id)
        doc = self._accounts.find_one_and_update(one | few, [{"$set": change}], return_document=ReturnDocument.AFTER)
        if doc is None:
            self.get(community_id, client_id)
            raise Conflict(
                "too-many-secrets", Text("有效的密钥太多:先收回一个", "too many secrets are valid: drop one first")
            )
        return _client(doc), secret

    def drop(self, community_id: str, client_id: str, secret_id: str) -> Client:
        """A secret is good no more. Raises NotFound where there is no such client."""
        pull = {"$pull": {"own.client.secrets": {"id": secret_id}}}
        one = _one(community_id, client_id)
        return self._required(self._accounts.find_one_and_update(one, pull, return_document=ReturnDocument.AFTER))

    def enter(self, client_id: str, secret: str, now: float) -> Client | None:
        """The client, where the secret is one of its own."""
        doc = self._accounts.find_one({"_id": client_id, "own.client": {"$exists": True}})
        rows = [] if doc is None else doc["own"]["client"]["secrets"]
        offered, at = self._hash(secret), moment(now)
        right = [
            hmac.compare_digest(row["hash"], offered) and (row["ends_at"] is None or row["ends_at"] > at)
            for row in rows or [{"hash": _NOBODYS, "ends_at": None}]
        ]
        return _client(doc) if doc is not None and any(right) else None

    def _new_secret(self, now: float) -> tuple[str, Document]:
        secret = secrets.token_urlsafe(32)
        row = {"id": secrets.token_hex(4), "hash": self._hash(secret), "made_at": moment(now), "ends_at": None}
        return secret, row

    def _hash(self, secret: str) -> str:
        return hmac.digest(self._key, secret.encode(), "sha256").hex()

    @staticmethod
    def _required(doc: Mapping[str, Any] | None) -> Client:
        if doc is None:
            raise NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))
        return _client(doc)


def _one(community_id: str, client_id: str) -> Document:
    return {"_id": client_id, "community_id": community_id, "own.client": {"$exists": True}}


def _alive(at: datetime) -> Document:
    return {"$or": [{"$eq": ["$$this.ends_at", None]}, {"$gt": ["$$this.ends_at", at]}]}


def _sooner(field: str, ends: datetime) -> Document:
    return {"$min": [{"$ifNull": [field, ends]}, ends]}


def _client(doc: Mapping[str, Any]) -> Client:
    own = doc["own"]
    client = own["client"]
    grants = tuple(Grant(Role(grant["role"]), grant["area_id"]) for grant in own["grants"])
    return Client(
        account=Account(id=doc["_id"], community_id=doc["community_id"], grants=grants, epoch=own.get("epoch", 0)),
        name=client["name"],
        scopes=tuple(client["scopes"]),
        shows_maps=client.get("shows_maps", False),
        secrets=tuple(
            ClientSecret(id=row["id"], made_at=row["made_at"], ends_at=row["ends_at"]) for row in client["secrets"]
        ),
        upstream=client.get("upstream"),
    )
