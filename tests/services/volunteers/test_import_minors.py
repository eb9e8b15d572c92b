"""Imports of minors and of members who said something themselves, against real stores."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.gear import offline
from chassis.mongo import Document
from chassis.settings import Settings
from contracts.decisions import Decided
from services.volunteers.adapters.codecs import MemberCodec
from services.volunteers.adapters.privacy import MemberVault
from services.volunteers.adapters.stores import MongoAreas
from services.volunteers.domain.member import Member, member_id_of
from services.volunteers.service import NAME, build
from tests.builders import a_meta
from tests.services.volunteers.test_import import COMMUNITY, DATA, areas, rows_of, run, written

OWN = ("display_name", "phone", "abilities")
KID, ADULT = "V147", "V015"
ID = member_id_of(COMMUNITY, KID)
DAY = datetime(2026, 10, 1, 9, tzinfo=UTC)

__all__ = ["areas"]


@pytest.fixture
def file(areas: MongoAreas, tmp_path: Path) -> Path:
    """A minor of the demo and the adult who goes along."""
    assert areas is not None
    return written(tmp_path, [row for row in rows_of(DATA / "members.csv") if row["external_no"] in (KID, ADULT)])


def change(settings: Settings, how: Callable[[Member, MemberVault], Member]) -> None:
    """Something happens to the minor meanwhile."""
    with offline(build, settings, NAME) as (resources, _):
        vault = MemberVault(resources.vault)
        members = Aggregates(resources.journal, MemberCodec())

        def decide(member: Member | None) -> Decided[Member]:
            assert member is not None
            return Decided(how(member, vault))

        members.apply(ID, a_meta(command_id="between"), decide)


def stored(db: Database[Document]) -> Any:
    return db["members"].find_one({"_id": ID})


def again(settings: Settings, file: Path, **cells: str) -> None:
    rows = rows_of(file)
    rows[1] |= cells
    assert run(settings, "members", written(file.parent, rows)) == 0


def test_a_guardians_word_comes_in_once_and_nobody_is_named_in_the_clear(
    settings: Settings, db: Database[Document], file: Path
) -> None:
    for _ in range(2):
        assert run(settings, "members", file) == 0
    kid, row = stored(db), rows_of(file)[1]
    assert (kid["agreed"], len(kid["consents"]), kid["with_adult"]) == (True, 1, member_id_of(COMMUNITY, ADULT))
    for secret in (row["guardian"], row["guardian_phone"], row["born"]):
        assert secret not in str([*db["members"].find(), *db["events"].find()])


def test_a_word_that_was_taken_back_does_not_come_again_by_an_old_list(
    settings: Settings, db: Database[Document], file: Path
) -> None:
    run(settings, "members", file)
    change(settings, lambda kid, _: kid.disagree(DAY, "desk"))
    run(settings, "members", file)
    assert (stored(db)["agreed"], stored(db)["guardian"]) == (False, None)
    again(settings, file, guardian_agreed="2026-11-01")
    assert (stored(db)["agreed"], len(stored(db)["consents"])) == (True, 3)


def test_an_old_list_brings_no_adult_back_whom_the_guardian_replaced(
    settings: Settings, db: Database[Document], file: Path
) -> None:
    run(settings, "members", file)

    def another(kid: Member, _: MemberVault) -> Member:
        assert kid.guardian is not None
        return kid.agree(kid.guardian, "another-adult", DAY, "desk")

    change(settings, another)
    run(settings, "members", file)
    assert (stored(db)["with_adult"], len(stored(db)["consents"])) == ("another-adult", 2)
    again(settings, file, guardian_agreed="2026-11-01")
    assert stored(db)["with_adult"] == member_id_of(COMMUNITY, ADULT)


def test_who_was_erased_or_stopped_serving_goes_along_with_nobody(
    settings: Settings, db: Database[Document], file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(settings, "members", file)
    db["members"].update_one({"_id": member_id_of(COMMUNITY, ADULT)}, {"$set": {"serving": False}})
    assert run(settings, "members", written(file.parent, rows_of(file)[1:])) == 1
    assert "there is no adult with this number" in capsys.readouterr().err


def test_whoever_grows_up_needs_nobody_any_more(settings: Settings, db: Database[Document], file: Path) -> None:
    run(settings, "members", file)
    again(settings, file, adult="yes", born="2008-01-01")
    assert (stored(db)["adult"], stored(db)["guardian"], stored(db)["with_adult"]) == (True, None, None)


def test_who_goes_along_has_to_be_an_adult_we_know(
    settings: Settings, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(file)
    rows[1]["with_adult"] = KID
    assert run(settings, "members", written(file.parent, rows)) == 1
    assert "there is no adult with this number" in capsys.readouterr().err


def test_what_members_said_themselves_no_list_overwrites(
    settings: Settings, db: Database[Document], file: Path
) -> None:
    run(settings, "members", file)
    row = rows_of(file)[1]

    def said(kid: Member, vault: MemberVault) -> Member:
        assert kid.sealed is not None
        sealed = replace(kid.sealed, phone=vault.seal(ID, "phone", "000-777"), party=vault.seal(ID, "party", "00"))
        return replace(kid, display_name="小沈", sealed=sealed, abilities=(), own=OWN)

    change(settings, said)
    again(settings, file, display_name="沈姐姐", phone="000-888", abilities="lift", name=f"{row['name']}兰")
    kid = stored(db)
    with offline(build, settings, NAME) as (resources, _):
        vault = MemberVault(resources.vault)
        assert vault.open(ID, "phone", kid["sealed"]["phone"]) == "000-777"
        assert vault.open(ID, "name", kid["sealed"]["name"]) == f"{row['name']}兰"
        assert vault.open(ID, "party", kid["sealed"]["party"]) == "00"
    assert (kid["display_name"], kid["abilities"]) == ("小沈", [])
