"""Languages of words: well-formed tags (BCP 47), which one is used where another was asked for, which way it runs."""

import re
from collections.abc import Collection, Iterator

FIRST = "zh-CN"
"""Every template has it, and whoever asked for what nobody wrote reads it."""
NEEDED = (FIRST, "en")
LONGEST = 35
"""Characters of a tag. Source: BCP 47, section 4.4.1."""

_TAG = re.compile(
    r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*", re.IGNORECASE | re.ASCII
)
_RTL_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo", "adlm", "rohg", "mand", "samr"})
_RTL = frozenset({"ar", "ug", "fa", "ur", "he", "yi", "ps", "sd", "dv", "ckb", "syr", "nqo", "lrc", "azb"})
"""Languages that are written from right to left unless their script is named. Source: CLDR, likely subtags."""
_RTL_IN_CHINA = frozenset({"kk", "ky", "uz", "tt"})
"""Written with Arabic letters there, and with others elsewhere. Source: CLDR, likely subtags."""
_REGION, _SCRIPT = 2, 4
"""How many letters the subtag of a region, of a script has."""


def canonical(tag: str) -> str | None:
    """The tag as it is written (``zh-CN``, ``ug-Arab``); None where it is none."""
    if len(tag) > LONGEST or _TAG.fullmatch(tag) is None:
        return None
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *map(_written, rest)])


def direction(tag: str) -> str:
    """``rtl`` or ``ltr``, as HTML says it in ``dir``."""
    language, *rest = tag.lower().split("-")
    script = next((part for part in rest if len(part) == _SCRIPT and part.isalpha()), None)
    if script is not None:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    runs_left = language in _RTL or (language in _RTL_IN_CHINA and "cn" in rest)
    return "rtl" if runs_left else "ltr"


def best(wanted: str, there: Collection[str]) -> str:
    """Which of the locales that are *there* is read by whoever *wanted* these, the dearest first, between commas.

    Each is looked for as it is, then without its last parts (``ug-Arab-CN``, ``ug-Arab``, ``ug``), then as another of
    the same language; then the next; in the end it is zh-CN.
    """
    for tag in filter(None, map(canonical, map(str.strip, wanted.split(",")))):
        for asked in _shorter(tag):
            if asked in there:
                return asked
        language = tag.partition("-")[0]
        for other in there:
            if other.partition("-")[0] == language:
                return other
    return FIRST


def _shorter(tag: str) -> Iterator[str]:
    parts = tag.split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()


def _written(part: str) -> str:
    if len(part) == _REGION:
        return part.upper()
    return part.title() if len(part) == _SCRIPT and part.isalpha() else part.lower()
