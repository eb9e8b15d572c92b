"""Rows of invitations that ran out long ago are forgotten, and the audit does not miss them."""

from datetime import timedelta

from pymongo import MongoClient

from chassis.mongo import Document
from chassis.retention import Retention
from chassis.settings import Settings
from contracts.schemas.fields import time_text
from deploy.audit.newest import Newest, Word
from deploy.audit.views import OFFERS, missing_or_unlike
from gateway.views.retention import offers
from tests.builders import NOON

LONG_AGO = NOON - timedelta(days=180, seconds=1)
LATELY = NOON - timedelta(days=180)


def test_an_old_offer_is_in_nobodys_list_and_not_missed(mongo: MongoClient[Document], settings: Settings) -> None:
    db = mongo[settings.db_prefix + "gateway"]
    db.drop_collection(OFFERS)
    newest = Newest()
    for name, at in (("old", LONG_AGO), ("new", LATELY)):
        said = {"member_id": "m1", "expires_at": time_text(at)}
        db[OFFERS].insert_one({"_id": name, "offer": {**said, "v": 1}})
        newest.places[OFFERS, name, "offer"] = Word(1, said, {})
    assert Retention(db, [offers(db, settings)], lambda: NOON, NOON.timestamp).run() == {OFFERS: 1}
    rows = {row["_id"]: row for row in db[OFFERS].find()}
    assert set(rows) == {"new"}
    kept = db["retention"].find_one({"_id": OFFERS}) or {}
    assert list(missing_or_unlike(OFFERS, rows, newest, time_text(kept["before"]))) == []
    missed = missing_or_unlike(OFFERS, rows, newest, "")
    assert [finding.about for finding in missed] == ["offer old"]
