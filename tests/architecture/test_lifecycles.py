"""docs/lifecycles.md draws the tables that the code walks.

To draw it anew: `python -m tests.architecture.test_lifecycles`.
"""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from services.tickets.domain.harm import HARM
from services.tickets.domain.lifecycle import TRANSITIONS
from services.tickets.domain.pleas import PLEA
from services.volunteers.domain.absence import ABSENCE
from services.volunteers.domain.lifecycle import DEMAND, SEAT
from services.volunteers.domain.shift import SHIFT

PAGE = Path(__file__).parents[2] / "docs" / "lifecycles.md"
HEAD = """# 状态 Lifecycles

Drawn from the tables in the code; a test compares. What is not drawn cannot happen.
The words: [glossary.md](glossary.md).
"""


def draw() -> str:
    """The whole page."""
    tables: tuple[tuple[str, Mapping[tuple[StrEnum, StrEnum], StrEnum]], ...] = (
        ("工单 Ticket", TRANSITIONS),
        ("找人 Demand", DEMAND),
        ("名额 Seat", SEAT),
        ("班次 Shift", SHIFT),
        ("没有到、临时取消 Absence", ABSENCE),
        ("疑似侵害报告 Report of suspected harm", HARM),
        ("短信来信 Plea", PLEA),
    )
    return "\n".join([HEAD, *(_picture(title, table) for title, table in tables)])


def _picture(title: str, table: Mapping[tuple[StrEnum, StrEnum], StrEnum]) -> str:
    first = next(iter(table))[0]
    starts = {start for start, _ in table}
    ends = [to for to in dict.fromkeys(table.values()) if to not in starts]
    arrows = [f"    {start.value} --> {to.value}: {action.value}" for (start, action), to in table.items()]
    lines = [f"    [*] --> {first.value}", *arrows, *(f"    {end.value} --> [*]" for end in ends)]
    return "\n".join([f"## {title}", "", "```mermaid", "stateDiagram-v2", *lines, "```", ""])


def test_the_page_draws_what_the_code_walks() -> None:
    assert PAGE.read_text(encoding="utf-8") == draw()


if __name__ == "__main__":
    PAGE.write_text(draw(), encoding="utf-8")
