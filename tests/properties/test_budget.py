"""An ordinary run looks at the same examples wherever it runs and whatever ran before it."""

import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import budget


def seen() -> list[int]:
    """What the drawn numbers of one property are."""
    found: list[int] = []

    @budget.examples(60)
    @given(st.integers(0, 2**40))
    def look(number: int) -> None:
        found.append(number)

    look()
    return found


@pytest.mark.skipif(budget.searching(), reason="a search looks at others each time")
def test_what_was_imported_before_changes_no_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = seen()
    monkeypatch.syspath_prepend(str(tmp_path))
    numbers = ", ".join(str(2**30 + number) for number in range(200))
    (tmp_path / "a_module_of_numbers.py").write_text(f"NUMBERS = [{numbers}]\n", encoding="utf-8")
    importlib.import_module("a_module_of_numbers")
    try:
        assert seen() == before
    finally:
        sys.modules.pop("a_module_of_numbers")
