"""Whatever happens, and whatever a template says: no group ever reads anything private.

Every event that the platform knows is planned under every rule as if each told its groups; and all words that there are
for messages are put together from parameters that are full of marks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from contracts.events.tickets import TicketAccepted, TicketOverdue
from contracts.groups import GroupAudience
from contracts.schemas.wire import read_event
from contracts.words import DeadlineKind, Nature, Text
from services.notify.adapters.packaged import read_words
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import InMemory, OneTable, Words, YamlTemplates
from services.notify.application.group_post import GroupPost
from services.notify.application.group_words import GroupWords
from services.notify.application.robot_ports import GroupLetter
from services.notify.application.sending_ports import Address
from services.notify.domain.grade import Grade
from services.notify.domain.groups import group_audiences
from services.notify.domain.message import GROUP
from services.notify.domain.planning import messages_for
from services.notify.domain.template import PACKAGED, Form, TemplateVersion, Wording
from tests.builders import AREA_PATH, a_ticket_snapshot, every_sample, received, some_terms
from tests.builders_of_robots import NOW, a_letter, a_robot

MARK = "王小明13800138000三号楼502"
GRID = Text(zh="第一网格", en="Grid 1")
RULES, TEMPLATES = read_rules(), YamlTemplates()
ITEM = {"zh": "燃气异味", "en": "Smell of gas"}
MASKED = {"number": "NC-261123-0001", "item": ITEM, "urgency": "emergency", "grid": AREA_PATH[-1]}
CODED = {"kind": "extension", "step": "sign_in", "day": "2026-11-24"}
"""What groups may hear beside that, where the words for them say it."""


class Areas:
    def name(self, area_id: str) -> Text | None:
        return GRID

    def path(self, community_id: str, area_id: str) -> tuple[str, ...] | None:
        return AREA_PATH


class Store:
    """Robots and letters in memory, as far as a post asks."""

    def __init__(self) -> None:
        self.letters: list[GroupLetter] = []

    def find(self, ids: Any) -> Any:
        return [a_robot(), a_robot(id="r-2", locale="en", audience=GroupAudience.RESIDENTS)]

    def put(self, letters: Any) -> None:
        self.letters += letters

    def all_of(self, message_ids: Any) -> Any:
        return ()


def texts(template: str, params: Mapping[str, Any], words: Words = TEMPLATES, **changes: Any) -> Iterator[str]:
    """What the groups read, one by one and several in one."""
    store, written = Store(), GroupWords(Areas(), words)
    letter = a_letter(template=template, params=params, title=MARK, body=MARK, **changes)
    post = GroupPost(store, store, lambda: NOW)  # type: ignore[arg-type]
    post.send(letter, Address(way="group", value="r-1,r-2"))
    for one in store.letters:
        for robot in (a_robot(), a_robot(locale="en")):
            for digest in (None, "digest:1"):
                said = written.of(robot, [one, one] if digest else [one], digest)
                yield f"{said.title}\n{said.body}"


def marked() -> dict[str, Any]:
    """Every variable that some template knows, full of what no group may read; in each shape that they come in."""
    names = {name for variables in TEMPLATES.variables.values() for name in variables}
    names -= MASKED.keys() | CODED.keys()
    shapes: tuple[Any, ...] = (MARK, [MARK], {"zh": MARK, "en": MARK}, [{"zh": MARK, "en": MARK}])
    return {name: shapes[place % len(shapes)] for place, name in enumerate(sorted(names))}


@pytest.mark.parametrize("template", sorted(TEMPLATES.variables))
def test_no_words_bring_anything_but_item_grid_and_number_into_a_group(template: str) -> None:
    read = list(texts(template, {**marked(), **MASKED, **CODED, "groups": ["staff", "residents"]}))
    assert len(read) == 8
    for text in read:
        assert MARK not in text
        assert "NC-261123-0001" in text or words_of_their_own(template), text


def test_a_group_reads_the_words_that_a_community_wrote_for_groups_in_the_second_line() -> None:
    wording = Wording(
        title="{{ day }}", body="{{ number }}找{{ name }}", group="{{ grid }}{{ kind | code }}{{ number }}"
    )
    version = TemplateVersion(
        community_id=PACKAGED,
        template="own",
        version=1,
        grade=Grade.STAFF,
        variables=("day", "number", "name", "grid", "kind"),
        required=("number",),
        texts={"zh-CN": wording, "en": replace(wording, group=None)},
    )
    words = Words(InMemory({**read_words(RULES)[0], "own": version}), OneTable(TEMPLATES.codes))
    read = list(texts("own", {**marked(), **MASKED, **CODED, "groups": ["staff"]}, words))
    kind = TEMPLATES.codes["extension"]["zh"]
    assert [plain(line) for line in read[0].splitlines()] == ["2026-11-24", f"第一网格{kind}NC-261123-0001"]
    assert plain(read[2].splitlines()[1]) == "Smell of gas · Grid 1 · NC-261123-0001", "no words for groups in English"
    assert all(MARK not in text for text in read)


def words_of_their_own(template: str) -> bool:
    """Has it words for groups? It is about no order, then."""
    return bool(TEMPLATES.render(template, "zh-CN", CODED, form=Form.GROUP).body)


def plain(text: str) -> str:
    """Without the marks that keep what is inserted apart."""
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize("template", sorted({rule.template for rule in RULES if rule.group and rule.template}))
def test_what_groups_are_told_has_a_title_of_its_own(template: str) -> None:
    first = next(texts(template, {**MASKED, "groups": ["staff"]})).splitlines()[0]
    assert first not in ("有一件事要办", "")


@pytest.mark.parametrize("event_type", sorted(every_sample()))
def test_no_event_plans_anything_private_for_a_group(event_type: str) -> None:
    event = read_event(every_sample()[event_type].to_wire())
    rules = [replace(rule, event=event_type, when={}, group=True) for rule in RULES if rule.event == event_type]
    for message in messages_for(rules, event):
        if message.channel == GROUP:
            assert message.params.keys() <= {"number", "item", "urgency", "kind", "step", "day", "groups", "grid"}
            assert message.recipient == f"group:{message.community_id}"


def test_a_complaint_is_for_no_group_and_what_is_about_no_order_neither() -> None:
    for event_type, envelope in every_sample().items():
        event = read_event(envelope.to_wire())
        if event.envelope.aggregatetype == "ticket":
            complaint = received(event.body, a_ticket_snapshot(nature=Nature.COMPLAINT))
            assert group_audiences(complaint) == (), event_type
        elif event.envelope.aggregatetype in ("plea", "roster"):
            assert group_audiences(event) == (GroupAudience.STAFF,), "staff alone hear who calls for help, who is away"
        elif event.envelope.aggregatetype != "demand":
            assert group_audiences(event) == (), event_type


def test_residents_hear_of_a_public_problem_where_its_terms_say_that_it_is_for_no_child() -> None:
    order = a_ticket_snapshot(nature=Nature.PROBLEM)
    both = (GroupAudience.STAFF, GroupAudience.RESIDENTS)
    assert group_audiences(received(TicketAccepted(terms=some_terms()), order)) == both
    assert group_audiences(received(TicketAccepted(terms=some_terms(for_child=True)), order)) == both[:1]
    assert group_audiences(received(TicketOverdue(kind=DeadlineKind.RESOLVE), order)) == both[:1]
