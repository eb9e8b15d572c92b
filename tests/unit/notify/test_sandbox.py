"""Words from strangers: what a template may not do, each in the line where it stands; and what it may."""

import pytest

from services.notify.adapters.sandbox import MOST_RENDERED, Sandbox, TooLong, rendered
from services.notify.domain.variables import VARIABLES, Variable, samples

CODES = {"busy": {"zh": "人手都在别处", "en": "all hands are elsewhere"}}
SANDBOX = Sandbox(CODES)
KINDS = {name: variable.holds for name, variable in VARIABLES.items()}
LOOP = "{% for a in why %}{{ a }}{% endfor %}"

HOSTILE = [
    ("{{ number", "broken-template"),
    ("{% if number %}", "broken-template"),
    ("{% nothing %}", "broken-template"),
    ("{{ number | }}", "broken-template"),
    ("{{ " + "(" * 400 + "1" + ")" * 400 + " }}", "broken-template"),
    ("{{ phone }}", "unknown-variable"),
    ("{{ self }}", "unknown-variable"),
    ("{{ config }}", "unknown-variable"),
    ("{{ request.environ }}", "not-allowed"),
    ("{{ number.__class__.__mro__ }}", "not-allowed"),
    ("{{ ''.__class__ }}", "not-allowed"),
    ("{{ number['__class__'] }}", "not-allowed"),
    ("{{ names[0] }}", "not-allowed"),
    ("{{ number.upper() }}", "not-allowed"),
    ("{{ range(9) }}", "not-allowed"),
    ("{{ cycler('a') }}", "not-allowed"),
    ("{{ joiner() }}", "not-allowed"),
    ("{{ namespace(a=1) }}", "not-allowed"),
    ("{{ lipsum() }}", "not-allowed"),
    ("{{ dict(a=1) }}", "not-allowed"),
    ("{{ 9**9**9 }}", "not-allowed"),
    ("{{ 'a' * 999999999 }}", "not-allowed"),
    ("{{ 1/0 }}", "not-allowed"),
    ("{{ '%s' % number }}", "not-allowed"),
    ("{{ number ~ number }}", "not-allowed"),
    ("{{ -minutes }}", "not-allowed"),
    ("{{ minutes < 5 }}", "not-allowed"),
    ("{{ number in names }}", "not-allowed"),
    ("{{ {'a': 1} }}", "not-allowed"),
    ("{{ (1, 2) }}", "not-allowed"),
    ("{{ [number] | join }}", "not-allowed"),
    ("{{ number | attr('__class__') }}", "unknown-filter"),
    ("{{ names | map('upper') | join }}", "unknown-filter"),
    ("{{ number | safe }}", "unknown-filter"),
    ("{{ number | format }}", "unknown-filter"),
    ("{{ names | join('、' * 9) }}", "not-allowed"),
    ("{{ names | join(number) }}", "not-allowed"),
    ("{{ names | join('0123456789ab') }}", "not-allowed"),
    ("{{ names | join(d='、') }}", "not-allowed"),
    ("{{ names | join(*names) }}", "not-allowed"),
    ("{{ number is sameas(number) }}", "unknown-filter"),
    ("{{ number is divisibleby(2) }}", "unknown-filter"),
    ("{% filter upper %}a{% endfilter %}", "not-allowed"),
    ("{% set a = number %}", "not-allowed"),
    ("{% set number = 'SL-1' %}{{ number }}", "not-allowed"),
    ("{% macro a() %}{% endmacro %}", "not-allowed"),
    ("{% call number() %}{% endcall %}", "not-allowed"),
    ("{% include 'rules.yaml' %}", "not-allowed"),
    ("{% import 'a' as b %}", "not-allowed"),
    ("{% from 'a' import b %}", "not-allowed"),
    ("{% extends 'a' %}", "not-allowed"),
    ("{% block a %}{% endblock %}", "not-allowed"),
    ("{% with a = 1 %}{{ a }}{% endwith %}", "not-allowed"),
    ("{% autoescape true %}a{% endautoescape %}", "not-allowed"),
    ("{% for a in number %}{{ a }}{% endfor %}", "not-a-list"),
    ("{% for a in [1, 2] %}{{ a }}{% endfor %}", "not-a-list"),
    ("{% for a in range(999999999) %}x{% endfor %}", "not-a-list"),
    ("{% for a, b in why %}{{ a }}{% endfor %}", "not-allowed"),
    ("{% for number in why %}{{ number }}{% endfor %}", "not-allowed"),
    ("{% for loop in why %}{{ loop }}{% endfor %}", "not-allowed"),
    ("{% for a in why recursive %}{{ a }}{% endfor %}", "not-allowed"),
    ("{% for a in why if a %}{{ a }}{% endfor %}", "not-allowed"),
    ("{% for a in why %}{% for b in why %}x{% endfor %}{% endfor %}", "too-many-loops"),
    (LOOP * 5, "too-many-loops"),
    ("{{ loop.last }}", "not-allowed"),
    ("{% for a in why %}{{ loop.cycle('a', 'b') }}{% endfor %}", "not-allowed"),
    ("{% for a in why %}{{ loop.__class__ }}{% endfor %}", "not-allowed"),
    ("{% for a in why %}{{ a.zh }}{% endfor %}", "not-allowed"),
    ("{% if number %}" * 14 + "x" + "{% endif %}" * 14, "too-nested"),
    ("{{ not " + "not " * 14 + "number }}", "too-nested"),
]

ALLOWED = [
    ("编号 {{ number }}", "编号 SL-261121-0042"),
    ("{{ names | join('、') }}来", "阿依古丽·买买提、王师傅来"),
    ("{{ reason | code }}", "人手都在别处"),
    ("{{ kind | code }}", "extension"),
    ("{% if papers %}带{{ papers | join(';') }}{% endif %}", "带身份证(原件)"),
    ("{{ (hours or []) | join('、') }}", "18:00-08:00"),
    ("{{ '是' if granted is true else '否' }}", "是"),
    ("{% if state == 'stands' %}记{% else %}不记{% endif %}", "记"),
    (
        "{% for one in why %}{{ loop.index }}{{ one }}{% if not loop.last %}、{% endif %}{% endfor %}",
        "1走路6分钟、2会水电小修",
    ),
    ("{# 给编辑看的话 #}{{ item | name }}", "换灯泡"),
    ("<b>{{ number }}</b>", "<b>SL-261121-0042</b>"),
]


@pytest.mark.parametrize(("source", "code"), HOSTILE, ids=lambda part: part[:40])
def test_what_a_template_may_not_do_is_named(source: str, code: str) -> None:
    assert code in [mistake.code for mistake in SANDBOX.mistakes(source, KINDS)]


def test_the_line_is_named() -> None:
    found = list(SANDBOX.mistakes("一\n{{ phone }}\n\n{{ number.x }}", KINDS))
    assert [(mistake.code, mistake.line) for mistake in found] == [("unknown-variable", 2), ("not-allowed", 4)]
    (broken,) = SANDBOX.mistakes("一\n二\n{{ number", KINDS)
    assert broken.line == 3


@pytest.mark.parametrize(("source", "text"), ALLOWED, ids=lambda part: part[:40])
def test_what_a_template_may_do(source: str, text: str) -> None:
    assert list(SANDBOX.mistakes(source, KINDS)) == []
    values = SANDBOX.values(KINDS, samples(KINDS), "zh-CN")
    assert rendered(SANDBOX.compiled(source, "zh-CN"), values) == text


@pytest.mark.parametrize("source", [source for source, _ in ALLOWED], ids=lambda source: source[:40])
@pytest.mark.parametrize("locale", ["zh-CN", "ug"])
def test_an_event_that_gives_nothing_is_no_error_of_who_reads(source: str, locale: str) -> None:
    rendered(SANDBOX.compiled(source, locale), SANDBOX.values(KINDS, {}, locale))


@pytest.mark.parametrize("odd", [True, 7, "text", ["a", None, 3], {"zh": "只有中文"}, {}, None])
def test_nor_is_one_that_gives_something_else(odd: object) -> None:
    for source, _ in ALLOWED:
        values = SANDBOX.values(KINDS, dict.fromkeys(KINDS, odd), "en")
        rendered(SANDBOX.compiled(source, "en"), values)


def test_values_are_not_read_as_templates() -> None:
    values = SANDBOX.values(["item"], {"item": {"zh": "{{ 7 * 7 }}"}}, "zh-CN")
    assert rendered(SANDBOX.compiled("{{ item }}", "zh-CN"), values) == "{{ 7 * 7 }}"


def test_what_is_put_in_is_bounded_and_so_is_what_comes_out() -> None:
    many = SANDBOX.values(["names", "number"], {"names": ["名"] * 99, "number": "9" * 5_000}, "zh-CN")
    assert len(many["names"]) == Variable.most
    assert len(many["number"]) == Variable.longest + 1
    long = SANDBOX.compiled("字" * 300 + "{% for one in names %}" + "字" * 300 + "{% endfor %}", "zh-CN")
    with pytest.raises(TooLong) as refusal:
        rendered(long, many)
    assert len(refusal.value.text) == MOST_RENDERED


def test_every_variable_has_a_sample_and_words_for_people() -> None:
    for name, variable in VARIABLES.items():
        assert variable.meaning.zh, name
        assert variable.meaning.en, name
        assert variable.sample is not None, name
