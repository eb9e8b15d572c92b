"""The questions of an item and the answers to them: what is asked, what is taken, what stays private."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.catalogue import CodedAnswer, GivenAnswer, PictureAsked, Question, QuestionKind
from contracts.errors import Invalid
from contracts.words import Text

LONGEST = 500
"""Letters of a typed answer, where the question names no bound of its own."""
EXACT = 2**53
"""So far a float tells whole numbers apart."""
_CHOSEN = frozenset({QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF})
_SLOT: Mapping[QuestionKind, str] = {
    QuestionKind.TEXT: "text",
    QuestionKind.NUMBER: "number",
    QuestionKind.DATE: "date",
    QuestionKind.ONE_OF: "choices",
    QuestionKind.SEVERAL_OF: "choices",
}


@dataclass(frozen=True, kw_only=True)
class TypedAnswer:
    """What is private of an answer, to be sealed: typed words, a number, a date, or choices that are nobody's."""

    question: str
    kind: QuestionKind
    value: str


@dataclass(frozen=True, kw_only=True)
class Answers:
    """All answers of an order; ``danger``: one of the choices means that a life may be at stake."""

    coded: tuple[CodedAnswer, ...] = ()
    typed: tuple[TypedAnswer, ...] = ()
    danger: bool = False

    @property
    def words(self) -> str:
        """Everything that was typed as text, for whoever looks for danger in it."""
        return "\n".join(one.value for one in self.typed if one.kind is QuestionKind.TEXT)


def read(questions: Sequence[Question], given: Sequence[GivenAnswer], today: date) -> Answers:
    """The answers, each checked; raises Invalid ``answers.<question>``. Whether some are missing is another question.

    An answer to no question of the item is refused by its place: its code is what somebody typed.
    """
    asked = {question.code: question for question in questions}
    coded: list[CodedAnswer] = []
    typed: list[TypedAnswer] = []
    danger = False
    for place, answer in enumerate(given):
        question = asked.pop(answer.question, None)
        if question is None:
            raise Invalid(
                "unknown-question",
                Text(zh="没有这个问题,或者答了两次", en="there is no such question, or it is answered twice"),
                field=f"answers.{place}.question",
            )
        _check_slot(question, answer)
        if question.kind in _CHOSEN:
            chosen = _chosen(question, answer.choices)
            danger = danger or any(one.danger for one in question.choices if one.code in chosen)
            if not question.sealed:
                coded.append(CodedAnswer(question=question.code, choices=chosen))
                continue
            value = ",".join(chosen)
        else:
            value = _typed(question, answer, today)
        typed.append(TypedAnswer(question=question.code, kind=question.kind, value=value))
    return Answers(coded=tuple(coded), typed=tuple(typed), danger=danger)


def must_be_complete(questions: Iterable[Question], answers: Answers) -> None:
    """Raises Invalid ``answers.<question>`` for the first required question without an answer; pictures follow."""
    answered = {one.question for one in answers.coded} | {one.question for one in answers.typed}
    for question in questions:
        needed = question.required and question.kind is not QuestionKind.PHOTO
        if needed and question.code not in answered:
            raise _wrong(question, "answer-needed", "请回答:", "please answer: ")


def pictures_asked(questions: Iterable[Question]) -> tuple[PictureAsked, ...]:
    """The pictures that an order is not whole without."""
    return tuple(
        PictureAsked(question=one.code, label=one.label)
        for one in questions
        if one.required and one.kind is QuestionKind.PHOTO
    )


def wrong_questions(questions: Sequence[Question]) -> Iterator[tuple[int, str, Text]]:
    """What is wrong with the questions of an item that is imported: place, field, sentence."""
    codes: set[str] = set()
    for place, question in enumerate(questions):
        if question.code in codes:
            yield place, "code", Text("重复了", "is used twice")
        codes.add(question.code)
        if (question.kind in _CHOSEN) != bool(question.choices):
            yield place, "choices", Text("选择题要有选项,别的题不能有", "only a question of choices has choices")
        if len({choice.code for choice in question.choices}) != len(question.choices):
            yield place, "choices", Text("选项编码重复了", "a code is used twice")
        if question.least is not None and question.most is not None and question.least > question.most:
            yield place, "least", Text("不能大于 most", "is above most")
        if any(word in f"{question.label.zh} {question.label.en}".casefold() for word in SECRETS):
            yield place, "label", Text("不能问密码、银行卡", "passwords and bank cards are never asked for")


SECRETS = ("密码", "银行卡", "验证码", "卡号", "password", "bank card", "card number", "cvv", "one-time code")
"""What no question of a community asks for (product, point 21)."""


def _check_slot(question: Question, answer: GivenAnswer) -> None:
    if question.kind is QuestionKind.PHOTO:
        raise _wrong(question, "answer-by-picture", "请在点单后上传照片:", "send a picture once it is ordered: ")
    given = {name for name in ("text", "number", "date") if getattr(answer, name) is not None}
    given |= {"choices"} if answer.choices else set()
    slot = _SLOT[question.kind]
    if given != {slot}:
        raise _wrong(question, "answer-of-another-kind", f"请只填 {slot}:", f"answer it by {slot} alone: ")


def _typed(question: Question, answer: GivenAnswer, today: date) -> str:
    if answer.number is not None:
        _must_be_within(question, answer.number)
        return _figure(answer.number)
    if answer.date is not None:
        day = _day(question, answer.date)
        _must_be_within(question, (day - today) / timedelta(days=1))
        return answer.date
    text = (answer.text or "").strip()
    if not text or len(text) > (question.most or LONGEST) or len(text) < (question.least or 0):
        raise _wrong(question, "answer-length", "长度不对:", "too short or too long: ")
    return text


def _figure(number: float) -> str:
    """As it was typed: 2.5, and 1234567 with every digit."""
    return str(int(number)) if number.is_integer() and abs(number) < EXACT else repr(number)


def _day(question: Question, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is not None and day.isoformat() == text:  # Python reads 2026-W47-6 and 20261121 as well
        return day
    raise _wrong(question, "no-date", "日期要写成 2026-11-21:", "a date is written 2026-11-21: ")


def _chosen(question: Question, codes: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(codes))
    if not {choice.code for choice in question.choices}.issuperset(chosen):
        raise _wrong(question, "unknown-choice", "没有这个选项:", "there is no such choice: ")
    if question.kind is QuestionKind.ONE_OF and len(chosen) > 1:
        raise _wrong(question, "one-only", "只能选一个:", "choose one only: ")
    if question.kind is QuestionKind.SEVERAL_OF:
        _must_be_within(question, len(chosen))
    return chosen


def _must_be_within(question: Question, figure: float) -> None:
    if (question.least is not None and figure < question.least) or (
        question.most is not None and figure > question.most
    ):
        raise _wrong(question, "out-of-bounds", "超出范围:", "out of bounds: ")


def _wrong(question: Question, code: str, zh: str, en: str) -> Invalid:
    sentence = Text(zh=f"{zh}{question.label.zh}", en=f"{en}{question.label.en}")
    return Invalid(code, sentence, field=f"answers.{question.code}")
