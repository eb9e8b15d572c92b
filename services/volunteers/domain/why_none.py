"""Why a member sees no offers now: what of it is their own, and what orders there are as counts, never which.

An order that the member is kept from does not exist here: no count may tell that there is one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.events.masters import Point
from contracts.words import DemandStatus, Employment, Text
from services.volunteers.domain.demand import Demand
from services.volunteers.domain.gates import GATES, stopped_by
from services.volunteers.domain.need import Candidate, Need, need_of
from services.volunteers.domain.night import day_of

FEWEST = 3
"""Fewer orders than that are told as "a few": a count of one would be one neighbour's order."""

SOON = timedelta(hours=24)
TEAMS, CLAIM, SUIT = "teams", "claim", "suit"
"""Orders that ask teams; that are open to claims and would suit; that would suit and ask somebody else at present."""

_KEPT_FROM = "conflict"
_OWN = frozenset({"not_serving", "guardian", "off_duty", "not_before", "full", "week_full", "budget"})
"""Said once of the member, whatever the order."""
_OF_ORDERS = tuple(gate for gate in GATES if gate.name not in _OWN)

_SENTENCES: Mapping[str, Text] = {
    "who_may": Text("由值守人员或专业人员去办", "are for duty staff or professionals"),
    "skill": Text(
        "要的技能您没有登记,或级别、证书不够", "want a skill that you do not have on file, or a higher level"
    ),
    "credential": Text("要的证件您没有登记,或已过期", "want a paper that is not on file for you, or ran out"),
    "adult_only": Text("只请成年人", "are for adults only"),
    "daytime": Text("不在早上8点到晚上8点之间", "are not between eight in the morning and eight at night"),
    "in_a_home": Text("在居民家里,未满18岁不去", "are in homes, where nobody under 18 goes"),
    "risk": Text("未满18岁不能做", "are nothing for somebody under 18"),
    "named_adult": Text("要和您同去的成年人先接", "first need the adult who goes with you"),
    "vetted": Text("是陪孩子的,要先有审查", "are with children: a check comes first"),
    "insurance": Text("有危险,要先有意外保险", "are dangerous: an accident insurance comes first"),
    "ability": Text("要搬、要爬楼或上梯子,您没有说可以", "ask for lifting, stairs or a ladder, which you did not say"),
    "asleep": Text("在夜里,您没有说可以叫醒", "are at night, and you did not say that you may be woken"),
    "no_time": Text("的时间您没有空", "are when you have no time"),
    "far": Text("在您愿意去的范围以外", "are farther than you go"),
    "asked": Text("已经问过您了", "asked you already"),
    TEAMS: Text("请队伍去", "ask teams"),
    CLAIM: Text("正开放认领,您可以认领", "are open to claims, and would suit you"),
    SUIT: Text("也合适您,正按顺序请人", "would suit you, and ask others first: nearer, or with less to do lately"),
}
_NOTHING: Mapping[str, Text] = {
    "skill": Text("现在没有用得上您技能的单", "nothing open fits your skills at present"),
    "far": Text("您愿意去的范围里现在没有单", "there is no order within where you go at present"),
    "no_time": Text("您有空的时间里现在没有单", "there is no order when you have time at present"),
    "asked": Text("合适您的单都已经问过您了", "you were asked for every order that would suit you"),
}
_NO_ORDERS = Text("现在没有要人的单", "no order wants anybody at present")
_NONE_SUITS = Text("现在要人的单都不合适您", "no order that wants people at present would suit you")
_OTHERS_FIRST = Text("有合适您的单,正按顺序请人", "there are orders that would suit you, and others are asked first")
_TO_CLAIM = Text("有单开放认领,您可以去看看", "orders are open to claims: have a look")


@dataclass(frozen=True)
class Reason:
    """Something about the member, by the gate that would say it."""

    gate: str
    sentence: Text


@dataclass(frozen=True)
class Orders:
    """Orders that want people, by what keeps the member from them (a gate, or one of the words above)."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    def lines(self) -> Sequence[tuple[str, int | None, Text]]:
        """Each with how many, None for a few, and a sentence."""
        return [(name, told(self.counts[name]), _line(name, self.counts[name])) for name in _in_order(self.counts)]

    def sentence(self) -> Text:
        """The most telling of them."""
        if not self.total:
            return _NO_ORDERS
        for name, sentence in ((CLAIM, _TO_CLAIM), (SUIT, _OTHERS_FIRST)):
            if self.counts.get(name):
                return sentence
        return _NOTHING.get(_in_order(self.counts)[-1], _NONE_SUITS)


def told(count: int) -> int | None:
    """A count as it may be told; None: there are a few."""
    return count if count == 0 or count >= FEWEST else None


def general_need(community_id: str, zone: ZoneInfo, now: datetime, offers_per_day: int) -> Need:
    """A need that asks for nothing: what a member is counted by, whatever the order."""
    day_from, week_from = day_of(zone, now)
    return Need(
        order_id="",
        community_id=community_id,
        employments=frozenset(Employment),
        skills=(),
        adult_only=False,
        today=now.astimezone(zone).date(),
        now=now,
        time_zone=zone.key,
        offers_per_day=offers_per_day,
        day_from=day_from,
        week_from=week_from,
    )


def reasons_of(need: Need, candidate: Candidate) -> Sequence[Reason]:
    """All that keeps the member from being asked for anything, in the order of the gates."""
    stopping = [gate for gate in GATES if gate.name in _OWN and not gate.passes(need, candidate)]
    found = [Reason(gate.name, _own_words(gate.name, gate.sentence, need, candidate)) for gate in stopping]
    if not candidate.member.availability.has_time(need.now, need.now + SOON, need.zone):
        found.append(Reason("no_time", Text("接下来24小时您没有空", "you have no time within the next 24 hours")))
    return found


def _own_words(gate: str, sentence: Text, need: Need, candidate: Candidate) -> Text:
    member = candidate.member
    if gate == "not_before" and member.not_before is not None:
        until = member.not_before.astimezone(need.zone)
        zh = f"您说过{until.month}月{until.day}日{until:%H:%M}以后再请您"
        return Text(zh, f"you are off duty until {until:%Y-%m-%d %H:%M}")
    if gate == "budget":
        count = candidate.asked_today
        return Text(f"今天已经请过您{count}次,明天再请", f"{count} offers today already: more tomorrow")
    if gate == "full":
        held, waiting = len(member.holding), candidate.open_offers
        zh = f"您手上有{held}单,还有{waiting}份邀约没答复,最多同时{member.capacity}单"
        return Text(zh, f"you hold {held} and {waiting} wait for your answer: {member.capacity} at once at most")
    if gate == "week_full":
        count = candidate.taken_this_week
        return Text(f"本周您已经接了{count}单", f"you took {count} orders this week, as many as you want")
    return sentence


def orders_for(candidate: Candidate, orders: Iterable[tuple[Demand, Point | None]], now: datetime) -> Orders:
    """What keeps the member from each of the orders, each with the place it is at; of a crew from its easiest role."""
    counts = Counter[str]()
    for demand, place in orders:
        name = _stopping(candidate, demand, place, now)
        if name != _KEPT_FROM:
            counts[name] += 1
    return Orders(counts)


def _stopping(candidate: Candidate, demand: Demand, place: Point | None, now: datetime) -> str:
    if demand.terms is None:
        return _KEPT_FROM
    names = []
    for role in demand.open_roles:
        need = replace(need_of(demand, demand.terms, now, demand.asked, role), place=place)
        gate = stopped_by(need, candidate, _OF_ORDERS)
        names.append("" if gate is None else gate.name)
    name = max(names, key=_RANKS.index)
    if name == _KEPT_FROM:
        return name
    if demand.asks_teams:
        return TEAMS
    if name:
        return name
    return CLAIM if demand.status is DemandStatus.CLAIM else SUIT


_RANKS = (*(gate.name for gate in _OF_ORDERS), "")
"""The later, the nearer a member came to being asked; the last is that they could be."""
_ORDER = (TEAMS, *_RANKS[:-1], SUIT, CLAIM)


def _in_order(counts: Mapping[str, int]) -> Sequence[str]:
    return sorted((name for name, count in counts.items() if count), key=_ORDER.index)


def _line(name: str, count: int) -> Text:
    words, shown = _SENTENCES[name], told(count)
    if shown is None:
        return Text(f"有几张单{words.zh}", f"a few orders {words.en}")
    return Text(f"{shown}张单{words.zh}", f"{shown} orders {words.en}")
