"""What chiefs of a block read in their inbox, of orders in whichever community the block reaches into."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis.migrations import base_indexes, migrate
from chassis.settings import Settings
from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.notify import MarkRead, ReadInbox
from contracts.events.ladder import TicketEscalated, TicketWhistled, WhistleReturned
from contracts.ladder import EscalationReason, Rung, WhistleStatus
from contracts.recusal import Recusal
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.application.notify import NotifyApplication
from tests.builders import a_member_actor, a_meta, a_ticket_snapshot, an_actor, received
from tests.builders_of_ladder import BLOCK, GAS, a_whistle
from tests.fakes.clock import FixedClock
from tests.fakes.resting import FakeResting
from tests.fakes.rules import TheseRules

ABROAD = "zaoyuanli"
UP = a_ticket_snapshot(blocks=(BLOCK,), rung=Rung.BLOCK_CHIEF, requester_id=None)
TOP = replace(UP, rung=Rung.CHIEF_OF_BLOCKS)


def a_chief(role: Role = Role.BLOCK_CHIEF, block: str = BLOCK, community: str = ABROAD) -> Actor:
    return an_actor(role, account_id=f"a-{role}", community_id=community, grants=(Grant(role, block),))


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Database[dict[str, Any]]:
    database = mongo[f"{settings.db_prefix}notify"]
    migrate(database, (*base_indexes(()), *INDEXES))
    return database


@pytest.fixture
def app(db: Database[dict[str, Any]]) -> NotifyApplication:
    return NotifyApplication(
        rules=TheseRules(read_rules()),
        messages=MongoMessages(db),
        templates=YamlTemplates(),
        resting=FakeResting(),
        clock=FixedClock(),
    )


def inbox(app: NotifyApplication, who: Actor) -> list[str]:
    return [item["title"] for item in app.read_inbox(Call(ReadInbox(), a_meta(who))).result["items"]]


def escalated(app: NotifyApplication, snapshot: Any, version: int = 2) -> None:
    body = TicketEscalated(before=Rung.DESK, rung=snapshot.rung, reason=EscalationReason.JOINT)
    app.notify([received(body, snapshot, version)])


def test_chiefs_of_the_block_hear_of_it_wherever_they_are_and_others_do_not(app: NotifyApplication) -> None:
    escalated(app, UP)
    assert inbox(app, a_chief()) == inbox(app, a_chief(Role.DEPUTY_BLOCK_CHIEF)) == ["有一单提级到您这里"]
    assert inbox(app, a_chief(Role.CHIEF_OF_BLOCKS)) == []
    assert inbox(app, a_chief(block="harbour")) == []
    assert inbox(app, an_actor(Role.SECRETARY, account_id="a-abroad", community_id=ABROAD)) == []


def test_a_chief_of_no_block_by_name_hears_of_every_block_in_their_community_and_of_no_other(
    app: NotifyApplication,
) -> None:
    escalated(app, UP)
    here, abroad = (
        an_actor(Role.BLOCK_CHIEF, account_id="a-all", community_id=community, grants=(Grant(Role.BLOCK_CHIEF),))
        for community in (UP.community_id, ABROAD)
    )
    assert (inbox(app, here), inbox(app, abroad)) == (["有一单提级到您这里"], [])
    top = an_actor(Role.CHIEF_OF_BLOCKS, account_id="a-top", grants=(Grant(Role.CHIEF_OF_BLOCKS),))
    assert inbox(app, top) == []
    read = app.read_inbox(Call(ReadInbox(), a_meta(here))).result
    assert read["unread"] == 1
    app.mark_read(Call(MarkRead(message_id=read["items"][0]["id"]), a_meta(here)))
    assert app.read_inbox(Call(ReadInbox(), a_meta(here))).result["unread"] == 0


def test_at_the_top_both_kinds_of_chief_hear(app: NotifyApplication) -> None:
    escalated(app, TOP)
    assert inbox(app, a_chief(Role.CHIEF_OF_BLOCKS)) == inbox(app, a_chief()) == ["有一单提级到您这里"]


def test_of_their_own_case_a_chief_hears_nothing(app: NotifyApplication) -> None:
    escalated(app, replace(UP, recused=Recusal(areas=(BLOCK,))))
    assert inbox(app, a_chief()) == []


def test_who_whistled_hears_of_it_also_as_a_chief_from_elsewhere(app: NotifyApplication) -> None:
    chief = a_chief()
    whistle = a_whistle(by=chief.account_id)
    app.notify([received(TicketWhistled(teams=(GAS,)), replace(UP, whistles=(whistle,)))])
    assert inbox(app, a_member_actor("m-q01")) == ["社区吹哨,请报到"]
    assert inbox(app, chief) == []
    back = replace(whistle, status=WhistleStatus.RETURNED)
    app.notify([received(WhistleReturned(team=GAS, reason_code="not_ours"), replace(UP, whistles=(back,)), 3)])
    assert inbox(app, chief) == ["部门退回了"]
    assert inbox(app, an_actor(Role.DISPATCHER)) == ["部门退回了"]


def test_duty_staff_hear_what_comes_up_to_them_in_their_areas(app: NotifyApplication) -> None:
    escalated(app, replace(UP, rung=Rung.DUTY))
    near = an_actor(Role.DUTY, account_id="a-near", grants=(Grant(Role.DUTY, UP.area_path[-1]),))
    far = an_actor(Role.DUTY, account_id="a-far", grants=(Grant(Role.DUTY, "sll-g2"),))
    assert (inbox(app, near), inbox(app, far)) == (["有一单提级到您这里"], [])
