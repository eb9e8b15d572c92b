"""The operators' import against real stores, with the demo community's own files."""

import csv
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from chassis.cipher import Cipher
from chassis.mongo import Document
from chassis.settings import Settings
from contracts.topology import inbox_queue
from services.volunteers.domain.member import member_id_of
from services.volunteers.service import OPERATIONS
from tests.brokers import Rabbit
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
    assert wait_until(lambda: amqp.depth(inbox_queue("gateway"))) == len(rows) + teams
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


def test_names_and_phones_are_only_in_the_vault(settings: Settings, db: Database[Document], members: Path) -> None:
    run(settings, "members", members)
    row = rows_of(members)[0]
    member: dict[str, Any] = db["members"].find_one({"external_no": row["external_no"]}) or {}
    cipher = Cipher(settings.master_key)

    assert cipher.decrypt(member["sealed"]["name"], f"members/{member['_id']}/name") == row["name"]
    assert cipher.decrypt(member["sealed"]["phone"], f"members/{member['_id']}/phone") == row["phone"]
    digits = "".join(char for char in row["phone"] if char.isdigit())
    index = cipher.blind_index(digits, "members/phone")
    assert db["members"].count_documents({"community_id": COMMUNITY, "sealed.phone_index": index}) == 1
    for place in (member, *db["events"].find()):
        assert row["phone"] not in str(place)
        assert f"'{row['name']}'" not in str(place)


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
