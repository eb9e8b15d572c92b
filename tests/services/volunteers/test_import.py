"""The operators' import against real stores, with the demo community's own files."""

import csv
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.gear import offline
from chassis.mongo import Document
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.events.masters import AreaPublished, AreaSnapshot, MemberPublished
from contracts.topology import inbox_queue
from services.volunteers.adapters.codecs import MemberCodec, RosterCodec, TeamCodec
from services.volunteers.adapters.homes import Homes
from services.volunteers.adapters.importer import Importer
from services.volunteers.adapters.rosters import MongoNames, MongoRosters
from services.volunteers.adapters.stores import MongoAreas, MongoCommunities
from services.volunteers.application.ports import AreaRow, CommunityRow
from services.volunteers.domain.member import member_id_of
from services.volunteers.service import NAME, OPERATIONS, build
from tests.brokers import Rabbit
from tests.builders import a_community_snapshot, an_area_snapshot, received
from tests.services.volunteers.conftest import Service
from tests.waiting import wait_until

DATA = Path(__file__).parents[3] / "deploy" / "demo" / "data"
COMMUNITY = "shiliuli"


def run(settings: Settings, kind: str, file: Path, *options: str, community: str = COMMUNITY) -> int:
    return OPERATIONS["import"](settings, [kind, str(file), "--community", community, *options])


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def published(db: Database[Document], kind: str) -> int:
    return db["events"].count_documents({"wire.type": f"shiliu.{kind}.published.v1"})


def areas_of_the_demo() -> list[AreaSnapshot]:
    """As tickets publishes them."""
    features = json.loads((DATA / "areas.geojson").read_text(encoding="utf-8"))["features"]
    rows = {one["properties"]["id"]: one["properties"] for one in features}

    def path(area_id: str | None) -> tuple[str, ...]:
        return () if area_id is None else (*path(rows[area_id]["parent"]), area_id)

    return [
        an_area_snapshot(id=id, kind=row["kind"], parent=row["parent"], path=path(id), community_id=COMMUNITY)
        for id, row in rows.items()
    ]


@pytest.fixture
def areas(db: Database[Document]) -> MongoAreas:
    """The replica, with the areas of the demo."""
    areas = MongoAreas(db)
    areas.keep([AreaRow(area, 1) for area in areas_of_the_demo()])
    return areas


@contextmanager
def importing(settings: Settings, run_id: str, **patience: Any) -> Iterator[Importer]:
    """The importer with its own idea of waiting."""
    with offline(build, settings, NAME) as (resources, _):
        members, teams = Aggregates(resources.journal, MemberCodec()), Aggregates(resources.journal, TeamCodec())
        homes = Homes(MongoAreas(resources.db), **patience)
        yield Importer(members, teams, homes, resources.vault, COMMUNITY, run_id, date(2026, 11, 21))


@pytest.fixture
def members(tmp_path: Path) -> Path:
    """The first ten members of the demo, in a file of their own."""
    return written(tmp_path, rows_of(DATA / "members.csv")[:10])


def written(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "members.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.usefixtures("areas")
def test_the_demo_community_comes_in_and_again_changes_nothing(
    settings: Settings, db: Database[Document], amqp: Rabbit, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(DATA / "members.csv")
    assert run(settings, "members", DATA / "members.csv") == 0
    assert run(settings, "teams", DATA / "teams.csv") == 0
    assert f"{len(rows)} rows imported, {len(rows)} changed, 0 left out" in capsys.readouterr().out
    assert db["members"].count_documents({"community_id": COMMUNITY}) == len(rows)
    teams = len(rows_of(DATA / "teams.csv"))
    assert (published(db, "member"), published(db, "team")) == (len(rows), teams)
    wait_until(lambda: amqp.depth(inbox_queue("gateway")) == len(rows) + teams)
    team = db["teams"].find_one("red-seed-g1") or {}
    in_it = {row["external_no"] for row in rows if "red-seed-g1" in row["teams"].split(";")}
    assert set(team["member_ids"]) == {member_id_of(COMMUNITY, number) for number in in_it}
    lead = next(row["lead"] for row in rows_of(DATA / "teams.csv") if row["id"] == "red-seed-g1")
    assert team["lead"] == member_id_of(COMMUNITY, lead)

    before = list(db["members"].find())
    assert run(settings, "members", DATA / "members.csv") == 0
    assert run(settings, "teams", DATA / "teams.csv") == 0
    assert list(db["members"].find()) == before
    assert (published(db, "member"), published(db, "team")) == (len(rows), teams)


@pytest.mark.usefixtures("areas")
def test_names_and_phones_are_only_in_the_vault(settings: Settings, db: Database[Document], members: Path) -> None:
    run(settings, "members", members)
    row = rows_of(members)[0]
    member: dict[str, Any] = db["members"].find_one({"external_no": row["external_no"]}) or {}
    vault = Vault(db.client, db, settings.master_key)

    assert vault.open(member["sealed"]["name"], f"members/{member['_id']}/name") == row["name"]
    assert vault.open(member["sealed"]["phone"], f"members/{member['_id']}/phone") == row["phone"]
    digits = "".join(char for char in row["phone"] if char.isdigit())
    index = vault.index(digits, "members/phone")
    assert db["members"].count_documents({"community_id": COMMUNITY, "sealed.phone_index": index}) == 1
    for place in (member, *db["events"].find()):
        assert row["phone"] not in str(place)
        assert f"'{row['name']}'" not in str(place)


@pytest.mark.usefixtures("areas")
def test_whoever_was_erased_does_not_come_back_by_an_old_list(
    settings: Settings, db: Database[Document], members: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(settings, "members", members) == 0
    gone = member_id_of(COMMUNITY, rows_of(members)[0]["external_no"])
    Vault(db.client, db, settings.master_key).destroy(gone)
    before = db["members"].find_one(gone)
    assert run(settings, "members", members) == 1
    assert "was erased at their wish" in capsys.readouterr().err
    assert run(settings, "members", members, "--skip-bad") == 0
    assert db["members"].find_one(gone) == before


@pytest.mark.usefixtures("areas")
def test_a_list_says_until_when_somebody_is_away_but_not_for_whoever_used_the_switch(
    settings: Settings, db: Database[Document], members: Path, tmp_path: Path
) -> None:
    run(settings, "members", members)
    rows = [{**row, "not_before": "2026-12-24 18:00"} for row in rows_of(members)]
    own = {"external_no": rows[0]["external_no"]}
    db["members"].update_one(own, {"$set": {"own": ["not_before"]}, "$inc": {"rev": 1}})
    assert run(settings, "members", written(tmp_path, rows)) == 0
    away = datetime(2026, 12, 24, 10, tzinfo=UTC)
    kept = {doc["external_no"]: doc["not_before"] for doc in db["members"].find()}
    assert kept.pop(own["external_no"]) is None
    assert set(kept.values()) == {away}, "by the clock of the community, kept in UTC"


@pytest.mark.usefixtures("areas")
def test_one_bad_row_keeps_all_out_unless_told_otherwise(
    settings: Settings, db: Database[Document], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(DATA / "members.csv")[:5]
    rows[2]["crs"], rows[3]["capacity"] = "gcj02", "many"
    file = written(tmp_path, rows)
    assert run(settings, "members", file) == 1
    said = capsys.readouterr().err
    assert "第4行 [crs]" in said
    assert "line 5 [capacity]" in said
    assert db["members"].count_documents({}) == 0

    assert run(settings, "members", file, "--skip-bad") == 0
    assert "3 rows imported, 3 changed, 2 left out" in capsys.readouterr().out
    assert db["members"].count_documents({}) == 3


@pytest.mark.usefixtures("areas")
def test_an_import_after_a_change_publishes_what_others_may_see(
    settings: Settings, db: Database[Document], members: Path, tmp_path: Path
) -> None:
    run(settings, "members", members)
    rows = rows_of(members)
    rows[0]["phone"], rows[1]["display_name"], rows[2]["on_duty"] = "000-9999", "新名字", "no"
    held = member_id_of(COMMUNITY, rows[1]["external_no"])
    db["members"].update_one({"_id": held}, {"$set": {"holding": ["x.s1.1"], "room": 0}, "$inc": {"rev": 1}})
    run(settings, "members", written(tmp_path, rows))

    assert published(db, "member") == 11, "the new phone is nobody's business; the duty switch is the member's own"
    changed = db["members"].find_one({"_id": held}) or {}
    assert (changed["display_name"], changed["holding"]) == ("新名字", ["x.s1.1"])
    switched = db["members"].find_one({"external_no": rows[2]["external_no"]}) or {}
    assert switched["on_duty"] is True
    first = db["members"].find_one({"external_no": rows[0]["external_no"]}) or {}
    assert (first["rev"], first["version"]) == (2, 1)


def test_a_team_needs_members_and_its_own_community(
    settings: Settings, db: Database[Document], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teams = tmp_path / "teams.csv"
    teams.write_text("id,name_zh,name_en,kind,lead,deputy,area\nt1,一队,One,team,V404,,sll\n", encoding="utf-8")
    assert run(settings, "teams", teams) == 1
    assert "line 2 [lead] there is no member with the number V404" in capsys.readouterr().err

    teams.write_text("id,name_zh,name_en,kind,lead,deputy,area\nt1,一队,One,team,,,sll\n", encoding="utf-8")
    assert run(settings, "teams", teams) == 0
    assert run(settings, "teams", teams, community="zaoyuanli") == 1
    assert "another community uses this id" in capsys.readouterr().err
    assert (db["teams"].find_one("t1") or {})["community_id"] == COMMUNITY


def homes_told(db: Database[Document]) -> dict[str, set[str]]:
    """By number, every home that is stored or was published."""
    told: dict[str, set[str]] = {}
    stored = list(db["members"].find())
    published = [one["wire"]["data"]["snapshot"] for one in db["events"].find({"wire.type": MemberPublished.TYPE})]
    assert len(stored) == len(published)
    for member in (*stored, *published):
        told.setdefault(member["external_no"], set()).add(member["home_area"])
    return told


def test_a_home_is_stored_and_published_as_its_grid(
    settings: Settings, db: Database[Document], areas: MongoAreas, tmp_path: Path
) -> None:
    rows = rows_of(DATA / "members.csv")[:4]
    for row, home in zip(rows, ("heping-3-2", "sll-g2", "sll", "sll-counter"), strict=True):
        row["home_area"] = home
    assert run(settings, "members", written(tmp_path, rows)) == 0
    numbers = [row["external_no"] for row in rows]
    assert homes_told(db) == dict(zip(numbers, ({"sll-g1"}, {"sll-g2"}, {"sll"}, {"sll"}), strict=True))


def test_a_home_that_is_no_area_keeps_its_row_out(
    settings: Settings, db: Database[Document], areas: MongoAreas, tmp_path: Path
) -> None:
    rows = rows_of(DATA / "members.csv")[:3]
    rows[1]["home_area"] = "heping-99"
    file = written(tmp_path, rows)
    passed = iter(range(0, 1000, 15))
    with importing(settings, "run-1", elapsed=lambda: float(next(passed)), pause=lambda _: None) as importer:
        report = importer.import_members(file, skip_bad=False)
        assert [(one.line, one.column) for one in report.problems] == [(3, "home_area")]
        assert (report.written, db["members"].count_documents({})) == (False, 0)

        report = importer.import_members(file, skip_bad=True)
        assert (report.written, report.rows, len(report.problems)) == (True, 2, 1)
    assert db["members"].count_documents({"external_no": rows[1]["external_no"]}) == 0


def test_areas_that_are_on_their_way_are_waited_for(
    settings: Settings, db: Database[Document], service: Service, members: Path
) -> None:
    """tickets publishes them only after the importer has looked for the first time."""
    news = [received(AreaPublished(), area) for area in areas_of_the_demo()]

    def publish_once(seconds: float) -> None:
        if news:
            service.tell(*news)
            news.clear()
        time.sleep(seconds)

    with importing(settings, "run-1", pause=publish_once) as importer:
        report = importer.import_members(members, skip_bad=False)
    assert (report.problems, report.rows, news) == ([], 10, [])
    assert set().union(*homes_told(db).values()) <= {"sll", "sll-g1", "sll-g2", "sll-g3"}


@pytest.fixture
def community(db: Database[Document]) -> None:
    """Where and by whose clock: the replica, with the community of the demo."""
    MongoCommunities(db).keep([CommunityRow(a_community_snapshot(), 1)])


@pytest.mark.usefixtures("areas", "community")
def test_the_roster_of_the_demo_comes_in_and_again_changes_nothing(
    settings: Settings, db: Database[Document], capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "members", DATA / "members.csv")
    rows = rows_of(DATA / "roster.csv")
    assert run(settings, "roster", DATA / "roster.csv", "--from", "2026-11-23") == 0
    assert f"{len(rows)} rows imported, {len(rows)} changed, 0 left out" in capsys.readouterr().out
    days = list(db["rosters"].find().sort("_id", 1))
    assert [doc["day"] for doc in days] == [f"2026-11-{day}" for day in range(23, 30)]
    assert published(db, "shift") == len(days)
    assert run(settings, "roster", DATA / "roster.csv", "--from", "2026-11-23") == 0
    assert published(db, "shift") == len(days)


@pytest.mark.usefixtures("areas", "community")
def test_by_the_roster_of_the_demo_somebody_is_on_duty_in_every_grid_at_every_hour(
    settings: Settings, db: Database[Document]
) -> None:
    run(settings, "members", DATA / "members.csv")
    run(settings, "roster", DATA / "roster.csv", "--from", "2026-11-23")
    with offline(build, settings, NAME) as (resources, _):
        kept = MongoRosters(Aggregates(resources.journal, RosterCodec()))
        monday = datetime(2026, 11, 23, 0, tzinfo=UTC)  # 08:00 there
        there = [
            kept.officers(("qjs", "sll", "sll-g1"), monday + timedelta(hours=hour)) for hour in range(0, 7 * 24, 6)
        ]
        assert {len(those or ()) for those in there} == {1}
        assert len(set(map(tuple, filter(None, there)))) > 2
        assert kept.officers(("qjs", "sll", "sll-g1"), monday - timedelta(minutes=1)) == ()
        assert kept.officers(("qjs", "elsewhere"), monday) is None
        (officer,) = kept.officers(("qjs", "sll"), monday) or ()
        assert "sll.20261123" in kept.naming(COMMUNITY, officer, date(2026, 11, 23))
        assert kept.naming(COMMUNITY, officer, date(2026, 12, 1)) == []
        assert kept.naming("elsewhere", officer, date(2026, 11, 23)) == []
        week = kept.on_days(COMMUNITY, date(2026, 11, 23), 7)
        on_it = {shift.member_id for roster in week for shift in roster.shifts if shift.member_id}
        names = MongoNames(Aggregates(resources.journal, MemberCodec()))({*on_it, "nobody"})
        assert len(week) == 7
        assert set(names) == on_it


@pytest.mark.usefixtures("areas", "community")
def test_every_bad_row_of_a_roster_is_named_and_nothing_is_written(
    settings: Settings, db: Database[Document], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "members", DATA / "members.csv")
    file = tmp_path / "roster.csv"
    file.write_text(
        "day,area,role,starts,ends,member,substitute\n"
        "周一,sll,duty_officer,20:00,08:00,G01,\n"
        "周八,sll,duty_officer,20:00,08:00,G01,\n"
        "mon,sll,guard,20:00,08:00,G01,\n"
        "mon,sll,duty_officer,8,08:00,V001,NOBODY\n",
        encoding="utf-8",
    )
    assert run(settings, "roster", file) == 1
    said = capsys.readouterr().err
    named = {
        ("line 3", "day"),
        ("line 4", "role"),
        ("line 5", "starts"),
        ("line 5", "member"),
        ("line 5", "substitute"),
    }
    assert all(f"{line} [{column}]" in said for line, column in named)
    assert db["rosters"].count_documents({}) == 0
    assert run(settings, "roster", file, "--skip-bad", "--weeks", "2") == 0
    assert db["rosters"].count_documents({}) == 2
