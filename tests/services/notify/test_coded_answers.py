"""What coded answers are called may change with a release: what was told before reads as it did."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from services.notify.adapters.coded_answers import COLLECTION, MongoCodedAnswers
from services.notify.adapters.packaged import read_words
from services.notify.adapters.rules import read_rules
from services.notify.adapters.template_versions import MongoTemplateVersions
from services.notify.adapters.words import Words
from services.notify.adapters.words_wiring import INDEXES
from tests.builders import COMMUNITY

TEMPLATES, CODES = read_words(read_rules())
CODED, PLAIN = "returned", "still-looking"
PARAMS = {"number": "SL-1", "item": {"zh": "换灯泡", "en": "A bulb"}, "reason": "busy"}
CALLED = {"zh": "都在忙", "en": "everybody is busy"}
Db = Database[dict[str, Any]]


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Db:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, INDEXES)
    return database


class Release:
    """What one package says, on one database."""

    def __init__(self, db: Db, codes: Any = CODES) -> None:
        self.tables = MongoCodedAnswers(db, codes)
        self.versions = MongoTemplateVersions(db, TEMPLATES, self.tables.number)
        self.words = Words(self.versions, self.tables)

    def newest(self, template: str = CODED) -> int:
        return self.words.newest(COMMUNITY, template)

    def said(self, version: int | None, locale: str = "zh-CN", **params: Any) -> str:
        return self.words.render(CODED, locale, {**PARAMS, **params}, version, community_id=COMMUNITY).body

    def write_own(self, db: Db) -> int:
        own = replace(TEMPLATES[CODED], community_id=COMMUNITY, version=self.newest() + 1, command_id="c")
        assert self.versions.add(own)
        return own.version


def test_what_was_told_reads_as_it_did_and_what_is_told_now_in_the_new_words(db: Db) -> None:
    before = Release(db)
    told = before.newest()
    read = before.said(told)
    after = Release(db, CODES | {"busy": CALLED})
    assert after.newest() == told + 1
    assert after.said(after.newest()) == read.replace(CODES["busy"]["zh"], CALLED["zh"])
    assert (after.said(told), before.said(told)) == (read, read)
    assert before.said(told + 1) == after.said(told + 1), "whoever is older reads what the newer one told"
    assert CALLED["en"] in after.said(None, "en")


def test_words_without_coded_answers_are_no_new_version(db: Db) -> None:
    plain = Release(db).newest(PLAIN)
    assert Release(db, CODES | {"busy": CALLED}).newest(PLAIN) == plain


def test_the_same_table_is_stored_once_and_comes_back_under_its_number(db: Db) -> None:
    first = [Release(db).newest() for _ in range(2)]
    other = Release(db, CODES | {"busy": CALLED})
    assert other.tables.number() == 2
    assert Release(db).tables.number() == 1
    assert [Release(db).newest()] * 2 == first
    assert db[COLLECTION].count_documents({}) == 2


def test_a_communitys_own_words_go_on_with_the_answers_they_were_saved_with(db: Db) -> None:
    before = Release(db)
    before.newest()
    own = before.write_own(db)
    read = before.said(own)
    after = Release(db, CODES | {"busy": CALLED, "on_strike": {"zh": "罢工", "en": "on strike"}})
    assert (after.newest(), after.said(own)) == (own, read)
    assert "罢工" in after.said(own, reason="on_strike"), "what came later is called as it first was"
    last = Release(db, CODES | {"on_strike": {"zh": "停工", "en": "stopped"}})
    assert "罢工" in last.said(own, reason="on_strike")
