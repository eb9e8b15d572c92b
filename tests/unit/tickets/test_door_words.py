"""Whoever has read a message does not know the door word: no word is one that messages say anyway."""

from pathlib import Path

import pytest

import services.notify.adapters
from services.tickets.domain.door_words import DOOR_WORDS

TOLD = Path(services.notify.adapters.__file__).parent / "data" / "templates.yaml"
SIGNED = "【石榴里】"
"""How an SMS of the demo's community begins; the platform is called so, too."""


@pytest.mark.parametrize("word", DOOR_WORDS)
def test_no_message_says_a_door_word(word: str) -> None:
    assert len(word) == 2
    assert word not in SIGNED + TOLD.read_text(encoding="utf-8")


def test_no_word_is_there_twice() -> None:
    assert len(set(DOOR_WORDS)) == len(DOOR_WORDS) > 100
