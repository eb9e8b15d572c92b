"""Where notify keeps sealed fields, for whom, and bound to what: what a rotation of keys goes through."""

from collections.abc import Iterator, Sequence

from chassis.mongo import Document
from chassis.sealed import SealedCollection, SealedField
from services.notify.adapters.robot_store import sealed_robots
from services.notify.adapters.webhook_endpoints import COLLECTION as ENDPOINTS
from services.notify.application.webhook_seals import description_context, reason_context, secret_context, url_context


def sealed_collections() -> Sequence[SealedCollection]:
    """Every collection of notify that has any."""
    paths = ("url", "description", "secrets.sealed", "halt.reason")
    return (SealedCollection(collection=ENDPOINTS, paths=paths, fields=_of_endpoint), sealed_robots())


def _of_endpoint(row: Document) -> Iterator[SealedField]:
    person = row["owner"]["account_id"]
    yield SealedField(path="url", blob=row["url"], context=url_context(row["_id"]), person=person)
    if row["description"] is not None:
        context = description_context(row["_id"])
        yield SealedField(path="description", blob=row["description"], context=context, person=person)
    for place, one in enumerate(row["secrets"]):
        path = f"secrets.{place}.sealed"
        yield SealedField(path=path, blob=one["sealed"], context=secret_context(row["_id"]), person=person)
    if row.get("halt") is not None:
        context = reason_context(row["_id"])
        yield SealedField(path="halt.reason", blob=row["halt"]["reason"], context=context, person=person)
