"""Whom to ask first: what asking a member costs, and what leaving an order unserved costs. Nothing here says no.

All costs are whole tenths of a minute on foot, so that each can be compared with a walk. docs/dispatch.md says what
each is for.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Self
from zlib import crc32

from contracts.dispatch import Continuity
from contracts.terms import Terms
from contracts.words import Employment, Text
from services.volunteers.domain.asking import asking_of
from services.volunteers.domain.choice import Choice
from services.volunteers.domain.need import Candidate, Looks, Need, as_what, skills_of
from services.volunteers.domain.walking import band, walking_minutes, within

RECENT = timedelta(days=28)
"""For so long a seat that was taken counts as recent: four weeks, so that each weekday counts the same."""

ROTATED_AT_MOST = 5
"""Whoever came so often before costs no more for having come still oftener."""

KEPT_AT_MOST = 3
"""So many scarce skills that an order does not need are counted."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What each cost weighs (setting ``SHILIU_MATCH_WEIGHTS``), in tenths of a minute on foot."""

    walk: int = 10
    """A minute on foot."""
    unknown: int = 150
    """The walk where one of the two places is not known: as if it were fifteen minutes."""
    hand: int = 100
    """Each order in hand or waiting for an answer."""
    recent: int = 20
    """Each seat taken in the last four weeks: so fairness costs two minutes of walking for each."""
    known: int = 150
    """Not to have come before, where the same face is wanted."""
    rotate: int = 100
    """Each time of having come before, where everybody shall come in turn."""
    scarce: int = 50
    """Each scarce skill that the order does not need: whoever holds it is kept for those that do."""
    language: int = 100
    """To speak none of the languages that are welcome."""
    age: int = 300
    """What each hour of waiting adds to the price of leaving an order unserved."""

    @classmethod
    def of(cls, pairs: Mapping[str, str]) -> Self:
        """The weights, with those that are named set; raises ValueError on an unknown name or a weight below 0."""
        known = {field.name for field in fields(cls)}
        values = {name: int(value) for name, value in pairs.items()}
        odd = sorted(name for name, value in values.items() if name not in known or value < 0)
        if odd:
            raise ValueError(f"no such weights: {', '.join(odd)}; there are {', '.join(sorted(known))}, each 0 or more")
        return replace(cls(), **values)


@dataclass(frozen=True)
class Scales:
    """What a member is weighed by: the weights, and which skills are scarce among those who were looked at."""

    weights: Weights = Weights()
    scarce: frozenset[str] = frozenset()


def walking(need: Need, candidate: Candidate, scales: Scales) -> int:
    """The walk from the member's own start to the middle of the order's grid."""
    minutes = walking_minutes(candidate.member.start, need.place)
    return scales.weights.unknown if minutes is None else round(minutes * scales.weights.walk)


def in_hand(_: Need, candidate: Candidate, scales: Scales) -> int:
    """Orders in hand, and offers that wait for an answer."""
    return candidate.load * scales.weights.hand


def recent_load(need: Need, candidate: Candidate, scales: Scales) -> int:
    """Seats taken in the last four weeks."""
    return recently(need, candidate) * scales.weights.recent


def continuity(need: Need, candidate: Candidate, scales: Scales) -> int:
    """The same face again, or everybody in turn, as the item says."""
    return again(need.continuity, came_before(need, candidate), scales.weights)


def again(wish: Continuity | None, times: int, weights: Weights) -> int:
    """What it adds that somebody came *times* before."""
    if wish is Continuity.SAME:
        return 0 if times else weights.known
    return min(times, ROTATED_AT_MOST) * weights.rotate if wish is Continuity.ROTATE else 0


def kept_back(need: Need, candidate: Candidate, scales: Scales) -> int:
    """Scarce skills that this order does not need."""
    held = {skill.code for skill in candidate.member.skills if skill.code in scales.scarce}
    return min(KEPT_AT_MOST, len(held - {skill.code for skill in need.skills})) * scales.weights.scarce if held else 0


def language(need: Need, candidate: Candidate, scales: Scales) -> int:
    """None of the languages that are welcome."""
    return scales.weights.language if need.languages and not _speaks(need, candidate) else 0


@dataclass(frozen=True)
class Cost:
    """A soft condition by name: what it weighs, at what it looks, and the line for the member where it speaks for them.

    A line tells bands, never minutes or numbers of others. ``sentence`` says to staff what it is, ``weights`` are those
    of ``Weights`` that it is made of.
    """

    name: str
    weigh: Callable[[Need, Candidate, Scales], int]
    looks: Looks
    says: Callable[[Need, Candidate], Text | None]
    sentence: Text
    weights: tuple[str, ...]


def _says_walk(need: Need, candidate: Candidate) -> Text | None:
    minutes = walking_minutes(candidate.member.start, need.place)
    return None if minutes is None else band(minutes)


def _says_hand(_: Need, candidate: Candidate) -> Text | None:
    return None if candidate.load else Text("手上没有别的单", "no other order in hand")


def _says_recent(need: Need, candidate: Candidate) -> Text | None:
    rested = candidate.member.served and not recently(need, candidate)
    return Text("最近四周没有接过单", "took no order in the last four weeks") if rested else None


def _says_continuity(need: Need, candidate: Candidate) -> Text | None:
    came = came_before(need, candidate)
    if need.continuity is Continuity.SAME and came:
        return Text("您以前来过,人熟", "you came before, and are known there")
    if need.continuity is Continuity.ROTATE and not came:
        return Text("这件事大家轮着来", "everybody takes a turn at this")
    return None


def _says_language(need: Need, candidate: Candidate) -> Text | None:
    return Text("会讲合适的语言", "speaks a language that is welcome there") if _speaks(need, candidate) else None


def _says_nothing(_: Need, __: Candidate) -> Text | None:
    """To be passed over for what one can do would be no reason to give."""
    return None


COSTS: tuple[Cost, ...] = (
    Cost(
        "walking",
        walking,
        Looks.ORDER,
        _says_walk,
        Text("走过去要多久", "how long the walk is"),
        ("walk", "unknown"),
    ),
    Cost(
        "in_hand",
        in_hand,
        Looks.MEMBER,
        _says_hand,
        Text("手上有几单、几份没回的邀约", "how many orders and unanswered offers they have"),
        ("hand",),
    ),
    Cost(
        "recent_load",
        recent_load,
        Looks.MEMBER,
        _says_recent,
        Text("最近四周接过几单", "how many orders they took in the last four weeks"),
        ("recent",),
    ),
    Cost(
        "continuity",
        continuity,
        Looks.ORDER,
        _says_continuity,
        Text("项目要熟人或轮流的,以前来过没有", "whether they came before, where the item asks for it"),
        ("known", "rotate"),
    ),
    Cost(
        "kept_back",
        kept_back,
        Looks.KIND,
        _says_nothing,
        Text("难得的手艺留给用得着的单", "scarce skills are kept for orders that need them"),
        ("scarce",),
    ),
    Cost(
        "language",
        language,
        Looks.KIND,
        _says_language,
        Text("会不会讲服务对象的语言", "whether they speak what the person served speaks"),
        ("language",),
    ),
)


def weighed(need: Need, candidate: Candidate, scales: Scales, costs: Iterable[Cost] = COSTS) -> int:
    """What asking the member for this order costs."""
    total = 0
    for cost in costs:
        total += cost.weigh(need, candidate, scales)
    return total


def ranked(need: Need, candidates: Iterable[Candidate], scales: Scales) -> list[Candidate]:
    """Cheapest first. Equals are drawn by lot, and the lot is the same whenever it is drawn for this order."""
    return sorted(
        candidates, key=lambda it: (weighed(need, it, scales), crc32(f"{need.order_id}/{it.member.id}".encode()))
    )


def chosen(need: Need, candidate: Candidate, terms: Terms) -> Choice:
    """The choice with its why, in words for the member and for staff."""
    fit = [*as_what(terms, need.role), *(_can_do(skill.name) for skill in skills_of(terms, need.role))]
    if candidate.member.employment is Employment.DUTY:
        fit.append(Text("现在在岗", "on duty now"))
    walk, *others = [cost.says(need, candidate) for cost in COSTS]
    why = [line for line in (walk, *fit, *others) if line is not None]
    said = tuple(why) or (Text("符合这一单的要求", "fits what this order asks for"),)
    asking = asking_of(candidate.member.employment, terms.policy)
    near = within(walking_minutes(candidate.member.start, need.place))
    return Choice(candidate.member.id, said, asking=asking, role=need.role, walk_within=near)


SCARCE_ONE_IN = 10
"""A skill is scarce where at most one in ten of those looked at holds it."""


def scarce_among(candidates: Iterable[Candidate]) -> frozenset[str]:
    """The skills that at most one in ``SCARCE_ONE_IN`` of these holds."""
    counts: Counter[str] = Counter()
    everybody = 0
    for candidate in candidates:
        everybody += 1
        counts.update({skill.code for skill in candidate.member.skills})
    return frozenset(code for code, held in counts.items() if held * SCARCE_ONE_IN <= everybody)


def recently(need: Need, candidate: Candidate) -> int:
    """How many seats the member took in the last four weeks."""
    since = datetime.combine(need.today, datetime.min.time(), UTC) - RECENT
    return sum(taken >= since for taken in candidate.member.served)


def came_before(need: Need, candidate: Candidate) -> int:
    """How often the member served the same person before, as far as the order says so."""
    return sum(before.times for before in need.served_before if before.member_id == candidate.member.id)


def _speaks(need: Need, candidate: Candidate) -> bool:
    return not need.languages.isdisjoint(candidate.member.languages)


def _can_do(name: Text | None) -> Text:
    if name is None:
        return Text("会这一单要的手艺", "has the skill it asks for")
    return Text(f"会{name.zh}", f"can do: {name.en}")
