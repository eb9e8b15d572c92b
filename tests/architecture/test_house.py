"""The rules of the house that a machine can hold."""

import re
import subprocess
from pathlib import Path

import pytest

from contracts.events import EVENTS
from contracts.topology import RETRIES, SERVICES, TOPOLOGY, dead_queue, handlers_of, inbox_queue, retry_queue

ROOT = Path(__file__).parents[2]
CODE = ("contracts", "chassis", "services", "gateway", "deploy")
WALL = 300
TEST_WALL = 400


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def python_files() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_room_is_higher_than_the_wall() -> None:
    walls = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    too_high = {
        file: lines for file, lines in walls.items() if lines > (TEST_WALL if file.startswith("tests/") else WALL)
    }

    assert too_high == {}


def test_no_room_is_called_after_nothing() -> None:
    shapeless = {"common", "utils", "helpers", "util", "misc"}

    assert [name(path) for path in python_files() if shapeless & {path.stem, *path.parent.parts}] == []


def test_nothing_is_left_open_in_the_code() -> None:
    mark = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"]) + r")\b")
    found = [name(path) for path in python_files() if mark.search(path.read_text(encoding="utf-8"))]

    assert found == []


def test_every_event_is_projected_and_streamed() -> None:
    for event_type in EVENTS:
        assert {"project", "stream"} <= set(handlers_of("gateway", event_type)), event_type


def test_every_row_names_a_known_event_and_service_once() -> None:
    assert {row.service for row in TOPOLOGY} <= set(SERVICES)
    assert {row.event for row in TOPOLOGY} <= EVENTS.keys()
    assert len(set(TOPOLOGY)) == len(TOPOLOGY)


def test_queue_names_are_published_names() -> None:
    """Renaming one strands the messages in the old one: a new name is a migration, not a refactoring."""
    queues = [
        queue
        for service in SERVICES
        for queue in (inbox_queue(service), *(retry_queue(service, step) for step in RETRIES), dead_queue(service))
    ]

    assert queues == [
        f"{service}.{kind}"
        for service in ("tickets", "volunteers", "notify", "gateway")
        for kind in ("inbox.v1", "retry.1.v1", "retry.2.v1", "retry.3.v1", "dead.v1")
    ]


@pytest.mark.parametrize("service", ["tickets", "volunteers", "notify"])
def test_every_service_has_its_canvas(service: str) -> None:
    canvas = (ROOT / "services" / service / "README.md").read_text(encoding="utf-8")
    headings = {"## Owns", "## Commands", "## Publishes", "## Reacts to", "## When things fail"}

    assert {line for line in canvas.splitlines() if line.startswith("## ")} >= headings


def test_nothing_names_this_machine_or_a_package_host() -> None:
    host = re.compile(r"https?://[a-z0-9.-]*(pypi|python|npm|debian)[a-z]*\.(org|com|net)")
    suffixes = {".txt", ".toml", ".lock", ".json", ".cfg", ".yaml", ".yml", ".sh", ""}
    found = [
        name(path)
        for path in tracked()
        if path.suffix in suffixes and host.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]

    assert found == []
