"""The bench of matching as a command: what it writes, and that it ends with 1 where a figure is broken."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.bench import command
from tests.bench.chart import NAMES, PANELS, svg
from tests.bench.match import SameGraph, Whole
from tests.bench.month import Outcome
from tests.bench.tick import Ticks

OUTCOMES = [
    Outcome(name=name, orders=100, served=0.9, metres=100.0 * at, minutes=30.0, gini=0.5, most=9, without=2)
    for at, name in enumerate(NAMES, start=1)
]
BAR = "{http://www.w3.org/2000/svg}rect"
WORDS = "{http://www.w3.org/2000/svg}text"


def a_row(ours: float = 0.5, dearer: int = 0) -> SameGraph:
    return SameGraph("even", 50, 50, 1, 50, ours, 1.0, dearer)


def measured(monkeypatch: pytest.MonkeyPatch, *rows: SameGraph, seconds: float = 0.01) -> None:
    """Nothing is measured: these are the figures."""
    monkeypatch.setattr(command, "same_graphs", lambda _: list(rows))
    monkeypatch.setattr(command, "whole", lambda orders, members, bound: Whole(orders, members, 9, seconds, bound))
    monkeypatch.setattr(command, "ticks", lambda orders, members: Ticks(orders, members, 9, 0.25, 0.5, 1.0))
    monkeypatch.setattr(command, "month", lambda _: OUTCOMES)


def test_it_writes_what_it_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    measured(monkeypatch, a_row())
    told, chart = tmp_path / "match.json", tmp_path / "month.svg"
    assert command.main(["match", "--quick", "--json", str(told), "--chart", str(chart)]) == 0
    figures = json.loads(told.read_text(encoding="utf-8"))
    assert set(figures) == {"same_graph", "whole_match", "tick", "month", "broken"}
    assert (figures["same_graph"][0]["ratio"], figures["broken"]) == (0.5, [])
    assert (figures["tick"]["written"], figures["tick"]["seconds"]) == (1.0, 1.75)
    assert [one["name"] for one in figures["month"]] == list(NAMES)
    assert chart.read_text(encoding="utf-8") == svg(OUTCOMES)


@pytest.mark.parametrize(
    ("row", "seconds", "said"),
    [
        (a_row(dearer=1), 0.01, "dearer than the peer"),
        (a_row(ours=2.0), 0.01, "above 1"),
        (a_row(), 99.0, "not under"),
    ],
)
def test_a_broken_figure_ends_it_with_1(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, row: SameGraph, seconds: float, said: str
) -> None:
    measured(monkeypatch, row, seconds=seconds)
    told = tmp_path / "match.json"
    assert command.main(["match", "--quick", "--json", str(told)]) == 1
    (broken,) = json.loads(told.read_text(encoding="utf-8"))["broken"]
    assert said in broken


def test_the_whole_city_is_matched_unless_it_is_to_be_quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    measured(monkeypatch, a_row())
    told = tmp_path / "match.json"
    for arguments, sizes in ((["--quick"], [200]), ([], [200, 10_000])):
        assert command.main(["match", *arguments, "--json", str(told)]) == 0
        assert [one["orders"] for one in json.loads(told.read_text(encoding="utf-8"))["whole_match"]] == sizes


def test_no_other_bench_is_known_here() -> None:
    with pytest.raises(SystemExit):
        command.main(["flow"])


def test_the_chart_has_a_bar_for_each_way_in_each_panel_as_long_as_its_figure() -> None:
    picture = ElementTree.fromstring(svg(OUTCOMES))  # noqa: S314 written right here
    bars = [float(bar.attrib["width"]) for bar in picture.iter(BAR) if bar.attrib["width"] != "100%"]
    assert len(bars) == len(PANELS) * len(NAMES)
    assert [round(bar / bars[2], 2) for bar in bars[:3]] == [0.33, 0.67, 1.0]
    words = [text.text for text in picture.iter(WORDS)]
    assert [words.count(name) for name in NAMES.values()] == [len(PANELS)] * len(NAMES)
    assert {"100", "200", "300", "90.0", "0.50"} <= set(words)


def test_a_month_in_which_nothing_happened_is_a_picture_too() -> None:
    nothing = [Outcome(name, 0, 0.0, 0.0, 0.0, 0.0, 0, 0) for name in NAMES]
    assert "nan" not in svg(nothing)
    ElementTree.fromstring(svg(nothing))  # noqa: S314 written right here
