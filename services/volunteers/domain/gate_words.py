"""What staff are told of the gates, in sentences: how many each stopped, and why in the end nobody was left.

They speak of numbers alone. Those who were stopped are never named, nor is it said who said no to whom.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.terms import SkillNeed
from contracts.words import Text
from services.volunteers.domain.gates import GATES
from services.volunteers.domain.team_choice import TEAM_ASKED, TEAM_ELSEWHERE, TEAM_TOO_FEW


@dataclass(frozen=True)
class Words:
    """``stopped`` follows a number; ``nobody`` is said where this gate stopped the last, after {who} passed all others.

    ``passed`` describes those who passed it, where that tells something.
    """

    stopped: Text
    nobody: Text
    passed: Text | None = None


_FOR_OTHERS = Words(
    Text("人不办这一类单,或要回避", "do other work, or have to keep out of it"),
    Text("没有可以办这一单的人", "nobody here may do this work"),
)
_MINOR = Words(
    Text("人未满18岁,这一单不能去", "are under 18 and cannot go"),
    Text("{who}里没有可以去的成年人", "no grown-ups are left among {who}"),
)

WORDS: Mapping[str, Words] = {
    "conflict": _FOR_OTHERS,
    "who_may": _FOR_OTHERS,
    "not_serving": Words(Text("人已经退出服务", "stopped serving"), Text("没有在册的人", "nobody is on the roll")),
    "skill": Words(
        Text("人不会{skills}", "do not have the skill: {skills}"),
        Text("没有人会{skills}", "nobody here has the skill: {skills}"),
        Text("会{skills}", "with the skill: {skills}"),
    ),
    "credential": Words(
        Text("人没有这一单要的证件", "lack a paper that it asks for"),
        Text("{who}都没有这一单要的证件", "{who} lack a paper that it asks for"),
    ),
    **dict.fromkeys(("adult_only", "guardian", "daytime", "in_a_home", "risk", "named_adult"), _MINOR),
    "vetted": Words(
        Text("人没有有效期内的审查", "have no check in date for work with children"),
        Text("{who}都没有有效期内的审查", "{who} have no check in date for work with children"),
    ),
    "insurance": Words(
        Text("人没有有效期内的意外保险", "have no accident insurance in date"),
        Text("{who}都没有有效期内的意外保险", "{who} have no accident insurance in date"),
    ),
    "ability": Words(
        Text("人没有说过能搬、能爬楼或上梯子", "did not say that they can lift, climb or use a ladder"),
        Text("{who}都没有说过能搬、能爬楼或上梯子", "{who} did not say that they can lift, climb or use a ladder"),
    ),
    "asleep": Words(
        Text("人夜里不叫", "are not called at night"), Text("{who}夜里都不叫", "{who} are not called at night")
    ),
    "off_duty": Words(
        Text("人不在岗", "are off duty"),
        Text("{who}都不在岗", "{who} are all off duty"),
        Text("在岗", "on duty"),
    ),
    "not_before": Words(
        Text("人说过晚些时候再请", "want to be asked only later"),
        Text("{who}都说过晚些时候再请", "{who} all want to be asked only later"),
    ),
    "no_time": Words(
        Text("人那段时间没有空", "have no time then"),
        Text("{who}那段时间都没有空", "{who} have no time then"),
        Text("有空", "with time for it"),
    ),
    "far": Words(
        Text("人愿意去的范围不到那里", "do not go that far"),
        Text("{who}附近没有{beyond}", "{who} are not near it{beyond}"),
        Text("在附近", "nearby"),
    ),
    "asked": Words(Text("人已经问过", "were asked already"), Text("{who}都已经问过", "{who} were all asked already")),
    "full": Words(Text("人手上已满", "have full hands"), Text("{who}手上都满了", "{who} all have full hands")),
    "week_full": Words(
        Text("人本周接的单已经够了", "took as many as they want this week"),
        Text("{who}本周接的单都已经够了", "{who} all took as many as they want this week"),
    ),
    "budget": Words(
        Text("人今天已经请过几次", "were asked often enough today"),
        Text("{who}今天都已经请过几次", "{who} were all asked often enough today"),
    ),
    TEAM_ELSEWHERE: Words(
        Text("支队伍不在这一片", "teams serve elsewhere"), Text("没有队伍在这一片", "no team serves there")
    ),
    TEAM_ASKED: Words(
        Text("支队伍问过了,或没有人能答复", "teams were asked, or nobody can answer for them"),
        Text("这一片的队伍都问过了,或没有人能答复", "the teams there were asked, or nobody can answer for them"),
    ),
    TEAM_TOO_FEW: Words(
        Text("支队伍合适的人不够", "teams have not people enough who fit"),
        Text("这一片的队伍合适的人都不够", "no team there has people enough who fit"),
    ),
}
_UNKNOWN = Words(Text("人不合适", "do not fit"), Text("{who}都不合适", "{who} do not fit"))
"""Of a gate that a newer version counted."""

_ORDER = (*(gate.name for gate in GATES), TEAM_ELSEWHERE, TEAM_ASKED, TEAM_TOO_FEW)


def lines(stopped: Mapping[str, int], skills: Sequence[SkillNeed]) -> Sequence[tuple[str, int, Text]]:
    """Each gate that stopped anybody with how many and a sentence, in the order in which they are looked at."""
    names = _skills(skills)
    found = []
    for gate in _in_order(stopped):
        count, words = stopped[gate], WORDS.get(gate, _UNKNOWN).stopped
        sentence = Text(f"{count} {words.zh}", f"{count} {words.en}")
        found.append((gate, count, _filled(sentence, names)))
    return found


def why_nobody(stopped: Mapping[str, int], skills: Sequence[SkillNeed], beyond: int | None = None) -> Text:
    """Why nobody was left, in one sentence: by the last gate that stopped anybody, and what those had passed before.

    *beyond*: within so many metres nobody starts whom the distance stopped.
    """
    gates = _in_order(stopped)
    if not gates:
        return Text("这里没有人可以请", "there is nobody here to be asked")
    last = gates[-1]
    before = _ORDER[: _ORDER.index(last)] if last in _ORDER else _ORDER
    told = {*gates, "off_duty", *(("skill",) if skills else ())}
    known = [WORDS[name].passed for name in before if name in told]
    who = [_filled(words, _skills(skills)) for words in known if words is not None]
    within = Text(f"({_far(beyond)}以内一个也没有)", f" (nobody within {_far(beyond)})") if beyond else Text("", "")
    names = {
        **_skills(skills),
        "who": Text(
            "而且".join(one.zh for one in who) + "的人" if who else "能来的人",
            " ".join(("those", *(one.en for one in who))) if who else "those who could come",
        ),
        "beyond": within,
    }
    return _filled(WORDS.get(last, _UNKNOWN).nobody, names)


def _far(metres: int | None) -> str:
    return f"{(metres or 0) / 1000:g} km"


def _in_order(stopped: Mapping[str, int]) -> Sequence[str]:
    counted = [gate for gate, count in stopped.items() if count > 0]
    return sorted(counted, key=lambda gate: _ORDER.index(gate) if gate in _ORDER else len(_ORDER))


def _skills(skills: Sequence[SkillNeed]) -> Mapping[str, Text]:
    names = [skill.name or Text(skill.code, skill.code) for skill in skills]
    return {"skills": Text("、".join(one.zh for one in names), ", ".join(one.en for one in names))}


def _filled(words: Text, names: Mapping[str, Text]) -> Text:
    zh, en = words.zh, words.en
    for name, value in names.items():
        zh, en = zh.replace(f"{{{name}}}", value.zh), en.replace(f"{{{name}}}", value.en)
    return Text(zh, en)
