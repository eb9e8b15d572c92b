"""What templates may say: each variable, what it holds, to whom it may be told, and which events give it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any

from contracts.events import EVENTS
from contracts.events.absences import AbsenceEvent
from contracts.events.harm import HarmEvent
from contracts.events.hours import HoursEvent
from contracts.events.people import PersonEvent
from contracts.events.pleas import PleaEvent
from contracts.events.rosters import RosterEvent
from contracts.words import Text
from services.notify.domain.grade import Grade


class Holds(StrEnum):
    """What a variable is."""

    TEXT = "text"
    TEXTS = "texts"
    """Several, for a loop or ``join``."""
    CODE = "code"
    """A coded word: the filter ``code`` says it in words."""
    NUMBER = "number"
    YES = "yes"
    """True, false, or not known."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """``sample`` is invented, for previews; of a list ``most``, of a text ``longest`` characters are said."""

    holds: Holds
    meaning: Text
    sample: Any
    grades: frozenset[Grade]
    most: int = 20
    longest: int = 200


_PEOPLE = frozenset({Grade.FULL, Grade.FAMILY, Grade.STAFF})
_GROUP = _PEOPLE | {Grade.GROUP}
_ALL = frozenset(Grade)
_ONE_ASKED = frozenset({Grade.FULL})


def _is(holds: Holds, zh: str, en: str, sample: Any, grades: frozenset[Grade] = _PEOPLE) -> Variable:
    return Variable(holds=holds, meaning=Text(zh, en), sample=sample, grades=grades)


VARIABLES: Mapping[str, Variable] = {
    "number": _is(Holds.TEXT, "编号", "the order's number", "SL-261121-0042", _ALL),
    "item": _is(Holds.TEXT, "服务项目", "what was ordered", {"zh": "换灯泡", "en": "Changing a bulb"}, _GROUP),
    "grid": _is(Holds.TEXT, "网格", "the grid", {"zh": "第一网格", "en": "the first grid"}, _GROUP),
    "urgency": _is(Holds.CODE, "紧急程度", "how urgent it is", "ordinary", _GROUP),
    "names": _is(Holds.TEXTS, "来的人自选的称呼", "chosen names of who comes", ["阿依古丽·买买提", "王师傅"]),
    "why": _is(
        Holds.TEXTS,
        "为什么请您",
        "why you are asked",
        [{"zh": "走路6分钟", "en": "6 minutes on foot"}, {"zh": "会水电小修", "en": "knows the trade"}],
        _ONE_ASKED,
    ),
    "teams": _is(Holds.TEXTS, "请来的单位", "departments that were called", [{"zh": "燃气公司", "en": "Gas company"}]),
    "together_with": _is(
        Holds.TEXT, "一起办的那一单的编号", "the number of the order it is done with", "SL-261121-0007"
    ),
    "reason_code": _is(Holds.CODE, "原因", "the reason", "papers_missing"),
    "reason": _is(Holds.CODE, "原因", "the reason", "busy"),
    "go_to": _is(Holds.CODE, "该找谁", "where to go instead", "gas_company"),
    "result": _is(Holds.CODE, "办理结果", "how it ended", "solved"),
    "explanation_code": _is(Holds.CODE, "为什么办不了", "why it cannot be done", "needs_budget"),
    "referred_to": _is(Holds.CODE, "转给谁了", "to whom it was referred", "water_company"),
    "next_answer_by": _is(Holds.TEXT, "哪天再答复", "the day of the next answer", "2026-12-01"),
    "kind": _is(Holds.CODE, "是什么", "which kind", "extension", _GROUP),
    "asked_as": _is(Holds.CODE, "谁申请的(角色)", "who asked, by role", "crew"),
    "decided_as": _is(Holds.CODE, "谁批的(角色)", "who decided, by role", "desk"),
    "local": _is(Holds.TEXT, "等到几时", "until when, as clocks show", "2026-11-25 12:00"),
    "step": _is(Holds.CODE, "到了哪一步", "which step", "sign_in", _GROUP),
    "papers": _is(Holds.TEXTS, "材料", "papers", [{"zh": "身份证(原件)", "en": "Identity card (original)"}]),
    "pictures": _is(Holds.TEXTS, "请补的照片", "pictures asked for", [{"zh": "灯泡", "en": "the bulb"}]),
    "at": _is(Holds.TEXT, "约在几时", "when the appointment is", "2026-11-23 10:00"),
    "where": _is(Holds.TEXT, "约在哪里", "where it is", {"zh": "社区窗口", "en": "the community's counter"}),
    "until": _is(Holds.TEXT, "有效到哪天", "until which day", "2027-11-21"),
    "day": _is(Holds.TEXT, "哪天", "the day", "2026-11-22", _GROUP),
    "hours": _is(Holds.TEXTS, "几点到几点", "from when to when", ["18:00-08:00"]),
    "role": _is(Holds.CODE, "什么班", "which shift", "duty_officer"),
    "minutes": _is(Holds.NUMBER, "几分钟", "how many minutes", 90),
    "walk": _is(Holds.NUMBER, "走路最多几分钟", "how many minutes on foot at most", 10, _ONE_ASKED),
    "before": _is(Holds.NUMBER, "原来几分钟", "how many minutes before", 60),
    "granted": _is(Holds.YES, "同意没有", "whether it was granted", True),
    "status": _is(Holds.CODE, "到哪一步", "how the order stands", "assigned"),
    "state": _is(Holds.CODE, "记没记下", "whether it stands", "stands"),
    "count": _is(Holds.NUMBER, "几条消息", "how many messages", 23, _GROUP),
    "left": _is(Holds.NUMBER, "还有几条没有列出", "how many of them are not listed", 3, _GROUP),
    "lines": Variable(
        holds=Holds.TEXTS,
        meaning=Text("攒到一起的消息,一条一行", "the messages that are told together, each in a line"),
        sample=[{"zh": "有人来帮您了:王师傅会来", "en": "Somebody comes to help: Mr Wang will come"}],
        grades=_GROUP,
        most=100,
        longest=1_200,
    ),
}
"""Adding one: a line here, and where it comes from below."""

_OF_ORDERS: Mapping[str, tuple[str, ...]] = {
    "number": ("snapshot.number",),
    "item": ("snapshot.item_name",),
    "grid": ("snapshot.area_path",),
    "urgency": ("snapshot.urgency",),
    "names": ("snapshot.holders",),
    "why": ("body.offers",),
    "walk": ("body.offers",),
    "teams": ("body.team", "body.teams"),
    "together_with": ("body.primary",),
    **{
        name: (f"body.{name}",)
        for name in (
            *("reason_code", "reason", "go_to", "result"),
            *("kind", "asked_as", "decided_as", "local", "step", "where", "at"),
        )
    },
    "status": ("snapshot.status",),
    "explanation_code": ("snapshot.particulars",),
    "referred_to": ("snapshot.particulars",),
    "next_answer_by": ("snapshot.particulars",),
    "papers": ("body.papers", "snapshot.counter"),
    "pictures": ("snapshot.pictures_asked",),
    "minutes": ("body.visit_minutes",),
}
_OF_OTHERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    PersonEvent.AGGREGATE: {"until": ("body.renew_by",), "reason": ("body.reason",)},
    HoursEvent.AGGREGATE: {
        "item": ("snapshot.item_name",),
        "minutes": ("snapshot.minutes",),
        "before": ("body.minutes_before",),
        "granted": ("body.granted",),
    },
    AbsenceEvent.AGGREGATE: {
        "number": ("snapshot.number",),
        "item": ("snapshot.item_name",),
        "kind": ("snapshot.kind",),
        "state": ("snapshot.state",),
    },
    RosterEvent.AGGREGATE: {
        "day": ("snapshot.day",),
        "hours": ("body.shift", "body.shifts"),
        "role": ("body.shift", "body.shifts"),
        "reason": ("body.reason",),
    },
    HarmEvent.AGGREGATE: {},
    PleaEvent.AGGREGATE: {},
}


@cache
def given_by(event_type: str) -> frozenset[str]:
    """The variables that an event of this type may give."""
    event = EVENTS[event_type]
    there = {f"body.{one.name}" for one in fields(event)} | {f"snapshot.{one.name}" for one in fields(event.SNAPSHOT)}
    sources = _OF_OTHERS.get(event.AGGREGATE, _OF_ORDERS)
    return frozenset(name for name, places in sources.items() if there.intersection(places))


def allowed_in(grade: Grade) -> frozenset[str]:
    """The variables that words of this grade may say."""
    return frozenset(name for name, variable in VARIABLES.items() if grade in variable.grades)


def samples(names: Iterable[str]) -> dict[str, Any]:
    """Invented values for a preview."""
    return {name: VARIABLES[name].sample for name in names}
