"""Which open offers were told to which phone: by a keyed hash of it, for as long as the offer is open."""

from collections.abc import Callable, Sequence

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.mongo import Document
from contracts.events import AnyReceived
from contracts.words import OfferStatus
from services.notify.adapters.aliyun_sms import phone_number
from services.notify.adapters.keyed import Keyed
from services.notify.application.replies import SMS, Told
from services.notify.application.sending_ports import Address, Letter, Post, Sent

TOLD, SEEN = "told_offers", "sms_replies_seen"
KIND = "sms/phone"


class MongoToldOffers:
    """A ``ToldOffers``."""

    def __init__(self, db: Database[Document], keyed: Keyed) -> None:
        self._told, self._seen = db[TOLD], db[SEEN]
        self._keyed = keyed

    def note(self, letter: Letter, offer_id: str, phone: str) -> None:
        """An offer is being told to this phone."""
        key = self.key(phone)
        row = {
            "phone": key,
            "offer_id": offer_id,
            "community_id": letter.community_id,
            "thread": letter.thread,
            "number": letter.number,
            "locale": letter.locale,
        }
        words = {name: {"$literal": value} for name, value in row.items()}
        change = [{"$set": {**words, "schema": 1, "at": "$$NOW"}}]
        self._told.update_one({"_id": f"{offer_id}/{key}"}, change, upsert=True)

    def last(self, phone: str) -> Told | None:
        """See ``ToldOffers``."""
        row = self._told.find_one({"phone": self.key(phone)}, sort=[("at", -1), ("_id", -1)])
        if row is None:
            return None
        return Told(**{name: row[name] for name in ("community_id", "offer_id", "thread", "number", "locale")})

    def forget(self, offer_ids: Sequence[str]) -> None:
        """See ``ToldOffers``."""
        self._told.delete_many({"offer_id": {"$in": list(offer_ids)}})

    def follow(self, events: Sequence[AnyReceived]) -> None:
        """What an event says is no longer open is forgotten, whoever was told of it."""
        over = [one.id for event in events for one in event.body.offers if one.status is not OfferStatus.OPEN]
        if over:
            self.forget(over)

    def seen(self, sequence: str) -> bool:
        """See ``ToldOffers``."""
        return self._seen.find_one({"_id": sequence}, {"_id": 1}) is not None

    def note_seen(self, sequence: str) -> None:
        """See ``ToldOffers``."""
        try:
            self._seen.update_one({"_id": sequence}, [{"$set": {"at": "$$NOW", "schema": 1}}], upsert=True)
        except DuplicateKeyError:
            return  # another instance was as quick

    def key(self, phone: str) -> str:
        """See ``ToldOffers``."""
        return self._keyed(KIND, phone_number(phone))


class RemembersOffers:
    """A ``Post`` of SMS that notes which offer a phone is told of, so that its reply finds it.

    Noted before it is sent, since an answer may be quicker than the provider's own.
    """

    def __init__(self, post: Post, note: Callable[[Letter, str, str], None]) -> None:
        self._post = post
        self._note = note

    @property
    def way(self) -> str:
        """See ``Post``."""
        return SMS

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``."""
        if letter.offer_id is not None:
            self._note(letter, letter.offer_id, address.value)
        return self._post.send(letter, address)
