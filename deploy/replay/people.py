"""Simulated members for a derived city: spread as its requests are, skilled as its departments are busy."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from deploy.replay.derive import City
from deploy.replay.reader import Request

CAPACITY = 4
JITTER_DEGREES = 0.002
"""About 200 m: nobody sets out from the exact middle of a grid."""
LEAST_PER_SKILL = 4
DUTY_SHARE = 0.02
"""Members of duty staff: those who may be sent where the words of an order mean danger."""
TEAM = "crew"


@dataclass(frozen=True)
class Person:
    """One simulated member; ``start`` is (longitude, latitude) or None."""

    external_no: str
    display_name: str
    employment: str
    home_area: str
    start: tuple[float, float] | None
    skills: tuple[str, ...]
    roles: tuple[str, ...]


def simulate(city: City, requests: Sequence[Request], count: int, seed: int) -> list[Person]:
    """*count* members for the orders in *requests*; the same for the same seed."""
    rng = Random(f"{seed}:members")
    points = {area.id: area.point for area in city.areas}
    grids = Counter(city.grid(request) for request in requests)
    homes = _spread(Counter({grid: many for grid, many in grids.items() if points[grid]} or grids), count)
    rng.shuffle(homes)
    skills = _skills(Counter(city.subjects[request.subject] for request in requests), count, rng)
    duty = max(2, round(count * DUTY_SHARE))
    return [
        Person(
            external_no=f"M{number:04d}",
            display_name=f"重放成员{number:04d}",
            employment="duty" if number <= duty else "volunteer",
            home_area=home,
            start=_near(points[home], rng),
            skills=own,
            roles=("member", "duty") if number <= duty else ("member",),
        )
        for number, (home, own) in enumerate(zip(homes, skills, strict=True), start=1)
    ]


def _spread(volume: Counter[str], count: int) -> list[str]:
    """One grid for each of *count* members, in proportion to the requests there (largest remainders)."""
    total = sum(volume.values())
    shares = {area: count * requests / total for area, requests in volume.items()}
    homes = [area for area in sorted(shares) for _ in range(int(shares[area]))]
    rest = sorted(shares, key=lambda area: (-(shares[area] % 1), area))
    return (homes + rest * count)[:count]


def _skills(volume: Counter[str], count: int, rng: Random) -> list[tuple[str, ...]]:
    """One or two departments' skills each: by how busy they are, but never fewer than a handful for any."""
    codes = sorted(volume)
    firsts = [code for code in codes for _ in range(min(LEAST_PER_SKILL, max(1, count // len(codes))))][:count]
    firsts += rng.choices(codes, [volume[code] for code in codes], k=count - len(firsts))
    rng.shuffle(firsts)
    seconds = rng.choices(codes, k=count)
    return [tuple(sorted({first, second})) for first, second in zip(firsts, seconds, strict=True)]


def _near(point: tuple[float, float] | None, rng: Random) -> tuple[float, float] | None:
    if point is None:
        return None
    latitude, longitude = point
    shift = rng.uniform(-JITTER_DEGREES, JITTER_DEGREES), rng.uniform(-JITTER_DEGREES, JITTER_DEGREES)
    return round(longitude + shift[0], 6), round(latitude + shift[1], 6)
