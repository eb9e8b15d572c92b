"""docs/glossary.md has every coded word of the published language, in both languages."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from contracts import (
    following,
    harm,
    hours,
    ladder,
    languages,
    ledger,
    pleas,
    public_answers,
    results,
    roster,
    slips,
    talk,
    words,
)

GLOSSARY = Path(words.__file__).parents[1] / "docs" / "glossary.md"
ROOMS = (following, harm, hours, languages, words, ladder, ledger, pleas, results, slips, talk, public_answers, roster)
CODED = [
    kind for room in ROOMS for kind in vars(room).values() if isinstance(kind, type) and kind.__mro__[1] is StrEnum
]


@pytest.fixture(scope="module")
def rows() -> list[list[str]]:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


@pytest.mark.parametrize("kind", CODED, ids=lambda kind: kind.__name__)
def test_every_coded_word_is_explained(kind: type[StrEnum], rows: list[list[str]]) -> None:
    explained = {code for row in rows for code in re.findall(r"`([a-z_]+)`", row[2])}
    assert {word.value for word in kind} <= explained


def test_every_row_is_whole_and_bilingual(rows: list[list[str]]) -> None:
    for zh, en, *rest in rows[2:]:
        assert len(rest) == 2, zh
        assert zh, en
        assert en, zh
