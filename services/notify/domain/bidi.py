"""Names and numbers inside a sentence that runs the other way: isolated, so that neither turns the other around.

Source: Unicode UAX 9, first strong isolate (FSI) and its end (PDI).
"""

import unicodedata

FSI, PDI = "\u2068", "\u2069"
_TURNS = frozenset({"R", "AL", "AN"})
RTL = "rtl"


class Isolated(str):
    """Text in which everything inserted is isolated already."""

    __slots__ = ()


def runs_left(text: str) -> bool:
    """Is there a letter or digit in it that is written from right to left?"""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _TURNS for letter in text)


def isolated(text: str, direction: str) -> Isolated:
    """*text* as it is put into a sentence that runs in *direction*.

    In a sentence from right to left all that is inserted is isolated, digits of a number among it; in another one only
    what runs from right to left, so that nobody pays for invisible letters of an SMS.
    """
    if isinstance(text, Isolated):
        return text
    if text and (direction == RTL or runs_left(text)):
        return Isolated(f"{FSI}{text}{PDI}")
    return Isolated(text)
