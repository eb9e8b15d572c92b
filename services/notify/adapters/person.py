"""One person's rights in notify: what they were told, in words; or nothing more to them, and nobody by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from chassis.mongo import Document
from chassis.person import NAMELESS, Whom
from chassis.vault import Vault
from contracts.actor import MEMBER_ACCOUNT
from contracts.schemas.fields import time_text
from services.notify.adapters.audiences_keeping import AudienceRights
from services.notify.adapters.message_docs import MESSAGES, OVERTAKINGS
from services.notify.adapters.preferences import OF_A_PERSON, PREFERENCES
from services.notify.adapters.webhook_person import WebhookRights
from services.notify.adapters.wechat_consents import COLLECTION as CONSENTS
from services.notify.adapters.words_person import DoneForOthers
from services.notify.application.ports import Templates
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.preferences import one_key
from services.notify.domain.recipients import account, member, overseer, person, watcher

_LOCALES = {"zh": "zh-CN", "en": "en"}


class NotifyRights:
    """A ``PersonRights``. A message holds codes and ids alone, so it may stay; only chosen names have to go."""

    def __init__(self, db: Database[Document], templates: Templates, vault: Vault) -> None:
        self._messages: Collection[Document] = db[MESSAGES]
        self._overtakings: Collection[Document] = db[OVERTAKINGS]
        self._preferences: Collection[Document] = db[PREFERENCES]
        self._vault = vault
        self._webhooks = WebhookRights(db, vault)
        self._templates = templates
        self._wanting = AudienceRights(db)
        self._done = DoneForOthers(db)
        self._consents: Collection[Document] = db[CONSENTS]

    def known(self, whom: Whom, names: Sequence[str]) -> Whom:
        """Nobody is known here but by the ids that others give."""
        return Whom()

    def export(self, whom: Whom, by: str) -> Mapping[str, Any]:
        """Every message to them, as they read it, and what they want to hear."""
        found = self._messages.find({"recipient": {"$in": _recipients(whom)}}).sort([("at", 1), ("_id", 1)])
        wishes = self._preferences.find({"_id": {"$in": _keys(whom)}})
        return {
            "messages": [self._message(doc, whom) for doc in found],
            "preferences": [_wish(doc, whom) for doc in wishes],
            "wechat_consents": [_consent(doc) for doc in self._consents.find(_by(whom))],
            **self._wanting.export(whom),
            "webhooks": self._webhooks.export(whom.accounts),
            **self._done.export(_accounts(whom)),
        }

    def erase(self, whom: Whom) -> Mapping[str, int]:
        """What waits to be sent to them is not sent; who came somewhere is no longer named; their wishes are gone."""
        theirs = {"recipient": {"$in": _recipients(whom)}}
        status = {"status": DeliveryStatus.SUPPRESSED.value, "reason": "erased"}
        stopped = {"$set": status, "$unset": {"try_at": 1, "lease": 1}}
        suppressed = self._messages.update_many({**theirs, "try_at": {"$exists": True}}, stopped).modified_count
        self._overtakings.delete_many(theirs)
        keys = sum([self._vault.destroy(id) for id in whom.ids])
        done = {"keys": keys, "webhooks": self._webhooks.erase(whom.accounts)}
        wishes = self._preferences.delete_many({"_id": {"$in": _keys(whom)}}).deleted_count
        consents = self._consents.delete_many(_by(whom)).deleted_count
        names, wanted = self._forget_names(whom.members), self._wanting.erase(whom)
        told = {"suppressed": suppressed, "names": names, "preferences": wishes, "consents": consents}
        return {**told, **wanted, **done, **self._done.erase(_accounts(whom))}

    def _forget_names(self, members: Sequence[str]) -> int:
        if not members:
            return 0
        ids = {"$ifNull": ["$params.member_ids", []]}
        theirs = {"$in": [{"$arrayElemAt": [ids, "$$place"]}, list(members)]}
        name = {"$cond": [theirs, NAMELESS, {"$arrayElemAt": ["$params.names", "$$place"]}]}
        places = {"$range": [0, {"$size": "$params.names"}]}
        names = {"$map": {"input": places, "as": "place", "in": name}}
        found = {"params.member_ids": {"$in": list(members)}}
        return self._messages.update_many(found, [{"$set": {"params.names": names}}]).modified_count

    def _message(self, doc: Document, whom: Whom) -> Mapping[str, Any]:
        words = {
            language: self._templates.render(
                doc["template"],
                locale,
                doc["params"],
                community_id=doc["community_id"],
                version=doc.get("version"),
            )
            for language, locale in _LOCALES.items()
        }
        read = [reading for reading in doc["read"] if reading["account"] in whom.accounts]
        known = [reading["acknowledged"] for reading in read if "acknowledged" in reading]
        return {
            "at": time_text(doc["at"]),
            "channel": doc["channel"],
            "status": doc["status"],
            "tries": [_attempt(one) for one in doc.get("attempts", ())],
            "order": doc["number"],
            "title": {language: rendered.title for language, rendered in words.items()},
            "body": {language: rendered.body for language, rendered in words.items()},
            "read_at": time_text(read[0]["at"]) if read else None,
            "known_at": time_text(known[0]) if known else None,
        }


def _wish(doc: Document, whom: Whom) -> Mapping[str, Any]:
    """As it is stored; of a change whether it was their own, else that staff made it."""
    left_out = ("_id", "schema", "rev", "community_id", "changes")
    said = {name: value for name, value in doc.items() if name not in left_out}
    changes = [{"at": time_text(one["at"]), "own": one["by"] in whom.accounts} for one in doc["changes"]]
    return {**said, "changes": changes}


def _keys(whom: Whom) -> list[str]:
    own = [*map(account, whom.accounts), *map(member, whom.members)]
    return [*map(one_key, own), *(OF_A_PERSON + one for one in whom.persons)]


def _attempt(one: Document) -> Mapping[str, Any]:
    return {"way": one["way"], "began": time_text(one["began"]), "status": one["status"]}


def _recipients(whom: Whom) -> list[str]:
    accounts = [name(one) for one in whom.accounts for name in (account, watcher, overseer)]
    return [*accounts, *map(member, whom.members), *map(person, whom.persons)]


def _by(whom: Whom) -> Document:
    """What an account gave."""
    return {"account_id": {"$in": _accounts(whom)}}


def _accounts(whom: Whom) -> list[str]:
    """Theirs; a member's has an id of its own."""
    return [*whom.accounts, *(f"{MEMBER_ACCOUNT}{member_id}" for member_id in whom.members)]


def _consent(doc: Document) -> Mapping[str, Any]:
    return {"template_id": doc["template_id"], "left": doc["left"], "at": time_text(doc["at"])}
