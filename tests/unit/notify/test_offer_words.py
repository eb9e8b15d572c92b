"""An offer by SMS says in one line when, where, what, how long and how far (product.md, 34), and nothing private."""

from typing import Any

import pytest

from contracts.events.volunteers import OfferMade
from contracts.words import Text
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.message import OUTWARD, Message
from services.notify.domain.planning import messages_for
from services.notify.domain.template import Form
from tests.builders import MEMBER_ID, a_demand_snapshot, an_offer_change, received

WORDS = YamlTemplates()
GRID = Text("第一网格", "First grid")
WHY = (Text("走路10分钟以内", "within 10 minutes' walk"), Text("上次帮过她", "helped her before"))
SIGN = "【石榴里】"
ONE_PART, TWO_PARTS = 70, 2 * 67
LATIN = 153
"""Letters of one of several parts where all are of the GSM alphabet."""


def planned(
    grid: Text | None = GRID, walk_within: int | None = 10, local: str | None = "2026-11-22 19:00"
) -> list[Message]:
    offer = an_offer_change(why=WHY, walk_within=walk_within)
    event = received(OfferMade(offers=(offer,), local=local, visit_minutes=30.0), a_demand_snapshot())
    return messages_for(read_rules(), event, grid=grid)


def asked(**changes: Any) -> Message:
    found = (one for one in planned(**changes) if one.channel == OUTWARD)
    return next(one for one in found if one.recipient == f"member:{MEMBER_ID}")


def sms(message: Message, locale: str) -> str:
    return WORDS.render(message.template, locale, message.params, form=Form.SMS).body


def test_it_says_when_where_what_how_long_and_how_far_in_one_part() -> None:
    said = SIGN + sms(asked(), "zh-CN")
    item = a_demand_snapshot().item_name.zh
    assert said == f"{SIGN}11月22日19:00 第一网格 {item} 约30分钟 走路10分钟以内。回1我来,回2这次不方便。"
    assert len(said) <= ONE_PART


def test_in_english_it_is_two_parts_at_most() -> None:
    said = SIGN + sms(asked(), "en")
    item = a_demand_snapshot().item_name.en
    assert said.startswith(f"{SIGN}22 Nov 19:00 First grid {item}, about 30 min, within 10 min on foot. Reply 1")
    assert len(said) <= TWO_PARTS < LATIN


@pytest.mark.parametrize(
    ("changes", "missing"), [({"walk_within": None}, "走路"), ({"grid": None}, "网格"), ({"local": None}, "19:00")]
)
def test_what_nobody_knows_is_left_out(changes: dict[str, Any], missing: str) -> None:
    said = sms(asked(**changes), "zh-CN")
    assert missing not in said
    assert "  " not in said
    assert said.endswith("回1我来,回2这次不方便。")


def test_who_is_told_anything_else_learns_no_distance() -> None:
    for message in planned():
        if message.recipient != f"member:{MEMBER_ID}":
            assert not {"walk", "why", "grid"} & message.params.keys()
