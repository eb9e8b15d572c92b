"""The table of what works with each part down promises nothing that no test has seen."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operations.md"
HEADING = "What works with each part down"
PARTS_DOWN = ROOT / "tests" / "system" / "stops" / "test_with_parts_down.py"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """The cells of the table's rows."""
    section = PAGE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0].partition("\n### ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def functions_of(path: Path) -> set[str]:
    """The test functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_row_names_a_test_that_there_is() -> None:
    found = {row[0]: NAMED.findall(row[-1]) for row in rows()}
    assert len(found) >= 11
    assert [part for part, named in found.items() if len(named) != 1] == []
    assert [named for ((path, named),) in found.values() if named not in functions_of(ROOT / path)] == []


def test_every_test_of_a_part_has_a_row() -> None:
    assert functions_of(PARTS_DOWN) <= {named for row in rows() for _, named in NAMED.findall(row[-1])}


def test_no_cell_is_empty() -> None:
    assert {len(row) for row in rows()} == {10}
    assert [row[0] for row in rows() if not all(row)] == []
