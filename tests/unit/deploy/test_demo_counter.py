"""The appointment of the scene at the counter: whenever the demo is played, the counter is open then."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from contracts.catalogue import Hours
from deploy.demo.counter import next_morning
from services.tickets.domain.hours import is_open

CATALOGUE = Path(__file__).parents[3] / "deploy" / "demo" / "data" / "catalogue.yaml"


def test_the_counter_is_open_whenever_the_demo_is_played() -> None:
    items = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["items"]
    hours = next(item["serve_hours"] for item in items if item["id"] == "one-stop-counter")
    played = datetime(2026, 11, 21, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
    for day in range(8):
        come = next_morning(played + timedelta(days=day))
        assert played < come
        assert is_open([Hours(**one) for one in hours], come)
