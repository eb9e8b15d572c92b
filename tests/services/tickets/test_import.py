"""Importing masters: all or nothing by validation, then resumable steps that publish only what changed."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pymongo.database import Database

from chassis.settings import Settings
from services.tickets.adapters.item_versions import MongoItemVersions
from services.tickets.service import OPERATIONS
from tests.services.tickets.kit import demo_files, prepare

Db = Database[dict[str, Any]]
import_masters = OPERATIONS["import"]


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> Path:
    prepare(settings)
    return demo_files(tmp_path)


def change(path: Path, **changes: Any) -> None:
    """Change the first item of a catalogue, or a community."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    (data["items"][0] if "items" in data else data).update(changes)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def test_everything_is_published_once_and_a_second_run_changes_nothing(
    settings: Settings, db: Db, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_masters(settings, [str(files)]) == 0
    assert db["events"].count_documents({"wire.type": "shiliu.area.published.v1"}) == 84
    assert db["events"].count_documents({"wire.type": "shiliu.catalogue_item.published.v1"}) == 40
    assert db["areas"].count_documents({"pending": True}) == 0
    assert import_masters(settings, [str(files)]) == 0
    assert db["events"].count_documents({}) == 125
    assert "84 areas (0 changed), 40 items (0 changed)" in capsys.readouterr().out


def test_a_changed_item_is_a_new_version(settings: Settings, db: Db, files: Path) -> None:
    import_masters(settings, [str(files)])
    change(files / "catalogue.yaml", respond_minutes=77)
    assert import_masters(settings, ["catalogue", str(files / "catalogue.yaml")]) == 0
    item = db["catalogue_items"].find_one({"_id": "tap-and-lamp"}) or {}
    assert (item["item_version"], item["version"], item["respond_minutes"]) == (2, 2, 77)
    assert db["events"].count_documents({}) == 126


def test_every_version_of_an_item_is_kept_whatever_is_imported_later(settings: Settings, db: Db, files: Path) -> None:
    import_masters(settings, [str(files)])
    for minutes in (77, 78):
        change(files / "catalogue.yaml", respond_minutes=minutes)
        assert import_masters(settings, ["catalogue", str(files / "catalogue.yaml")]) == 0
    kept = MongoItemVersions(db)
    versions = [kept.get(f"tap-and-lamp@{number}") for number in (1, 2, 3, 4)]
    assert [one and (one.id, one.version, one.respond_minutes) for one in versions] == [
        ("tap-and-lamp", 1, 1440),
        ("tap-and-lamp", 2, 77),
        ("tap-and-lamp", 3, 78),
        None,
    ]
    assert versions[0] is not None
    assert versions[0].questions[0].choices[0].name.zh == "龙头"


def test_what_was_there_before_versions_were_kept_is_kept_when_it_changes(
    settings: Settings, db: Db, files: Path
) -> None:
    import_masters(settings, [str(files)])
    db["catalogue_versions"].drop()
    change(files / "catalogue.yaml", respond_minutes=77)
    import_masters(settings, ["catalogue", str(files / "catalogue.yaml")])
    assert {row["_id"] for row in db["catalogue_versions"].find()} == {"tap-and-lamp@1", "tap-and-lamp@2"}


def test_an_item_for_a_place_that_there_is_not_is_refused_whole(
    settings: Settings, db: Db, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(files / "catalogue.yaml", areas=["heping-1", "hepign-2"])
    assert import_masters(settings, [str(files)]) == 1
    assert "hepign-2" in capsys.readouterr().err
    assert db["catalogue_items"].count_documents({}) == db["areas"].count_documents({}) == 0
    change(files / "catalogue.yaml", areas=["heping-1"])
    assert import_masters(settings, [str(files)]) == 0


def test_one_file_after_the_other_does_the_same(settings: Settings, db: Db, files: Path) -> None:
    for kind, name in (("community", "community.yaml"), ("areas", "areas.geojson"), ("catalogue", "catalogue.yaml")):
        assert import_masters(settings, [kind, str(files / name)]) == 0
    assert db["events"].count_documents({}) == 125


def test_a_community_is_published_with_its_working_time(settings: Settings, db: Db, files: Path) -> None:
    """Also one that an older version wrote down without publishing it; and only where it changed."""
    import_masters(settings, [str(files)])
    gear = dict.fromkeys(("rev", "version", "outbox", "commands", "community_id", "days_off", "days_on"), "")
    db["communities"].update_one({}, {"$unset": gear})
    db["events"].delete_many({})
    for _ in range(2):
        assert import_masters(settings, [str(files / "community.yaml")]) == 0
    (told,) = list(db["events"].find({"wire.type": "shiliu.community.published.v1"}))
    assert told["wire"]["data"]["snapshot"]["shifts"] == ["09:30-13:30", "15:30-19:30"]
    assert "2026-10-01" in told["wire"]["data"]["snapshot"]["days_off"]


def test_an_import_that_broke_off_is_finished_by_the_next(settings: Settings, db: Db, files: Path) -> None:
    import_masters(settings, [str(files)])
    db["catalogue_items"].delete_many({"_id": {"$ne": "tap-and-lamp"}})
    assert import_masters(settings, [str(files)]) == 0
    assert db["catalogue_items"].count_documents({}) == 40


def test_one_mistake_anywhere_and_nothing_is_written(
    settings: Settings, db: Db, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(files / "catalogue.yaml", policy="lottery")
    change(files / "community.yaml", prefix="nc")
    assert import_masters(settings, [str(files)]) == 1
    said = capsys.readouterr().err
    assert "community.yaml 整个文件 [prefix]" in said
    assert "item 1 (tap-and-lamp) [policy] must be one of" in said
    assert "2 things to mend, nothing was written" in said
    assert db["areas"].count_documents({}) + db["communities"].count_documents({}) == 0


def test_another_community_takes_over_nothing(
    settings: Settings, db: Db, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_masters(settings, [str(files)])
    change(files / "community.yaml", id="another")
    assert import_masters(settings, [str(files)]) == 1
    said = capsys.readouterr().err
    assert "is used by community shiliuli" in said
    assert "[id tap-and-lamp] belongs to community shiliuli" in said
    assert db["communities"].count_documents({}) == 1


def test_a_catalogue_without_its_community_says_so(
    settings: Settings, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_masters(settings, [str(files / "catalogue.yaml")]) == 1
    assert "a community is needed" in capsys.readouterr().err
