"""The town of a run: its orders, its members and what can be ordered there, all made from the seed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from deploy.replay.derive import TWO_SEATS, City
from deploy.replay.files import write_city
from deploy.replay.orders import orders
from deploy.replay.people import simulate
from deploy.replay.reader import Request
from deploy.simulate.crowd import Order

WORDS = {"city": {"zh": "风浪镇", "en": "Stormton"}, "subjects": {}, "types": {}}
REVIEWED = "General Comments"
"""A dispatcher accepts or rejects these."""
THREE_SEATS = "Moving Help"
TYPES = {
    "Pothole Repair": "Works",
    "Street Light Outages": "Works",
    TWO_SEATS[0]: "Parks",
    REVIEWED: "Hotline",
    THREE_SEATS: "Neighbours",
    "Shopping": "Neighbours",
}
NEIGHBORHOODS = ("East", "West", "North")
PRECINCTS = 4
"""In each neighbourhood."""
SOURCES = ("Self Service", "Self Service", "Self Service", "Constituent Call", "Employee Generated")
OPENS = datetime(2026, 11, 21, 8, tzinfo=UTC)
MINUTES_APART = 1.0
RESIDENTS = 24


@dataclass(frozen=True)
class Town:
    """Everything to import, in *folder*, and everything to be ordered."""

    city: City
    requests: Sequence[Request]

    def orders(self) -> Iterator[Order]:
        """The orders in their times."""
        return orders(self.city, self.requests, RESIDENTS)


def make_town(folder: Path, orders_: int, members: int, seed: int, speed: float) -> Town:
    """Write the importers' files into *folder*; the same for the same seed."""
    rng = Random(f"{seed}:town")
    requests = [_request(rng, seed, number) for number in range(max(orders_, 60))]
    city = City(requests, WORDS)
    write_city(folder, city, simulate(city, requests, members, seed), speed)
    _vary(folder / "catalogue.yaml")
    return Town(city, requests[:orders_])


def _request(rng: Random, seed: int, number: int) -> Request:
    kind = rng.choice(sorted(TYPES))
    opened = OPENS + timedelta(minutes=MINUTES_APART * number)
    area, precinct = rng.randrange(len(NEIGHBORHOODS)), rng.randrange(PRECINCTS)
    return Request(
        case_id=f"{seed}-{number:06d}",
        opened=opened,
        target=opened + timedelta(days=2),
        closed=None,
        type=kind,
        subject=TYPES[kind],
        title=kind,
        neighborhood=NEIGHBORHOODS[area],
        precinct=f"{area}{precinct:02d}",
        point=(38.60 + area / 100 + rng.random() / 200, 82.20 + precinct / 100 + rng.random() / 200),
        source=rng.choice(SOURCES),
    )


def _vary(catalogue: Path) -> None:
    """Some orders want three people, and some a dispatcher's yes."""
    content: dict[str, Any] = yaml.safe_load(catalogue.read_text(encoding="utf-8"))
    for item in content["items"]:
        if item["name"]["en"] == THREE_SEATS:
            item["seats"] = {"min": 3, "max": 3}
        item["review"] = item["name"]["en"] == REVIEWED
    catalogue.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
