"""Words that somebody saved: everything that is wrong with them is named by its field."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.adapters.sandbox import Sandbox
from services.notify.adapters.word_checks import LONGEST, MOST_LOCALES, WordChecks
from services.notify.domain.grade import Grade
from services.notify.domain.template import PACKAGED, TemplateVersion, Wording

CHECKS = WordChecks(Sandbox({}))
ZH = Wording(title="有人来帮您了", body="{{ names | join('、') }}会来办「{{ item }}」({{ number }})。")
EN = Wording(title="Somebody comes", body="{{ names | join(', ') }} will come for {{ item }} ({{ number }}).")
UG = Wording(title="ياردەمچى كېلىدۇ", body="{{ names | join('، ') }} كېلىدۇ، نومۇرى {{ number }}.")
GOOD = TemplateVersion(
    community_id=PACKAGED,
    template="somebody-comes",
    version=1,
    grade=Grade.FAMILY,
    variables=("number", "item", "names"),
    required=("number",),
    texts={"zh-CN": ZH, "en": EN},
)


def wrong(version: TemplateVersion) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in CHECKS.problems(version)]


def with_words(locale: str = "zh-CN", **parts: Any) -> TemplateVersion:
    return replace(GOOD, texts={**GOOD.texts, locale: replace(GOOD.texts.get(locale, UG), **parts)})


def test_good_words_are_good_in_every_language() -> None:
    assert wrong(GOOD) == []
    assert wrong(replace(GOOD, texts={**GOOD.texts, "ug": UG})) == []


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_both_languages_are_needed(locale: str) -> None:
    texts = {name: words for name, words in GOOD.texts.items() if name != locale}
    assert wrong(replace(GOOD, texts=texts)) == [(f"texts.{locale}", "locale-missing")]


@pytest.mark.parametrize("locale", ["UG", "ug_CN", "xx-", "$gt", "中文", "a.b"])
def test_a_language_is_written_as_its_tag(locale: str) -> None:
    assert (f"texts.{locale}", "unknown-locale") in wrong(replace(GOOD, texts={**GOOD.texts, locale: UG}))


def test_there_are_not_endlessly_many_languages() -> None:
    more = {f"a{chr(97 + place)}": UG for place in range(MOST_LOCALES)}
    assert wrong(replace(GOOD, texts={**GOOD.texts, **more})) == [("texts", "too-long")]


@pytest.mark.parametrize(
    ("part", "words", "code"),
    [
        ("body", "{{ number", "broken-template"),
        ("body", "{{ number }}{{ phone }}", "unknown-variable"),
        ("body", "{{ number }}{{ why }}", "unknown-variable"),
        ("body", "{{ number | upper }}", "unknown-filter"),
        ("body", "{{ number.upper() }}", "not-allowed"),
        ("body", "有人来", "variable-missing"),
        ("body", "", "empty"),
        ("body", " \n", "empty"),
        ("title", "", "empty"),
        ("body", "{{ number }}" + "字" * LONGEST["body"], "too-long"),
        ("title", "字" * 61, "too-long"),
        ("sms", "字" * 269, "too-long"),
        ("group", "字" * 683, "too-long"),
        ("body", "{{ number }}\u202e反", "control-characters"),
        ("body", "{{ number }}\u2066", None),
        ("body", "{{ number }}\x07", "control-characters"),
        ("body", "{{ number }}\u200b", "control-characters"),
        ("title", "\u202dabc", "control-characters"),
        ("body", "{{ number }}打 13800138000", "private-content"),
        ("body", "{{ number }}证件 11010119900307123X", "private-content"),
        ("body", "{{ number }}打 0991-123-4567", None),
        ("body", "{{ number }}有生命危险打 120 / 119 / 110", None),
    ],
)
def test_what_is_wrong_is_named_by_its_field(part: str, words: str, code: str | None) -> None:
    expected = [] if code is None else [(f"texts.zh-CN.{part}", code)]
    assert wrong(with_words(**{part: words})) == expected


def test_the_line_stands_in_the_sentence() -> None:
    (problem,) = CHECKS.problems(with_words(body="{{ number }}\n{{ item }}\n{{ phone }}"))
    assert problem.sentence.zh.startswith("第 3 行")
    assert problem.sentence.en.startswith("line 3")


def test_every_language_is_looked_at() -> None:
    assert wrong(with_words("en", body="{{ number }}{{ phone }}")) == [("texts.en.body", "unknown-variable")]
    assert wrong(with_words("ug", body="{{ names | join }}")) == [("texts.ug.body", "variable-missing")]


def test_a_group_names_nobody_and_its_title_neither() -> None:
    assert wrong(with_words(group="{{ number }}「{{ item }}」")) == []
    assert wrong(with_words(group="{{ names | join('、') }}")) == [("texts.zh-CN.group", "unknown-variable")]
    named = with_words(title="{{ names | join('、') }}来了", group="{{ number }}")
    assert wrong(named) == [("texts.zh-CN.title", "unknown-variable")]


def test_words_say_no_more_than_their_grade_may() -> None:
    assert wrong(replace(GOOD, variables=(*GOOD.variables, "why"))) == [("variables", "says-too-much")]
    group = replace(GOOD, grade=Grade.GROUP)
    assert ("variables", "says-too-much") in wrong(group)
    assert ("texts.zh-CN.body", "unknown-variable") in wrong(group)


def test_what_grows_with_its_values_is_measured_with_them() -> None:
    loops = "{% for one in names %}" + "字" * 300 + "{% endfor %}"
    assert wrong(with_words(sms=loops)) == [("texts.zh-CN.sms", "too-long")]
