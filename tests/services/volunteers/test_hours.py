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
from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.hours import (
    AddPaperHours,
    AskForCorrection,
    CheckSheet,
    DecideCorrection,
    IssueSheet,
    ReadHours,
    ReadSheet,
    RevealHours,
)
from contracts.decisions import Decided
from contracts.errors import Conflict, NotFound
from services.volunteers.adapters.codecs import MemberCodec
from services.volunteers.service import NAME, build
from tests.builders import a_member_actor, a_meta, an_actor
from tests.unit.volunteers.builders import a_member

WRITER = an_actor(Role.SECRETARY, account_id="a-writer")
COLLEAGUE = an_actor(Role.SECRETARY, account_id="a-colleague")
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


def _add(resources: Any, member: Any) -> None:
    from_import = a_meta(command_id="import")
    aggregates = _members(resources)
    aggregates.apply(member.id, from_import, lambda _: Decided(member))


def _members(resources: Any) -> Any:
    return Aggregates(resources.journal, MemberCodec())
