"""Where the gateway keeps sealed fields, for whom, and bound to what: what a rotation of keys goes through."""

from collections.abc import Callable, Iterator, Sequence

from chassis.mongo import Document
from chassis.sealed import SealedCollection, SealedField
from gateway.identity.reached import OPENID, email_context, openid_context
from gateway.identity.telling import PHONE, digits_of, phone_context
from gateway.pictures.files import context_of_key
from gateway.pictures.store import COLLECTION

Index = Callable[[str, str], str]


def sealed_collections(index: Index) -> Sequence[SealedCollection]:
    """Every collection of the gateway that has any; *index* makes blind indexes.

    A picture's own key is sealed anew, not made anew: its files stay as they are.
    """

    def phone_index(phone: str) -> str:
        return index(digits_of(phone), PHONE)

    def openid_index(openid: str) -> str:
        return index(openid, OPENID)

    def of_account(row: Document) -> Iterator[SealedField]:
        own = row.get("own") or {}
        if own.get("email") is not None:
            bound = email_context(row["_id"])
            yield SealedField(path="own.email", blob=own["email"], context=bound, person=row["_id"])
        if own.get("openid") is not None:
            yield SealedField(
                path="own.openid",
                blob=own["openid"],
                context=openid_context(row["_id"]),
                person=row["_id"],
                index=("own.openid_index", openid_index),
            )
        blob = own.get("phone")
        if blob is not None:
            yield SealedField(
                path="own.phone",
                blob=blob,
                context=phone_context(row["_id"]),
                person=row["_id"],
                index=("own.phone_index", phone_index),
            )

    return (
        SealedCollection(collection="accounts", paths=("own.phone", "own.email", "own.openid"), fields=of_account),
        SealedCollection(collection=COLLECTION, paths=("key",), fields=_of_picture),
    )


def _of_picture(row: Document) -> Iterator[SealedField]:
    if row.get("key") is not None:
        yield SealedField(
            path="key",
            blob=row["key"],
            context=context_of_key(row["_id"]),
            person=row["subject"],
            is_bytes=True,
        )
