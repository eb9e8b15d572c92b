"""Languages: which words somebody reads, which way they run, and names and numbers that run the other way."""

import unicodedata

import pytest

from services.notify.adapters.coded_answers import OneTable
from services.notify.adapters.sandbox import Sandbox, rendered
from services.notify.adapters.words import InMemory, Words
from services.notify.domain.bidi import FSI, PDI, isolated, runs_left
from services.notify.domain.grade import Grade
from services.notify.domain.locales import best, canonical, direction
from services.notify.domain.sizes import sms_characters, sms_parts
from services.notify.domain.template import PACKAGED, TemplateVersion, Wording

AYGUL, MEMET = "ئايگۈل مەمەت", "阿依古丽·买买提"
UYGHUR = Wording(
    title="ياردەمچى كېلىدۇ",
    body="{{ names | join('، ') }} {{ item }} ئۈچۈن كېلىدۇ، نومۇرى {{ number }}.",
    sms="{{ names | join('، ') }} كېلىدۇ.",
)
CHINESE = Wording(title="有人来帮您了", body="{{ names | join('、') }}会来办「{{ item }}」({{ number }})。")
ENGLISH = Wording(title="Somebody comes", body="{{ names | join(', ') }} will come for {{ item }} ({{ number }}).")
COMES = TemplateVersion(
    community_id=PACKAGED,
    template="comes",
    version=1,
    grade=Grade.FULL,
    variables=("number", "item", "names"),
    required=("number",),
    texts={"zh-CN": CHINESE, "en": ENGLISH, "ug": UYGHUR},
)
WORDS = Words(InMemory({"comes": COMES}), OneTable({}))
PARAMS = {"number": "SL-261121-0042", "item": {"zh": "换灯泡", "en": "A bulb"}, "names": [MEMET, AYGUL, "Иван"]}


def read(locale: str) -> str:
    return WORDS.render("comes", locale, PARAMS).body


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ("ug", "ug"),
        ("ug-CN", "ug"),
        ("ug-Arab-CN", "ug"),
        ("UG-cn", "ug"),
        ("en-GB", "en"),
        ("zh", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("fr", "zh-CN"),
        ("fr,en;q", "zh-CN"),
        ("fr,en", "en"),
        ("kk, ug, en", "ug"),
        ("", "zh-CN"),
        ("*", "zh-CN"),
        ("../../etc", "zh-CN"),
    ],
)
def test_who_asks_for_a_language_reads_the_nearest_that_is_there(wanted: str, locale: str) -> None:
    assert best(wanted, COMES.texts) == locale


def test_without_words_of_their_language_somebody_reads_chinese() -> None:
    assert best("ug", {"zh-CN": 1, "en": 2}) == "zh-CN"


@pytest.mark.parametrize(
    ("tag", "written"),
    [("ZH-cn", "zh-CN"), ("ug-arab-cn", "ug-Arab-CN"), ("en", "en"), ("sl-rozaj-biske", "sl-rozaj-biske")],
)
def test_a_tag_is_written_one_way(tag: str, written: str) -> None:
    assert canonical(tag) == written


@pytest.mark.parametrize("tag", ["", "x", "zh_CN", "zh-", "中文", "a" * 9, "en-US-" + "x" * 40, "en\n", "zh.CN", "$gt"])
def test_what_is_no_tag_is_none(tag: str) -> None:
    assert canonical(tag) is None


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        ("ug", "rtl"),
        ("ug-CN", "rtl"),
        ("ug-Latn", "ltr"),
        ("ug-Cyrl", "ltr"),
        ("kk-CN", "rtl"),
        ("kk", "ltr"),
        ("kk-Arab", "rtl"),
        ("ar-EG", "rtl"),
        ("zh-CN", "ltr"),
        ("en", "ltr"),
    ],
)
def test_which_way_a_language_runs(tag: str, way: str) -> None:
    assert direction(tag) == way


def test_a_reader_is_told_which_way_the_words_run() -> None:
    shown = WORDS.render("comes", "ug-CN", PARAMS)
    assert (shown.locale, shown.dir) == ("ug", "rtl")
    assert (WORDS.render("comes", "en", PARAMS).dir) == "ltr"


def test_in_a_sentence_from_right_to_left_everything_put_in_is_isolated() -> None:
    text = read("ug")
    for put_in in ("SL-261121-0042", "换灯泡", MEMET, AYGUL, "Иван"):
        assert f"{FSI}{put_in}{PDI}" in text
    assert text.count(FSI) == text.count(PDI) == 5, "each once, and the list not once more"


def test_in_another_sentence_only_what_runs_from_right_to_left() -> None:
    text = read("zh-CN")
    assert f"{MEMET}、{FSI}{AYGUL}{PDI}、Иван会来办「换灯泡」(SL-261121-0042)。" == text
    assert read("en").count(FSI) == 1


def test_without_such_names_no_invisible_letter_is_paid_for() -> None:
    shown = WORDS.render("comes", "zh-CN", {**PARAMS, "names": [MEMET]}).body
    assert all(unicodedata.category(letter) != "Cf" for letter in shown)


def test_marks_in_a_name_do_not_reach_around_it() -> None:
    turned = f"\u202e{AYGUL}"
    text = str(isolated(turned, "rtl"))
    assert (text[0], text[-1]) == (FSI, PDI)


@pytest.mark.parametrize("name", ["马迪娜·阿德力", "Иван", "O'Neill", "王"])
def test_names_of_any_letters_stay_as_they_are(name: str) -> None:
    assert str(isolated(name, "ltr")) == name
    assert not runs_left(name)


@pytest.mark.parametrize(
    ("text", "characters", "parts"),
    [
        ("字" * 70, 70, 1),
        ("字" * 71, 71, 2),
        ("字" * 134, 134, 2),
        ("字" * 135, 135, 3),
        ("😀" * 36, 72, 2),
        ("", 0, 1),
    ],
)
def test_an_sms_is_counted_as_networks_count(text: str, characters: int, parts: int) -> None:
    assert (sms_characters(text), sms_parts(text)) == (characters, parts)


def test_codes_without_words_in_a_language_are_said_in_chinese() -> None:
    sandbox = Sandbox({"busy": {"zh": "忙", "en": "busy"}})
    values = sandbox.values(["reason"], {"reason": "busy"}, "ug")
    assert rendered(sandbox.compiled("{{ reason | code }}", "ug"), values) == f"{FSI}忙{PDI}"
