"""The month as a picture: a few bars, written by hand, so that no library for pictures is needed for them."""

from collections.abc import Callable, Sequence
from html import escape

from tests.bench.month import Outcome

NAMES = {
    "greedy_nearest": "最近者先 greedy-nearest",
    "batch_without_fairness": "成批,不计公平 batch, no fairness",
    "batch_with_fairness": "成批,计公平 batch with fairness",
}
COLOURS = ("#9a9a9a", "#d9a441", "#b3262e")
PANELS: Sequence[tuple[str, Callable[[Outcome], float], str]] = (
    ("平均距离 mean distance (m)", lambda one: one.metres, "{:.0f}"),
    ("平均等候 mean wait (min)", lambda one: one.minutes, "{:.1f}"),
    ("有人接的 served (%)", lambda one: 100 * one.served, "{:.1f}"),
    ("基尼系数 Gini of tasks", lambda one: one.gini, "{:.2f}"),
)
WIDTH, HEIGHT, LEFT, BAR = 720, 150, 250, 26


def svg(outcomes: Sequence[Outcome]) -> str:
    """A picture with one panel for each figure and one bar for each way."""
    parts = [
        f'<g transform="translate(0 {number * HEIGHT})">{panel}</g>' for number, panel in enumerate(_panels(outcomes))
    ]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT * len(PANELS)}" font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join((head, '<rect width="100%" height="100%" fill="#ffffff"/>', *parts, "</svg>")) + "\n"


def _panels(outcomes: Sequence[Outcome]) -> list[str]:
    return [_panel(title, [value(one) for one in outcomes], outcomes, shown) for title, value, shown in PANELS]


def _panel(title: str, values: Sequence[float], outcomes: Sequence[Outcome], shown: str) -> str:
    longest = max(values) or 1.0
    lines = [f'<text x="12" y="26" font-weight="bold">{escape(title)}</text>']
    for number, (value, one, colour) in enumerate(zip(values, outcomes, COLOURS, strict=True)):
        top, length = 42 + number * (BAR + 6), (WIDTH - LEFT - 80) * value / longest
        lines.append(f'<text x="12" y="{top + 18}">{escape(NAMES[one.name])}</text>')
        lines.append(f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>')
        lines.append(f'<text x="{LEFT + length + 8:.1f}" y="{top + 18}">{shown.format(value)}</text>')
    return "\n".join(lines)
