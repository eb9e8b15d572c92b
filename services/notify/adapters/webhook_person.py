"""One person's rights about webhooks: what endpoints they keep; none, once they are erased."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from chassis.person import opened
from chassis.vault import Vault
from contracts.schemas.fields import time_text
from services.notify.adapters import webhook_deliveries, webhook_endpoints, webhook_replays
from services.notify.application.webhook_seals import description_context, reason_context, url_context


class WebhookRights:
    """What NotifyRights asks about endpoints."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._endpoints = db[webhook_endpoints.COLLECTION]
        self._deliveries = db[webhook_deliveries.COLLECTION]
        self._replays = db[webhook_replays.COLLECTION]
        self._vault = vault

    def export(self, accounts: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """Their endpoints, never a secret."""
        found = self._endpoints.find({"owner.account_id": {"$in": list(accounts)}}).sort("_id")
        return [self._endpoint(doc) for doc in found]

    def erase(self, accounts: Sequence[str]) -> int:
        """Their endpoints end, with everything that was sent to them; how many. Of a halt nobody says who did it."""
        self._endpoints.update_many(
            {"halt.by": {"$in": list(accounts)}}, {"$set": {"halt.by": None}, "$inc": {"rev": 1}}
        )
        ids = [doc["_id"] for doc in self._endpoints.find({"owner.account_id": {"$in": list(accounts)}}, {"_id": 1})]
        # The endpoint last: stopped before it, this finds it again.
        for rows in (self._deliveries, self._replays):
            rows.delete_many({"endpoint_id": {"$in": ids}})
        return self._endpoints.delete_many({"_id": {"$in": ids}}).deleted_count

    def _endpoint(self, doc: Document) -> Mapping[str, Any]:
        described, halt = doc["description"], doc.get("halt")
        return {
            "id": doc["_id"],
            "url": opened(self._vault.open, doc["url"], url_context(doc["_id"])),
            "description": described and opened(self._vault.open, described, description_context(doc["_id"])),
            "event_types": doc["event_types"],
            "areas": doc["areas"],
            "state": doc["state"],
            "halt_reason": halt and opened(self._vault.open, halt["reason"], reason_context(doc["_id"])),
            "created_at": time_text(doc["created_at"]),
        }
