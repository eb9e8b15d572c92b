"""The ledgers on the real database: printed, checked by anybody, corrected, and mute after an erasure."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.gear import offline
from chassis.mongo import Document
from chassis.person import Whom
from chassis.settings import Settings
from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.hours import (
    AddPaperHours,
    AskForCorrection,
    CheckSheet,
    DecideCorrection,
    IssueSheet,
    ReadHours,
    ReadHoursYear,
    ReadSheet,
    ReadWaitingHours,
    RevealHours,
)
from contracts.decisions import Decided
from contracts.errors import Conflict, NotFound
from contracts.hours import Ledger
from contracts.words import Employment
from services.volunteers.adapters.codecs import MemberCodec
from services.volunteers.service import NAME, build
from tests.builders import a_member_actor, a_meta, an_actor
from tests.unit.volunteers.builders import a_member

WRITER = an_actor(Role.SECRETARY, account_id="a-writer")
COLLEAGUE = an_actor(Role.SECRETARY, account_id="a-colleague")
HALF_AN_HOUR = timedelta(minutes=30)
HER = a_member_actor("m1")


def test_a_ledger_from_paper_to_a_sheet_that_anybody_checks(settings: Settings, db: Database[Document]) -> None:
    with offline(build, settings, NAME) as (resources, parts):
        hours, numbers = parts.app.hours, iter(range(100))

        def call(case: Any, command: Any, who: Any) -> Any:
            key = f"k{next(numbers):02}"
            return case(Call(command, a_meta(who, key, created_id=f"01KB00000000000000000000{key}"))).result

        members = resources.journal.db["members"]
        _add(resources, a_member("m1"))
        ended = resources.clock.now() - timedelta(days=1)
        sheet = AddPaperHours(
            member_id="m1", began=ended - timedelta(minutes=45), ended=ended, content="广场清扫", vouched_by="签到表"
        )
        entry = call(hours.correcting.add, sheet, WRITER)
        assert entry["minutes"] == 45
        with pytest.raises(Conflict):
            call(hours.correcting.add, sheet, WRITER)
        own = call(hours.reads.read, ReadHours(), HER)
        assert (own["totals"]["minutes"], own["entries"][0]["content"]) == (45, "广场清扫")
        assert call(hours.reads.read, ReadHours(member_id="m1"), COLLEAGUE)["entries"][0]["content"] is None

        day = ended.date().isoformat()
        span = {
            "start": (ended - timedelta(days=2)).date().isoformat(),
            "end": (ended + timedelta(days=2)).date().isoformat(),
        }
        printed = call(hours.sheets.issue, IssueSheet(**span), HER)
        check = CheckSheet(number=printed["number"], code=printed["code"])
        found = call(hours.sheets.check, check, an_actor(Role.RESIDENT, community_id="public"))
        assert (found["kept"], found["minutes"], found["changed_since"]) == (True, 45, False)
        assert "name" not in found
        for wrong in (CheckSheet(number=printed["number"], code="AAAA"), CheckSheet(number=day, code=printed["code"])):
            with pytest.raises(NotFound):
                call(hours.sheets.check, wrong, HER)

        asked = call(hours.correcting.ask, AskForCorrection(entry_id=entry["id"], reason="其实一个小时"), HER)
        told = call(hours.correcting.reveal, RevealHours(entry_id=entry["id"], reason="要决定"), COLLEAGUE)
        assert told["asks"][0]["asked_why"] == "其实一个小时"
        decision = DecideCorrection(
            entry_id=entry["id"],
            ask_id=asked["ask_id"],
            granted=True,
            reason="看了签到表",
            began=ended - timedelta(hours=1),
            ended=ended,
        )
        assert call(hours.correcting.decide, decision, COLLEAGUE)["minutes"] == 60
        assert call(hours.sheets.check, check, HER)["changed_since"] is True
        with pytest.raises(Conflict):
            call(hours.sheets.read, ReadSheet(sheet_id=printed["id"]), HER)

        assert b"\xe5\xb9\xbf\xe5\x9c\xba" not in str(list(db["hours"].find())).encode()
        assert members.count_documents({"_id": "m1"}) == 1
        assert parts.person is not None
        assert parts.person.export(Whom(accounts=("m-m1",), members=("m1",)), "keeper")["hours"][0]["minutes"] == 60
        parts.person.erase(Whom(accounts=("m-m1",), members=("m1",)))
        assert call(hours.sheets.check, check, COLLEAGUE) == {"kept": False} | dict.fromkeys(set(found) - {"kept"})
        [left] = db["hours"].find()
        assert (left["member_id"], left["minutes"], left["content"], left["asks"]) == ("", 60, None, [])


def test_a_year_names_who_agreed_and_sums_up_all_others(settings: Settings, db: Database[Document]) -> None:
    with offline(build, settings, NAME) as (resources, parts):
        hours, year = parts.app.hours, resources.clock.now().year
        members = [a_member(f"m{n}", share_hours=n != 2) for n in range(1, 5)]
        members.append(a_member("p1", employment=Employment.PROPERTY))
        for member in members:
            _add(resources, member)
        began = resources.clock.now().replace(month=1, day=2, hour=4)
        for number, member in enumerate([*members, members[0]]):
            start = began + timedelta(hours=number, minutes=-60)
            command = AddPaperHours(
                member_id=member.id, began=start, ended=start + HALF_AN_HOUR, content="清扫", vouched_by="签到表"
            )
            hours.correcting.add(Call(command, a_meta(WRITER, f"add{number}", created_id=f"e{number}")))
        first = hours.reads.read(Call(ReadHours(limit=1), a_meta(HER))).result
        second = hours.reads.read(Call(ReadHours(limit=1, cursor=first["next"]), a_meta(HER))).result
        seen = [entry["id"] for page in (first, second) for entry in page["entries"]]
        assert (seen, second["next"]) == (["e5", "e0"], None)
        parts.person.erase(Whom(accounts=("m-m4",), members=("m4",)))
        resources.journal.db["members"].update_one({"_id": "m4"}, {"$set": {"erased": True}})

        def read(who: Any = COLLEAGUE, **wanted: Any) -> Any:
            command = ReadHoursYear(**{"ledger": Ledger.HOURS, "year": year, **wanted})
            return hours.years.read(Call(command, a_meta(who))).result

        whole = read()
        assert [row["external_no"] for row in whole["rows"]] == ["M1", "M1", "M3"]
        assert {row["minutes"] for row in whole["rows"]} == {30}
        assert whole["unnamed"] == {"count": 2, "minutes": 60}
        pages, cursor = [], None
        for _ in range(3):
            page = read(limit=1, cursor=cursor)
            pages += page["rows"]
            cursor = page["next"]
        assert (pages, cursor, page["unnamed"]) == (whole["rows"], None, whole["unnamed"])
        assert [row["external_no"] for row in read(ledger=Ledger.WORKLOAD)["rows"]] == ["P1"]
        assert read(year=year - 1)["rows"] == []
        elsewhere = an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "far"),))
        assert (read(elsewhere)["rows"], read(elsewhere)["unnamed"]["count"]) == ([], 0)
        with pytest.raises(NotFound):
            read(HER)


def test_what_waits_comes_in_whole_pages_of_ones_own_area(settings: Settings, db: Database[Document]) -> None:
    with offline(build, settings, NAME) as (resources, parts):
        hours, began = parts.app.hours, resources.clock.now() - timedelta(days=3)
        for number in range(6):
            member = a_member(f"m{number}", home_area=("near", "far")[number % 2])
            _add(resources, member)
            command = AddPaperHours(
                member_id=member.id, began=began, ended=began + HALF_AN_HOUR, content="清扫", vouched_by="签到表"
            )
            hours.correcting.add(Call(command, a_meta(WRITER, f"add{number}", created_id=f"e{number}")))
            path = {"area_path": ["city", member.home_area]}
            db["hours"].update_one({"_id": f"e{number}"}, {"$set": path})
            why = AskForCorrection(entry_id=f"e{number}", reason="不对")
            hours.correcting.ask(Call(why, a_meta(a_member_actor(member.id), f"ask{number}")))
        db["hours"].update_one({"_id": "e4"}, {"$set": {"recused": {"members": [], "areas": [], "staff": ["a-far"]}}})

        def pages(who: Any) -> list[list[str]]:
            seen, cursor = [], None
            for _ in range(6):
                command = ReadWaitingHours(limit=2, cursor=cursor)
                told = hours.reads.read_waiting(Call(command, a_meta(who))).result
                seen.append([entry["id"] for entry in told["entries"]])
                cursor = told["next"]
                if cursor is None:
                    break
            return seen

        far = an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "far"),))
        near = an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "near"),))
        assert pages(far) == [["e1", "e3"], ["e5"]]
        assert pages(near) == [["e0", "e2"]]
        assert pages(COLLEAGUE) == [["e0", "e1"], ["e2", "e3"], ["e4", "e5"]]


def test_staff_print_nothing_of_a_complaint_about_themselves(settings: Settings, db: Database[Document]) -> None:
    with offline(build, settings, NAME) as (resources, parts):
        hours, began = parts.app.hours, resources.clock.now() - timedelta(days=3)
        _add(resources, a_member("m1"))
        for number in range(2):
            start = began + timedelta(hours=number)
            command = AddPaperHours(
                member_id="m1", began=start, ended=start + HALF_AN_HOUR, content="清扫", vouched_by="签到表"
            )
            hours.correcting.add(Call(command, a_meta(WRITER, f"add{number}", created_id=f"e{number}")))
        theirs = {"members": [], "areas": [], "staff": [COLLEAGUE.account_id]}
        db["hours"].update_one({"_id": "e1"}, {"$set": {"recused": theirs}})

        def rows(who: Any, n: int, **whose: Any) -> Any:
            span = {day: (began + timedelta(days=step)).date().isoformat() for day, step in (("start", -1), ("end", 1))}
            meta = a_meta(who, f"issue{n}", created_id=f"01KB0000000000000000000SH{n}")
            printed = hours.sheets.issue(Call(IssueSheet(**span, **whose), meta)).result
            check = CheckSheet(number=printed["number"], code=printed["code"])
            assert hours.sheets.check(Call(check, a_meta(HER))).result["changed_since"] is False
            return len(printed["rows"])

        whose = {"member_id": "m1", "reason": "代打"}
        assert [rows(HER, 1), rows(WRITER, 2, **whose), rows(COLLEAGUE, 3, **whose)] == [2, 2, 1]


def _add(resources: Any, member: Any) -> None:
    from_import = a_meta(command_id="import")
    aggregates = _members(resources)
    aggregates.apply(member.id, from_import, lambda _: Decided(member))


def _members(resources: Any) -> Any:
    return Aggregates(resources.journal, MemberCodec())
