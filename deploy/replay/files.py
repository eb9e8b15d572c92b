"""A derived city in the importers' own formats: community, areas, catalogue, members, teams."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from contracts.words import Text
from deploy.replay.derive import RESPOND_MINUTES, ROOT, Area, City, Item
from deploy.replay.people import CAPACITY, TEAM, Person

COMMUNITY = "boston"
MEMBER_COLUMNS = (
    *("external_no", "name", "phone", "display_name", "employment", "adult", "home_area", "lon", "lat", "crs"),
    *("skills", "languages", "capacity", "on_duty", "teams", "roles", "insured_until"),
)
EXPIRY = {"emergency": (3, 3), "urgent": (15, 6), "ordinary": (120, 10), "wish": (120, 10)}
CLAIM = {"emergency": (10, 5), "urgent": (60, 10), "ordinary": (240, 14), "wish": (480, 14)}
"""Business minutes of the house, and the least real seconds: a day that lasts half a minute leaves an offer of two
hours no time to travel through the platform and back."""
HALF_SIDE_DEGREES = 0.001


def write_city(folder: Path, city: City, people: Sequence[Person], speed: float) -> None:
    """Write everything the operator commands import into *folder*, for a clock of this *speed*."""
    folder.mkdir(parents=True, exist_ok=True)
    _yaml(folder / "community.yaml", _community(city, speed))
    _yaml(folder / "catalogue.yaml", _catalogue(city))
    features = [_feature(area) for area in city.areas]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "areas.geojson").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    _csv(folder / "members.csv", MEMBER_COLUMNS, [_member(person) for person in people])
    team = {"id": TEAM, "name_zh": "重放队", "name_en": "Replay crew", "kind": "volunteer_team", "area": ROOT}
    lead, deputy = people[0].external_no, people[min(1, len(people) - 1)].external_no
    _csv(
        folder / "teams.csv",
        ("id", "name_zh", "name_en", "kind", "lead", "deputy", "area"),
        [team | {"lead": lead, "deputy": deputy}],
    )


def _community(city: City, speed: float) -> dict[str, Any]:
    return {
        "id": COMMUNITY,
        "name": dict(city.words["city"]),
        "prefix": "BO",
        "time_zone": "America/New_York",
        "area": ROOT,
        "phone": "000-0000-0311",
        "dispatch": {
            "mode": "automatic",
            "waves": 3,
            "night_pause": None,
            "expiry_minutes": _minutes(EXPIRY, speed),
            "claim_minutes": _minutes(CLAIM, speed),
        },
        "silence_days": 0.5,
        "callback_days": 1,
        "calendar": {"holidays": "none"},
    }


def _minutes(spans: Mapping[str, tuple[int, int]], speed: float) -> dict[str, float]:
    return {urgency: max(minutes, seconds * speed / 60) for urgency, (minutes, seconds) in spans.items()}


def _catalogue(city: City) -> dict[str, Any]:
    skills = {code: _text(city.subject_name(subject)) for subject, code in city.subjects.items()}
    return {"skills": skills, "items": [_item(item, city) for item in city.items.values()]}


def _item(item: Item, city: City) -> dict[str, Any]:
    return {
        "id": item.id,
        "code": item.code,
        "name": _text(item.name),
        "category": item.category,
        "nature": item.nature.value,
        "policy": "offer",
        "mode": "automatic",
        "seats": {"min": item.seats, "max": item.seats},
        "who_may": "trained",
        "skills": [{"code": city.subjects[item.subject], "level": 1}],
        "delivery": ["place"],
        "urgency": item.urgency.value,
        "respond_minutes": RESPOND_MINUTES,
        "resolve_working_days": item.resolve_working_days,
        "review": False,
        "closing": ["requester"],
        "evidence": "log",
        "fee": "free",
        "limits": {"zh": "按公开数据重放", "en": "replayed from public data"},
        "danger_words": [],
        "adult_only": False,
        "origin": "seed",
        "seed": "311",
    }


def _feature(area: Area) -> dict[str, Any]:
    properties = {"id": area.id, "parent": area.parent, "kind": area.kind, "name": _text(area.name)}
    return {"type": "Feature", "properties": properties, "geometry": _square(area.point)}


def _square(point: tuple[float, float] | None) -> dict[str, Any] | None:
    """A small square around the mean of what lies there: its middle is what distances are measured to."""
    if point is None:
        return None
    latitude, longitude = point
    west, east = longitude - HALF_SIDE_DEGREES, longitude + HALF_SIDE_DEGREES
    south, north = latitude - HALF_SIDE_DEGREES, latitude + HALF_SIDE_DEGREES
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}


def _member(person: Person) -> dict[str, Any]:
    lon, lat = person.start or ("", "")
    number = person.external_no[1:]
    return {
        "external_no": person.external_no,
        "name": f"匿名·{person.external_no}",
        "phone": f"000-0311-{number}",
        "display_name": person.display_name,
        "employment": person.employment,
        "adult": "yes",
        "home_area": person.home_area,
        "lon": lon,
        "lat": lat,
        "crs": "wgs84",
        "skills": ";".join(f"{code}:1" for code in person.skills),
        "languages": "zh;en",
        "capacity": CAPACITY,
        "on_duty": "yes",
        "teams": TEAM,
        "roles": ";".join(person.roles),
        "insured_until": "2099-12-31",
    }


def _text(text: Text) -> dict[str, str]:
    return asdict(text)


def _yaml(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _csv(path: Path, columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
