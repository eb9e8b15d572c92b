"""An offer by SMS says in one line when, where, what, how long and how far (product.md, 34), and nothing private."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.envelope import Envelope
from contracts.events.volunteers import OfferMade
from contracts.schemas.wire import read_event
from contracts.topology import handlers_of
from contracts.words import Text
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.application.notify import NotifyApplication
from services.notify.domain.audience import RECIPIENTS, TELL_NOBODY, Audience
from services.notify.domain.category import Category
from services.notify.domain.crowd import tells
from services.notify.domain.grade import grade_of
from services.notify.domain.message import OUTWARD, Message
from services.notify.domain.planning import messages_for
from services.notify.domain.rule import Rule
from services.notify.domain.template import Form
from services.notify.domain.variables import allowed_in, given_by
from tests.builders import MEMBER_ID, a_demand_snapshot, an_offer_change, every_sample, received
from tests.fakes.clock import FixedClock
from tests.fakes.messages import FakeMessages
from tests.fakes.resting import FakeResting
from tests.fakes.rules import TheseRules

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


TOLD = [sample for type, sample in every_sample().items() if "notify" in handlers_of("notify", type)]


@pytest.mark.parametrize("sample", TOLD, ids=lambda sample: sample.type)
def test_whoever_may_know_the_grid_is_told_what_it_is_called(sample: Envelope) -> None:
    """The list of variables promises it, so words of every audience that may say it can."""
    event = read_event(sample.to_wire())
    names = NamedAreas()
    rules = [one for audience in Audience if audience not in TELL_NOBODY for one in a_rule(event, audience)]
    messages = FakeMessages()
    app = NotifyApplication(
        rules=TheseRules(rules),
        messages=messages,
        templates=WORDS,
        resting=FakeResting(),
        clock=FixedClock(),
        areas=names,
    )
    app.notify([event])
    promised = "grid" in given_by(event.envelope.type)
    for message in (row.message for row in messages.rows.values()):
        audience = Audience(message.rule)
        may = promised and "grid" in tells(audience, given_by(event.envelope.type)) & allowed_in(grade_of(audience))
        assert message.params.get("grid") == ({"zh": GRID.zh, "en": GRID.en} if may else None), message.rule
    assert names.asked == ([event.snapshot.area_path[-1]] if promised else [])


class NamedAreas:
    """Every area is called the same."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def name(self, area_id: str) -> Text | None:
        self.asked.append(area_id)
        return GRID

    def path(self, community_id: str, area_id: str) -> tuple[str, ...] | None:
        return None


def a_rule(event: Any, audience: Audience) -> Iterator[Rule]:
    """One that tells them of it, where the event says who they are."""
    try:
        RECIPIENTS.get(audience, lambda _: ())(event)
    except AttributeError:
        return
    id, category = audience.value, Category.ORDER
    yield Rule(
        id=id, event=event.envelope.type, audience=audience, template="still-looking", category=category, when={}
    )
