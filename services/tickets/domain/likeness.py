"""How alike two descriptions are, in Chinese, in English, or in both: by what they share of their words.

Chinese is compared by its characters and pairs of neighbouring ones, since it has no spaces and a pair is mostly a
word; English and other spaced writing by words without their endings. What says nothing about the thing (please, the,
了) does not count. It is no understanding: a description in another language is like none.
"""

import re
import unicodedata
from collections import Counter

_RUN = re.compile(r"[\u3400-\u9fff]+|[0-9]+|[^\W_0-9\u3400-\u9fff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NUMERAL = re.compile(r"[一二三四五六七八九](?=[号楼栋幢门层排]|单元)")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_EMPTY_CHARACTERS = frozenset(
    "的了吗呢吧啊呀嘛哦是在有和与就都也还很太又我你您他她它们这那个只请谢帮一下把被给到去来说要想能会"
)
_EMPTY_WORDS = frozenset(
    word
    for line in (
        "a an and are at be been but by can could do does for from get has have he her here his i if in is it its",
        "me my no not of on or our please she so some thank thanks that the their them there they this to too us",
        "was we were will with would you your also help how just look need see very want what when where which who",
    )
    for word in line.split()
)
_PAIR_WEIGHT = 2
"""A pair says more than its two characters."""
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST_STEM = 3


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same words); 0 where either says nothing."""
    these, those = marks(one), marks(other)
    shared = sum((these & those).values())
    smaller, larger = sorted((sum(these.values()), sum(those.values())))
    if not shared:
        return 0.0
    # A short report is like a long one that says the same and more; but not fully.
    return 0.5 * shared / smaller + 0.5 * 2 * shared / (smaller + larger)


def marks(text: str) -> Counter[str]:
    """What *text* is compared by, each with its weight."""
    found: Counter[str] = Counter()
    plain = _NUMERAL.sub(lambda found: found[0].translate(_DIGITS), unicodedata.normalize("NFKC", text).casefold())
    for run in _RUN.findall(plain):
        found |= _of_chinese(run) if _CHINESE.match(run) else _of_word(run)
    return found


def _of_chinese(run: str) -> Counter[str]:
    said = "".join(character for character in run if character not in _EMPTY_CHARACTERS)
    pairs = (said[place : place + 2] for place in range(len(said) - 1))
    return Counter(dict.fromkeys(said, 1) | dict.fromkeys(pairs, _PAIR_WEIGHT))


def _of_word(run: str) -> Counter[str]:
    if run in _EMPTY_WORDS:
        return Counter()
    return Counter({_stem(run): _PAIR_WEIGHT})


def _stem(word: str) -> str:
    """Without its ending; numbers and short words stay."""
    if not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
