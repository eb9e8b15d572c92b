"""Which item a text is about, by the pieces of words that both have: two characters of Chinese, a word of English.

A piece that few items have tells much, one that many have little. It proposes; people choose.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from contracts.words import Urgency
from services.tickets.domain.catalogue import CatalogueItem

LEAST = 0.3
"""Below it a text is not like an item: a third of what one of its words tells has to be there."""

_PARTS = re.compile(r"[()（）\[\]、,,;;::/.。!?!?·…]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z][a-z'-]+")
_EMPTY = frozenset({"and", "the", "for", "with", "of", "to", "in", "at", "on", "from", "by", "or", "an", "is", "it"})


@dataclass(frozen=True)
class Likely:
    """An item and how much of one of its words the text has, 0 to 1."""

    item: CatalogueItem
    likeness: float


def likely_items(text: str, items: Sequence[CatalogueItem], most: int = 3) -> list[Likely]:
    """The items that *text* is most likely about, the likeliest first; none where nothing is alike."""
    said = set(_pieces(text))
    terms = {item.id: [set(_pieces(term)) for term in _terms(item)] for item in items}
    held = Counter(piece for sets in terms.values() for piece in set().union(*sets))
    weight = {piece: log(1 + len(items) / count) for piece, count in held.items()}
    found = [
        Likely(item, round(score, 2))
        for item in items
        if (score := max((_covered(term, said, weight) for term in terms[item.id]), default=0.0)) >= LEAST
    ]
    return sorted(found, key=lambda one: (-one.likeness, one.item.code))[:most]


def _terms(item: CatalogueItem) -> Iterator[str]:
    """The words by which people name it: its keywords, of its name, its affairs, its skills, the danger it is about."""
    names = [item.name, *(one.name for one in item.businesses), *(need.name for need in item.skills if need.name)]
    for name in names:
        yield from (part for said in (name.zh, name.en) for part in _PARTS.split(said) if part.strip())
    yield from item.keywords
    if item.urgency is Urgency.EMERGENCY:
        yield from item.danger_words


def _pieces(text: str) -> Iterable[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    for run in _HAN.findall(plain):
        yield from (run[at : at + 2] for at in range(max(1, len(run) - 1)))
    yield from (word.removesuffix("s") for word in _WORD.findall(plain) if word not in _EMPTY)


def _covered(term: set[str], said: set[str], weight: Mapping[str, float]) -> float:
    whole = sum(weight[piece] for piece in term)
    return sum(weight[piece] for piece in term & said) / whole if whole else 0.0
