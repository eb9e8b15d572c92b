"""Questions of an item: which answers are taken, which are private, and what a wrong one is told."""

from datetime import date
from typing import Any

import pytest

from contracts.catalogue import Choice, CodedAnswer, GivenAnswer, PictureAsked, Question, QuestionKind
from contracts.errors import Invalid
from contracts.words import Text
from services.tickets.domain import questions
from services.tickets.domain.questions import Answers

TODAY = date(2026, 11, 21)
LABEL = Text("哪一样", "which one")
TAP = Choice(code="tap", name=Text("龙头", "tap"))
SPARKS = Choice(code="sparks", name=Text("冒火花", "sparks"), danger=True)


def a_question(kind: QuestionKind = QuestionKind.TEXT, **changes: Any) -> Question:
    chosen = kind in (QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF)
    return Question(
        **{"code": "what", "kind": kind, "label": LABEL, "choices": (TAP, SPARKS) if chosen else ()} | changes
    )


def read(question: Question, **given: Any) -> Answers:
    return questions.read((question,), (GivenAnswer(**{"question": "what"} | given),), TODAY)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (QuestionKind.TEXT, {"text": " 厨房那个 "}, "厨房那个"),
        (QuestionKind.NUMBER, {"number": 3.0}, "3"),
        (QuestionKind.NUMBER, {"number": 2.5}, "2.5"),
        (QuestionKind.NUMBER, {"number": 13800001234.0}, "13800001234"),
        (QuestionKind.NUMBER, {"number": 1e300}, "1e+300"),
        (QuestionKind.DATE, {"date": "2026-12-01"}, "2026-12-01"),
    ],
)
def test_what_is_typed_is_private(kind: QuestionKind, given: dict[str, Any], kept: str) -> None:
    answers = read(a_question(kind), **given)
    assert answers.coded == ()
    assert [(one.question, one.kind, one.value) for one in answers.typed] == [("what", kind, kept)]


def test_a_choice_is_everybodys_to_know_unless_the_item_says_otherwise() -> None:
    answers = read(a_question(QuestionKind.SEVERAL_OF), choices=("sparks", "tap", "sparks"))
    assert answers.coded == (CodedAnswer(question="what", choices=("sparks", "tap")),)
    assert answers.typed == ()
    sealed = read(a_question(QuestionKind.ONE_OF, sealed=True), choices=("tap",))
    assert sealed.coded == ()
    assert [one.value for one in sealed.typed] == ["tap"]


def test_a_choice_may_mean_danger_also_where_it_is_private() -> None:
    for sealed in (False, True):
        assert read(a_question(QuestionKind.ONE_OF, sealed=sealed), choices=("sparks",)).danger
        assert not read(a_question(QuestionKind.ONE_OF, sealed=sealed), choices=("tap",)).danger


@pytest.mark.parametrize(
    ("question", "given", "code"),
    [
        (a_question(), {"number": 1.0}, "answer-of-another-kind"),
        (a_question(), {}, "answer-of-another-kind"),
        (a_question(), {"text": "好", "choices": ("tap",)}, "answer-of-another-kind"),
        (a_question(), {"text": "  "}, "answer-length"),
        (a_question(), {"text": "好" * 501}, "answer-length"),
        (a_question(most=3), {"text": "好好好好"}, "answer-length"),
        (a_question(QuestionKind.NUMBER, least=1, most=5), {"number": 0.0}, "out-of-bounds"),
        (a_question(QuestionKind.NUMBER, least=1, most=5), {"number": 6.0}, "out-of-bounds"),
        (a_question(QuestionKind.DATE), {"date": "2026-02-30"}, "no-date"),
        (a_question(QuestionKind.DATE), {"date": "20261201"}, "no-date"),
        (a_question(QuestionKind.DATE), {"date": "2026-W49-2"}, "no-date"),
        (a_question(QuestionKind.DATE, least=0), {"date": "2026-11-20"}, "out-of-bounds"),
        (a_question(QuestionKind.DATE, most=30), {"date": "2027-01-01"}, "out-of-bounds"),
        (a_question(QuestionKind.ONE_OF), {"choices": ("lamp",)}, "unknown-choice"),
        (a_question(QuestionKind.ONE_OF), {"choices": ("tap", "sparks")}, "one-only"),
        (a_question(QuestionKind.SEVERAL_OF, most=1), {"choices": ("tap", "sparks")}, "out-of-bounds"),
        (a_question(QuestionKind.PHOTO), {"text": "见图"}, "answer-by-picture"),
    ],
)
def test_a_wrong_answer_names_its_question(question: Question, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(question, **given)
    assert (refused.value.code, refused.value.field) == (code, "answers.what")
    assert LABEL.zh in refused.value.sentence.zh
    assert LABEL.en in refused.value.sentence.en


def test_an_answer_to_nothing_is_named_by_its_place_since_its_code_is_what_somebody_typed() -> None:
    given = (GivenAnswer(question="what", text="好"), GivenAnswer(question="张三的电话", text="好"))
    for wrong in (given, (given[0], given[0])):
        with pytest.raises(Invalid) as refused:
            questions.read((a_question(),), wrong, TODAY)
        assert refused.value.field == "answers.1.question"
        assert "张三" not in str(refused.value)


def test_what_is_required_is_missed_and_what_is_not_is_not() -> None:
    asked = (a_question(), a_question(QuestionKind.ONE_OF, code="which", required=True))
    with pytest.raises(Invalid) as refused:
        questions.must_be_complete(asked, read(a_question(), text="好"))
    assert (refused.value.code, refused.value.field) == ("answer-needed", "answers.which")
    for sealed in (False, True):
        which = a_question(QuestionKind.ONE_OF, code="which", required=True, sealed=sealed)
        questions.must_be_complete(
            (which,), questions.read((which,), (GivenAnswer(question="which", choices=("tap",)),), TODAY)
        )


def test_a_required_picture_follows_the_order() -> None:
    photo = a_question(QuestionKind.PHOTO, code="photo", required=True)
    may_be, which = a_question(QuestionKind.PHOTO, code="more"), a_question(code="which", required=True)
    asked = (photo, may_be, which)
    questions.must_be_complete(asked, questions.read(asked, (GivenAnswer(question="which", text="龙头"),), TODAY))
    assert questions.pictures_asked(asked) == (PictureAsked(question="photo", label=LABEL),)
    assert not list(questions.wrong_questions(asked))


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (a_question(QuestionKind.ONE_OF, choices=()), "choices"),
        (a_question(choices=(TAP,)), "choices"),
        (a_question(QuestionKind.ONE_OF, choices=(TAP, TAP)), "choices"),
        (a_question(QuestionKind.NUMBER, least=2, most=1), "least"),
        (a_question(label=Text("银行卡号", "which card")), "label"),
        (a_question(label=Text("怎么进", "your Password")), "label"),
    ],
)
def test_a_question_that_is_wrong_is_not_imported(question: Question, field: str) -> None:
    assert [(place, wrong) for place, wrong, _ in questions.wrong_questions((question,))] == [(0, field)]


def test_the_codes_of_questions_differ() -> None:
    assert [(place, wrong) for place, wrong, _ in questions.wrong_questions((a_question(), a_question()))] == [
        (1, "code")
    ]
