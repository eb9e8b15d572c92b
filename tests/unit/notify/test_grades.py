"""Content by audience: every template that comes with the platform, put together from a sample of every event."""

import json
import re

import pytest

from contracts.events import EVENTS
from contracts.schemas.wire import read_event
from services.notify.adapters.coded_answers import OneTable
from services.notify.adapters.packaged import read_words
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import InMemory, Words
from services.notify.domain.audience import TELL_NOBODY, Audience
from services.notify.domain.grade import GRADE_OF, Grade, least, masked, may_read
from services.notify.domain.params import params_of
from services.notify.domain.sizes import sms_characters
from services.notify.domain.template import Form
from services.notify.domain.variables import VARIABLES, allowed_in, given_by
from tests.builders import every_sample

RULES = read_rules()
TEMPLATES, CODES = read_words(RULES)
WORDS = Words(InMemory(TEMPLATES), OneTable(CODES))
SAMPLES = {type_: read_event(envelope.to_wire()) for type_, envelope in every_sample().items()}
TOLD = [rule for rule in RULES if rule.template is not None]
NAME, MEMBER, WHY = "库尔班江·测试", "m-canary-7", "走路4242分钟"
"""Marks of what is somebody's: a name, an id, why it is them."""
SIGNED = 8
"""Characters of an SMS that the provider puts before it: the community's name in brackets."""
LONG_ENOUGH = 62


def marked(params: dict) -> dict:
    """The same, with a mark wherever something is of somebody."""
    of_people = {"names": [NAME], "member_ids": [MEMBER], "why": [{"zh": WHY, "en": WHY}]}
    return params | of_people


def test_every_audience_has_its_grade() -> None:
    assert set(GRADE_OF) | TELL_NOBODY == set(Audience) | TELL_NOBODY


@pytest.mark.parametrize("event_type", sorted({rule.event for rule in RULES}))
def test_an_event_gives_no_variable_that_it_is_not_said_to_give(event_type: str) -> None:
    given = set(params_of(SAMPLES[event_type], "member:nobody")) - {"member_ids"}
    assert given <= given_by(event_type)
    assert given_by(event_type) <= VARIABLES.keys()


@pytest.mark.parametrize("rule", TOLD, ids=lambda rule: rule.id)
def test_words_say_no_more_than_their_readers_may_know(rule) -> None:
    template = TEMPLATES[rule.template]
    assert may_read(GRADE_OF[rule.audience], template.grade)
    assert set(template.variables) <= allowed_in(template.grade)
    reminded = {"minutes"} if rule.before else set()
    assert set(template.variables) <= given_by(rule.event) | reminded


@pytest.mark.parametrize("rule", [rule for rule in TOLD if rule.group], ids=lambda rule: rule.id)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_group_hears_of_nobody(rule, locale: str) -> None:
    params = masked(marked(params_of(SAMPLES[rule.event], "member:nobody")), allowed_in(Grade.GROUP))
    shown = WORDS.render(rule.template, locale, params, form=Form.GROUP)
    text = f"{shown.title} {shown.body}"
    for mark in (NAME, MEMBER, WHY):
        assert mark not in text
    assert re.search(r"[((]\s*[))]", text) is None, "nor of a place where somebody was"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_what_is_written_for_a_group_cannot_name_anybody_whatever_it_is_given(name: str) -> None:
    everything = marked({variable: what.sample for variable, what in VARIABLES.items()})
    for locale, words in TEMPLATES[name].texts.items():
        if words.group is not None:
            shown = WORDS.render(name, locale, everything, form=Form.GROUP)
            assert NAME not in f"{shown.title}{shown.body}"


@pytest.mark.parametrize(
    "rule", [rule for rule in TOLD if GRADE_OF[rule.audience] is not Grade.FULL], ids=lambda r: r.id
)
def test_nobody_else_reads_why_somebody_was_asked(rule) -> None:
    shown = WORDS.render(rule.template, "zh-CN", marked(params_of(SAMPLES[rule.event], "member:nobody")))
    assert WHY not in shown.title + shown.body


@pytest.mark.parametrize("rule", TOLD, ids=lambda rule: rule.id)
@pytest.mark.parametrize("form", list(Form))
def test_every_rule_can_be_told_of_a_sample_of_its_event(rule, form: Form) -> None:
    params = params_of(SAMPLES[rule.event], "member:nobody")
    for locale in ("zh-CN", "en", "ug"):
        shown = WORDS.render(rule.template, locale, params, form=form)
        assert shown.title
        words = TEMPLATES[rule.template].texts["en" if locale == "en" else "zh-CN"]
        said = form is not Form.GROUP or words.group is not None
        assert bool(shown.body) is said, "a group reads no body that was written for whoever is told"
        assert "{" not in shown.title + shown.body


@pytest.mark.parametrize("rule", [rule for rule in TOLD if rule.reach is not None], ids=lambda rule: rule.id)
def test_what_goes_out_fits_into_one_sms(rule) -> None:
    values = {name: VARIABLES[name].sample for name in TEMPLATES[rule.template].variables}
    shown = WORDS.render(rule.template, "zh-CN", values, form=Form.SMS)
    assert sms_characters(shown.body) + SIGNED <= 70, shown.body


def test_who_reads_least_decides() -> None:
    assert least([Grade.FULL, Grade.STAFF, Grade.FAMILY]) is Grade.STAFF
    assert not may_read(Grade.GROUP, Grade.STAFF)
    assert not may_read(Grade.STAFF, Grade.FULL)
    assert may_read(Grade.FULL, Grade.FAMILY)
    assert allowed_in(Grade.THIN) < allowed_in(Grade.GROUP) < allowed_in(Grade.STAFF) < allowed_in(Grade.FULL)


def test_nothing_private_is_a_variable_at_all() -> None:
    private = {
        "phone",
        "address",
        "name",
        "description",
        "door_word",
        "words",
        "building",
        "comment",
        "openid",
        "email",
    }
    assert private.isdisjoint(VARIABLES)
    assert json.dumps([variable.sample for variable in VARIABLES.values()])
    assert set(EVENTS) >= {rule.event for rule in RULES}
