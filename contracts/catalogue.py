"""What an item of the catalogue asks, wants to see and allows (design, section 2): value types of one version."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.words import ResultCode, Text


class QuestionKind(StrEnum):
    """How a question is answered. A picture is sent after the order, so no order ever waits for one."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    PHOTO = "photo"


class WhoComes(StrEnum):
    """Who has to be at the counter for a business."""

    ANYBODY = "anybody"
    IN_PERSON = "in_person"
    OR_PROXY = "or_proxy"
    """The person themselves, or somebody with their mandate slip."""


class Weekday(StrEnum):
    """A day of the week, as a calendar abbreviates it."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Evidence(StrEnum):
    """What shows that the work was done."""

    PHOTOS = "photos"
    """The thing before and after."""
    THING_PHOTO = "thing_photo"
    CASH_SLIP = "cash_slip"
    DOOR_WORD = "door_word"
    SIGNATURE = "signature"
    COUNT = "count"
    LOG = "log"
    NONE = "none"


class NoEvidence(StrEnum):
    """Why there is none although the item asks for it: nobody is made to be photographed, or to sign."""

    DECLINED = "declined"
    """The person served did not want it."""
    UNSAFE = "unsafe"
    NOT_POSSIBLE = "not_possible"
    """It was dark, the telephone was empty, the thing was gone."""
    NO_CASH = "no_cash"
    """No money passed through anybody's hands."""


class Fact(StrEnum):
    """A fact of the care list on which an item may depend. Staff look it up; no member is told of it."""

    AGE_60 = "age_60"
    AGE_80 = "age_80"
    IMMOBILE = "immobile"
    BEDRIDDEN = "bedridden"
    LIVES_ALONE = "lives_alone"
    DISABLED = "disabled"
    LOW_INCOME = "low_income"
    CHILD_IN_NEED = "child_in_need"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer of several; ``danger``: who gives it may be in danger of their life."""

    code: str
    name: Text
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked with an order.

    ``least`` and ``most`` bound a number, the days from today of a date, the length of a text, how many of several.
    ``sealed``: a choice, too, is private (health, hardship, diet); what was typed always is. A ``required`` picture
    follows the order: nobody is refused for want of a camera, the order says what is missing until it is there.
    """

    code: str
    kind: QuestionKind
    label: Text
    required: bool = False
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    sealed: bool = False


@dataclass(frozen=True, kw_only=True)
class PictureAsked:
    """A picture that has to be sent with an order, under the code of its question."""

    question: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Material:
    """One paper to bring: the original, so many copies; ``form``: it is filled in at the counter, nobody brings it."""

    code: str
    name: Text
    original: bool = True
    copies: int = 0
    form: bool = False


@dataclass(frozen=True, kw_only=True)
class Business:
    """One of the many affairs a counter item stands for: its papers, who has to come, how long it takes."""

    code: str
    name: Text
    origin: str | None = None
    materials: tuple[Material, ...] = ()
    who_comes: WhoComes = WhoComes.OR_PROXY
    working_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A stretch of the week, of a season where ``first`` and ``last`` name one; local time of the community.

    ``days`` empty: every day. ``start`` and ``end`` are "HH:MM", "24:00" the end of the day; ``first`` and ``last``
    are "MM-DD", both within it, and a season may go over the new year.
    """

    days: tuple[Weekday, ...] = ()
    start: str = "00:00"
    end: str = "24:00"
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, kw_only=True)
class Eligibility:
    """For whom an item is: any one of the facts. Staff check it before it is accepted; no member is shown it."""

    rule: Text
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class EndRule:
    """How an order of an item may end: with which results (empty: any), and what has to show the work.

    ``must_show``: without that evidence, or a reason for its absence, nothing is solved, not even in part.
    """

    results: tuple[ResultCode, ...] = ()
    evidence: Evidence = Evidence.NONE
    must_show: bool = False


ANY_END = EndRule()
"""No rule."""


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """An answer as it comes with an order: the one of the four that the question asks for.

    ``date`` is "YYYY-MM-DD"; ``choices`` are codes, one of them for ``one_of``.
    """

    question: str
    text: str | None = None
    number: float | None = None
    date: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CodedAnswer:
    """What everybody may know of an answer: the codes that were chosen. What was typed is private."""

    question: str
    choices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """When the person would like it; ``until`` None: at that moment, or as soon after as may be."""

    start: datetime
    until: datetime | None = None
