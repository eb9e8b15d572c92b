"""An event without its sentence would be an error of the list of types, and of every filter that names areas."""

from contracts.event_types import event_types
from contracts.event_words import EVENT_WORDS
from contracts.webhooks import subscribable


def test_every_type_that_is_told_has_its_sentence_and_nothing_else_has() -> None:
    assert EVENT_WORDS.keys() == subscribable() == {one.type for one in event_types()}
    for words in EVENT_WORDS.values():
        assert words.zh
        assert words.en
        assert words.zh != words.en
