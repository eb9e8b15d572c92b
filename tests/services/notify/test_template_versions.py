"""Versions of templates in a real database: imported, saved, taken back; each message is read as it was planned."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.notice_words import (
    ListTemplates,
    PreviewTemplate,
    ReadTemplate,
    RestoreTemplate,
    SaveTemplate,
    TemplateWords,
)
from contracts.errors import Conflict, Invalid, KeyReused, NotFound, Refused
from services.notify.adapters import template_versions
from services.notify.adapters.coded_answers import OneTable
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.old_versions import OldVersions
from services.notify.adapters.packaged import read_words
from services.notify.adapters.retention import rules
from services.notify.adapters.rules import read_rules
from services.notify.adapters.template_versions import REMEMBERED_SECONDS, MongoTemplateVersions
from services.notify.adapters.words import Words
from services.notify.adapters.words_wiring import INDEXES, WordRooms, wire_words
from services.notify.application import template_saving
from services.notify.domain.template import PACKAGED, TemplateVersion
from tests.builders import COMMUNITY, NOON, a_meta, an_actor
from tests.fakes.clock import FixedClock
from tests.ports.test_messages import queued

RULES = read_rules()
TEMPLATES, CODES = read_words(RULES)
NAME, ELSEWHERE = "still-looking", "zaoyuanli"
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
NEIGHBOUR = an_actor(Role.SECRETARY, account_id="a-neighbour", community_id=ELSEWHERE)
PARAMS = {"number": "SL-1", "item": {"zh": "换灯泡", "en": "A bulb"}}
keys = count()


def words(zh: str = "新的话", ug: bool = False) -> dict[str, TemplateWords]:
    texts = {
        "zh-CN": TemplateWords(title=zh, body=zh + "{{ number }}"),
        "en": TemplateWords(title="New", body="New {{ number }}"),
    }
    return texts | ({"ug": TemplateWords(title="يېڭى", body="يېڭى {{ number }}")} if ug else {})


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Database[dict[str, Any]]:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, INDEXES)
    return database


@pytest.fixture
def rooms(db: Database[dict[str, Any]]) -> WordRooms:
    return wire_words(db, RULES, FixedClock())


def call(command: Any, actor: Actor = SECRETARY, key: str | None = None, body: str = "b") -> Call[Any]:
    return Call(command, a_meta(actor, key or f"command-{next(keys)}", body_hash=body))


def save(rooms: WordRooms, zh: str = "新的话", actor: Actor = SECRETARY, **more: Any) -> Mapping[str, Any]:
    return rooms.templates.save_template(call(SaveTemplate(template=NAME, texts=words(zh), **more), actor)).result


def read(rooms: WordRooms, actor: Actor = SECRETARY) -> Mapping[str, Any]:
    return rooms.templates.read_template(call(ReadTemplate(template=NAME), actor)).result


def shown(rooms: WordRooms, version: int | None = None, community: str = COMMUNITY, locale: str = "zh-CN") -> str:
    return rooms.words.render(NAME, locale, PARAMS, version, community_id=community).title


def test_what_comes_with_the_platform_is_version_one_of_each_and_imported_once(
    db: Database[Any], rooms: WordRooms
) -> None:
    listed = rooms.templates.list_templates(call(ListTemplates())).result["items"]
    assert {item["id"]: item["version"] for item in listed} == dict.fromkeys(TEMPLATES, 1)
    before = db["template_versions"].count_documents({})
    again = wire_words(db, RULES, FixedClock())
    assert read(again)["version"] == 1
    assert db["template_versions"].count_documents({}) == before == len(TEMPLATES)


def test_two_processes_that_start_together_import_it_once(db: Database[Any]) -> None:
    first, second = (MongoTemplateVersions(db, TEMPLATES) for _ in range(2))
    assert (first._stored_numbers(), set(second.numbers(COMMUNITY).values())) == ({}, {1})
    first._import(list(TEMPLATES))
    assert first.numbers(COMMUNITY) == second.numbers(COMMUNITY)
    assert db["template_versions"].count_documents({}) == len(TEMPLATES)


def test_a_saved_version_holds_from_now_on_and_an_earlier_message_reads_as_it_did(rooms: WordRooms) -> None:
    before = shown(rooms)
    now = save(rooms, "还在找人")
    assert (now["version"], now["packaged"], now["saved_by"], now["follows"]) == (2, False, "a-secretary", False)
    assert rooms.words.newest(COMMUNITY, NAME) == 2
    assert (shown(rooms), shown(rooms, 2), shown(rooms, 1)) == ("还在找人", "还在找人", before)


def test_every_version_says_who_saved_it_when(rooms: WordRooms) -> None:
    save(rooms, "一")
    save(rooms, "二")
    versions = read(rooms)["versions"]
    assert [(one["version"], one["packaged"], one["saved_by"]) for one in versions] == [
        (3, False, "a-secretary"),
        (2, False, "a-secretary"),
        (1, True, None),
    ]
    assert all(one["saved_at"] for one in versions[:2])


def test_another_community_is_untouched(rooms: WordRooms) -> None:
    before = shown(rooms, community=ELSEWHERE)
    save(rooms)
    assert (shown(rooms, community=ELSEWHERE), shown(rooms, 2, ELSEWHERE)) == (before, before)
    assert (read(rooms, NEIGHBOUR)["version"], len(read(rooms, NEIGHBOUR)["versions"])) == (1, 1)
    assert rooms.words.newest(ELSEWHERE, NAME) == 1
    save(rooms, "邻居的话", NEIGHBOUR)
    assert (shown(rooms), shown(rooms, community=ELSEWHERE)) == ("新的话", "邻居的话")


def test_another_process_plans_with_it_some_seconds_later(db: Database[Any], rooms: WordRooms) -> None:
    now = 0.0
    elsewhere = MongoTemplateVersions(db, TEMPLATES, now=lambda: now)
    assert elsewhere.numbers(COMMUNITY)[NAME] == 1
    save(rooms)
    assert elsewhere.numbers(COMMUNITY)[NAME] == 1
    now += REMEMBERED_SECONDS
    assert elsewhere.numbers(COMMUNITY)[NAME] == 2
    assert Words(elsewhere, OneTable(CODES)).render(NAME, "zh-CN", PARAMS, 2, community_id=COMMUNITY).title == "新的话"


def test_who_did_not_see_the_newest_changes_nothing(rooms: WordRooms) -> None:
    save(rooms, "一", seen=1)
    with pytest.raises(Conflict, match="changed-meanwhile"):
        save(rooms, "二", seen=1)
    assert shown(rooms) == "一"
    assert save(rooms, "三", seen=2)["version"] == 3


def test_two_at_once_are_one_version_each(db: Database[Any], rooms: WordRooms) -> None:
    """Whoever comes second finds the number taken."""
    versions = MongoTemplateVersions(db, TEMPLATES)
    mine = replace(TEMPLATES[NAME], community_id=COMMUNITY, version=2, command_id="one")
    assert versions.add(mine)
    assert not versions.add(replace(mine, command_id="two"))
    assert not versions.add(replace(mine, version=3)), "the command was done"


def test_a_command_that_is_repeated_makes_one_version(rooms: WordRooms) -> None:
    command = SaveTemplate(template=NAME, texts=words())
    first, second = (rooms.templates.save_template(call(command, key="same")).result for _ in range(2))
    assert first == second
    assert len(second["versions"]) == 2
    with pytest.raises(KeyReused):
        rooms.templates.save_template(call(command, key="same", body="another"))


def test_an_earlier_version_is_restored_as_a_new_one(rooms: WordRooms) -> None:
    save(rooms, "一")
    save(rooms, "二")
    restored = rooms.templates.restore_template(call(RestoreTemplate(template=NAME, version=2))).result
    assert (restored["version"], restored["texts"]["zh-CN"]["title"]) == (4, "一")
    assert (shown(rooms), shown(rooms, 3)) == ("一", "二")
    with pytest.raises(NotFound):
        rooms.templates.restore_template(call(RestoreTemplate(template=NAME, version=9)))


def newer(db: Database[Any], title: str = "平台的新话") -> WordRooms:
    """The next release of the platform says something else."""
    old = TEMPLATES[NAME]
    texts = {**old.texts, "zh-CN": replace(old.texts["zh-CN"], title=title)}
    versions = MongoTemplateVersions(db, {**TEMPLATES, NAME: replace(old, texts=texts)})
    rooms = wire_words(db, RULES, FixedClock())
    return replace(rooms, words=Words(versions, OneTable(CODES)))


def test_an_upgrade_adds_a_version_unless_the_community_has_its_own(db: Database[Any], rooms: WordRooms) -> None:
    save(rooms, "社区的话")
    upgraded = newer(db)
    assert shown(upgraded) == "社区的话"
    assert shown(upgraded, community=ELSEWHERE) == "平台的新话"
    assert shown(upgraded, 1, ELSEWHERE) == shown(rooms, community=ELSEWHERE), "the older process goes on with its own"
    numbers = [row["version"] for row in db["template_versions"].find({"template": NAME}).sort("version", 1)]
    assert numbers == [1, 2, 3], "a number means one thing to everybody"


def test_who_goes_back_to_the_platform_follows_it_from_then_on(db: Database[Any], rooms: WordRooms) -> None:
    save(rooms, "社区的话")
    restored = rooms.templates.restore_template(call(RestoreTemplate(template=NAME))).result
    assert (restored["follows"], restored["version"]) == (True, 1)
    assert shown(newer(db)) == "平台的新话"
    assert shown(rooms, 2) == "社区的话"


def test_an_older_process_that_starts_again_imports_nothing(db: Database[Any], rooms: WordRooms) -> None:
    read(rooms)
    newer(db).words.render(NAME, "zh-CN", PARAMS)
    before = db["template_versions"].count_documents({})
    assert shown(wire_words(db, RULES, FixedClock())) == shown(rooms)
    assert db["template_versions"].count_documents({}) == before


def test_a_version_that_is_gone_is_read_in_the_words_of_now(db: Database[Any], rooms: WordRooms) -> None:
    assert rooms.words.render(NAME, "zh-CN", PARAMS, 77, community_id=COMMUNITY).title == shown(rooms)


def test_a_third_language_is_read_by_whoever_asks_for_it(rooms: WordRooms) -> None:
    rooms.templates.save_template(call(SaveTemplate(template=NAME, texts=words(ug=True))))
    seen = rooms.words.render(NAME, "ug-CN,en", PARAMS, community_id=COMMUNITY)
    assert (seen.title, seen.dir, seen.body) == ("يېڭى", "rtl", "يېڭى \u2068SL-1\u2069")
    assert rooms.words.render(NAME, "ug", PARAMS, community_id=ELSEWHERE).locale == "zh-CN"


def test_what_is_wrong_is_refused_and_named(rooms: WordRooms) -> None:
    broken = words() | {"en": TemplateWords(title="New", body="New\n{{ phone }}")}
    with pytest.raises(Invalid) as refusal:
        rooms.templates.save_template(call(SaveTemplate(template=NAME, texts=broken)))
    assert (refusal.value.field, refusal.value.code) == ("texts.en.body", "unknown-variable")
    assert read(rooms)["version"] == 1
    with pytest.raises(NotFound):
        rooms.templates.save_template(call(SaveTemplate(template="nothing", texts=words())))


@pytest.mark.parametrize(
    "actor",
    [
        an_actor(Role.DISPATCHER),
        an_actor(Role.DUTY),
        an_actor(Role.RESIDENT),
        an_actor(Role.SECRETARY, grants=(Grant(Role.SECRETARY, "sll-g1"),)),
    ],
    ids=lambda actor: f"{actor.grants[0].role}-{actor.grants[0].area_id}",
)
def test_only_the_secretary_of_the_whole_community_keeps_words(rooms: WordRooms, actor: Actor) -> None:
    for command in (
        lambda: read(rooms, actor),
        lambda: save(rooms, actor=actor),
        lambda: rooms.templates.list_templates(call(ListTemplates(), actor)),
        lambda: rooms.templates.preview_template(call(PreviewTemplate(template=NAME), actor)),
        lambda: rooms.templates.restore_template(call(RestoreTemplate(template=NAME), actor)),
    ):
        with pytest.raises(Refused):
            command()


def test_a_preview_shows_each_language_and_way_and_stores_nothing(db: Database[Any], rooms: WordRooms) -> None:
    texts = words(ug=True)
    texts["zh-CN"] = replace(texts["zh-CN"], sms="短{{ number }}", group="群{{ item }}")
    command = PreviewTemplate(template=NAME, texts=texts, values={"item": "修水管"})
    found = rooms.templates.preview_template(call(command)).result
    assert found["problems"] == []
    by = {(one["locale"], one["form"]): one for one in found["previews"]}
    assert by["zh-CN", "sms"]["body"] == "短SL-261121-0042"
    assert (by["zh-CN", "sms"]["characters"], by["zh-CN", "sms"]["parts"]) == (15, 1)
    assert (by["zh-CN", "group"]["body"], by["zh-CN", "group"]["bytes"]) == ("群修水管", 12)
    assert by["zh-CN", "group"]["grade"] == "group"
    assert by["ug", "letter"]["dir"] == "rtl"
    assert ("en", "group") not in by
    assert db["template_versions"].count_documents({"community_id": {"$ne": PACKAGED}}) == 0


def test_a_preview_names_everything_that_is_wrong(rooms: WordRooms) -> None:
    texts = {"zh-CN": TemplateWords(title="", body="{{ phone }}")}
    found = rooms.templates.preview_template(call(PreviewTemplate(template=NAME, texts=texts))).result
    assert [(one["field"], one["code"]) for one in found["problems"]] == [
        ("texts.en", "locale-missing"),
        ("texts.zh-CN.title", "empty"),
        ("texts.zh-CN.body", "unknown-variable"),
    ]
    assert found["previews"] == []
    with pytest.raises(Invalid) as refusal:
        rooms.templates.preview_template(call(PreviewTemplate(template=NAME, values={"phone": "1"})))
    assert refusal.value.field == "values.phone"


def test_a_preview_of_a_stored_version(rooms: WordRooms) -> None:
    save(rooms, "一")
    save(rooms, "二")
    found = rooms.templates.preview_template(call(PreviewTemplate(template=NAME, version=2))).result
    assert {one["title"] for one in found["previews"] if one["locale"] == "zh-CN"} == {"一"}


def test_a_row_is_never_changed(db: Database[Any], rooms: WordRooms) -> None:
    save(rooms, "一")
    before = list(db["template_versions"].find({"template": NAME}))
    save(rooms, "二")
    after = list(db["template_versions"].find({"template": NAME, "version": {"$lte": 2}}))
    assert after == before


def test_versions_of_words_hold_no_more_than_words(db: Database[Any], rooms: WordRooms) -> None:
    save(rooms)
    row = db["template_versions"].find_one({"community_id": COMMUNITY})
    assert row is not None
    assert row.keys() - {"_id", "schema", "digest"} <= set(TemplateVersion.__dataclass_fields__)


def test_old_versions_by_which_nothing_is_read_are_forgotten(
    db: Database[Any], rooms: WordRooms, settings: Settings
) -> None:
    for title in ("一", "二", "三", "四"):
        save(rooms, title)
    save(rooms, "邻居的", NEIGHBOUR)
    named = queued(template=NAME, version=3, community_id=COMMUNITY)
    MongoMessages(db).add([named])
    old = OldVersions(db, newest=2)
    too_early, later = NOON - timedelta(days=1), NOON + timedelta(days=1)
    assert (old.overdue(too_early), old.forget(too_early, 9)) == (0, 0)
    assert (old.overdue(later), old.forget(later, 9), old.overdue(later)) == (1, 1, 0)
    assert [one["version"] for one in read(rooms)["versions"]] == [5, 4, 3, 1]
    fresh = wire_words(db, RULES, FixedClock())
    assert [shown(fresh, version) for version in (5, 4, 3)] == ["四", "三", "二"]
    assert shown(fresh, community=ELSEWHERE) == "邻居的"
    assert "template_versions" in {rule.name for rule in rules(db, settings)}


def test_versions_are_shown_and_stored_only_so_many(
    db: Database[Any], rooms: WordRooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_saving, "MOST_VERSIONS", 3)
    monkeypatch.setattr(template_versions, "NEWEST_KEPT", 2)
    for title in ("一", "二", "三"):
        save(rooms, title)
    assert [one["version"] for one in read(rooms)["versions"]] == [4, 3]
    with pytest.raises(Conflict, match="too-many-versions"):
        save(rooms, "四")
    assert shown(rooms) == "三"
    save(rooms, "邻居的", NEIGHBOUR)
