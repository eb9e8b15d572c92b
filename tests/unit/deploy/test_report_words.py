"""The table at the end of a run says every end, result and confirmation in Chinese and English."""

import pytest

from contracts.words import ENDED, ClosedBy, OfferStatus, ResultCode
from deploy.simulate.report import WORDS


@pytest.mark.parametrize("word", sorted({*ENDED, *ClosedBy, *ResultCode, *OfferStatus}))
def test_every_word_that_is_counted_is_said_in_both_languages(word: str) -> None:
    assert not WORDS[word].isascii()
    assert WORDS[word].rpartition(" ")[2].isascii()
