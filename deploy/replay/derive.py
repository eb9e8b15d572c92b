"""What a file of requests says of a city: its areas, what can be ordered there, and how long that takes."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from statistics import fmean, median

import yaml

from contracts.words import Nature, Origin, Text, Urgency
from deploy.replay.reader import DEFAULT_POINT, Request

WORDS = Path(__file__).parent / "data" / "words.yaml"
ROOT = "bos"
NOWHERE = f"{ROOT}-nowhere"
"""The grid of requests without neighbourhood and precinct; it has no point, so it enters no distance."""
RESPOND_MINUTES = 1440
USUAL_RESOLVE_DAYS = 5
MOST_RESOLVE_DAYS = 365
TWO_SEATS = ("Tree Emergencies",)
"""Types that send two people, so that a replay has orders with more than one seat."""
ORIGINS = {
    "Constituent Call": Origin.PHONE,
    "Employee Generated": Origin.PATROL,
    "Maximo Integration": Origin.UPSTREAM,
    "Twitter": Origin.CHAT,
}
_DANGER = re.compile(
    r"emergenc|unsafe|dangerous|carbon monoxide|watermain|no utilities|knock down|fire in", re.IGNORECASE
)
_TALK = re.compile(r"comment|notification|inquiry|alert boston|event", re.IGNORECASE)


@dataclass(frozen=True)
class Area:
    """A node of the derived tree; ``point`` is the mean of the real points in it (latitude, longitude)."""

    id: str
    parent: str | None
    kind: str
    name: Text
    point: tuple[float, float] | None


@dataclass(frozen=True)
class Item:
    """A type of request as something to be ordered."""

    id: str
    code: str
    name: Text
    subject: str
    category: str
    nature: Nature
    urgency: Urgency
    seats: int
    resolve_working_days: int


class City:
    """Derived once from all *requests* of a file, so that a resumed replay finds the same city."""

    def __init__(self, requests: Sequence[Request], words: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._requests = requests
        self.words = words or yaml.safe_load(WORDS.read_text(encoding="utf-8"))

    @cached_property
    def neighborhoods(self) -> Mapping[str, str]:
        """Name of each neighbourhood to the id of its area."""
        return _slugs({request.neighborhood for request in self._requests if request.neighborhood}, f"{ROOT}-")

    @cached_property
    def precinct_of(self) -> Mapping[str, str]:
        """Each precinct with the neighbourhood that most of its requests name ("" where none does)."""
        votes: dict[str, Counter[str]] = defaultdict(Counter)
        for request in self._requests:
            if request.precinct:
                votes[request.precinct][request.neighborhood] += 1
        return {
            precinct: max((name for name in names if name), key=lambda name: names[name], default="")
            for precinct, names in sorted(votes.items())
        }

    def grid(self, request: Request) -> str:
        """The id of the grid where a request is: its precinct, else the rest of its neighbourhood, else nowhere."""
        if request.precinct:
            return f"{ROOT}-p-{_slug(request.precinct)}"
        if request.neighborhood:
            return f"{self.neighborhoods[request.neighborhood]}-rest"
        return NOWHERE

    @cached_property
    def areas(self) -> Sequence[Area]:
        """City, neighbourhoods, grids; parents first."""
        points: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for request in self._requests:
            if request.point is not None:
                points[self.grid(request)].append(request.point)
        city = self.words["city"]
        grids = [self._precinct(precinct, name, points) for precinct, name in self.precinct_of.items()]
        grids += [self._rest(name, area, points) for name, area in self.neighborhoods.items()]
        grids.append(Area(NOWHERE, ROOT, "grid", Text("地点不明", "place unknown"), None))
        within: dict[str | None, list[tuple[float, float]]] = defaultdict(list)
        for grid in grids:
            within[grid.parent] += points[grid.id]
        everywhere = [point for some in points.values() for point in some]
        return (
            Area(ROOT, None, "city", Text(city["zh"], city["en"]), _mean(everywhere)),
            *(
                Area(area, ROOT, "district", Text(name, name), _mean(within[area]))
                for name, area in self.neighborhoods.items()
            ),
            *grids,
        )

    def _precinct(self, precinct: str, name: str, points: Mapping[str, list[tuple[float, float]]]) -> Area:
        grid = f"{ROOT}-p-{_slug(precinct)}"
        parent = self.neighborhoods[name] if name else ROOT
        return Area(grid, parent, "grid", Text(f"{precinct} 选区", f"Precinct {precinct}"), _mean(points[grid]))

    def _rest(self, name: str, area: str, points: Mapping[str, list[tuple[float, float]]]) -> Area:
        grid = f"{area}-rest"
        return Area(grid, area, "grid", Text(f"{name}(选区不明)", f"{name}, precinct unknown"), _mean(points[grid]))

    @cached_property
    def subjects(self) -> Mapping[str, str]:
        """Each department with the code of the skill it stands for."""
        return _slugs({request.subject for request in self._requests}, "")

    def subject_name(self, subject: str) -> Text:
        """What a department is called in both languages."""
        return Text(self.words["subjects"].get(subject, subject), subject)

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """What can be ordered, by the file's type."""
        by_type: dict[str, list[Request]] = defaultdict(list)
        for request in self._requests:
            by_type[request.type].append(request)
        slugs = _slugs(by_type, "")
        return {
            kind: self._item(slugs[kind], f"T{number:03d}", kind, by_type[kind])
            for number, kind in enumerate(sorted(by_type), start=1)
        }

    def _item(self, slug: str, code: str, kind: str, requests: Sequence[Request]) -> Item:
        danger, talk = bool(_DANGER.search(kind)), bool(_TALK.search(kind))
        subject = Counter(request.subject for request in requests).most_common(1)[0][0]
        return Item(
            id=slug,
            code=code,
            name=Text(self.words["types"].get(kind, kind), kind),
            subject=subject,
            category="information" if talk else "emergency" if danger else "maintenance",
            nature=Nature.SUGGESTION if talk else Nature.PROBLEM,
            urgency=Urgency.URGENT if danger else Urgency.ORDINARY,
            seats=2 if kind in TWO_SEATS else 1,
            resolve_working_days=resolve_days(requests),
        )


def resolve_days(requests: Iterable[Request]) -> int:
    """Days that the city gave itself for such requests: the median from opening to target, at least one."""
    spans = [
        request.target - request.opened for request in requests if request.target and request.target > request.opened
    ]
    if not spans:
        return USUAL_RESOLVE_DAYS
    return min(MOST_RESOLVE_DAYS, max(1, ceil(median(span.total_seconds() for span in spans) / 86_400)))


def origin_of(request: Request) -> Origin:
    """Which way the request reached the city."""
    return ORIGINS.get(request.source, Origin.RESIDENT)


def _mean(points: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    if not points:
        return None
    mean = (round(fmean(point[0] for point in points), 6), round(fmean(point[1] for point in points), 6))
    return None if mean == DEFAULT_POINT else mean


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def _slugs(names: Iterable[str], prefix: str) -> dict[str, str]:
    """A slug for each name, all different, the same whatever order the names come in."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names):
        slug = prefix + _slug(name)
        while slug in taken:
            slug += "-2"
        taken.add(slug)
        found[name] = slug
    return found
