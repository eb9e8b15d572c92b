"""What becomes of a text that somebody typed, pasted or made up: one rule for every text that comes in.

Refused is what cannot be stored: NUL and lone surrogates. Taken out is what nobody sees and what makes a screen, a log
line or a list say something else than was typed: control characters, marks that turn the direction of writing (Unicode
UAX 9: a reader isolates a right-to-left name instead), characters without width, non-characters, variation selectors
where there is nothing to vary (two names would look the same, and a row of them hides any text), and towers of
combining marks. Every letter of every script stays, and so do the joiners where a script or an emoji needs them
(RFC 5892, appendix A.1 and A.2, in a simpler form).
"""

import re

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL and lone surrogates."""

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = (
    "\x01-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and newline
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufdd0-\ufdef\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
) + "".join(chr(0x10000 * plane + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
_JOINED = (
    "\u0600-\u061b\u061d-\u109f\u1780-\u17b3\u17b6-\u17ff\u1800-\u180d\u180f-\u18af\u1a00-\u1cff"
    "\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"  # scripts whose letters change shape beside each other
    "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"  # what emoji are made of
)
_JOINERS = f"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])"
_MARKS = "\u0300-\u033f\u0340-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOWER = f"(?<=[{_MARKS}]{{4}})[{_MARKS}]"
_VARIANTS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_NOTHING_TO_VARY = re.compile(rf"(?:\A|(?<=[A-Za-z\s{_VARIANTS}\u200c\u200d{_UNSEEN}]))[{_VARIANTS}]")
_TAKEN_OUT = re.compile(f"[{_UNSEEN}]|{_JOINERS}")
_TOWERS = re.compile(_TOWER)

_SUSPECT = re.compile(f"[\x00\ud800-\udfff{_UNSEEN}\u200c\u200d{_VARIANTS}{_MARKS}]")


def is_clean(text: str) -> bool:
    """Is *text* surely taken as it is? Quick, since every text of every event is asked about; no says nothing yet."""
    return (text.isascii() and text.isprintable()) or _SUSPECT.search(text) is None


def clean(text: str) -> str:
    """*text* without what nobody sees; line ends become ``\\n``. Cleaning twice changes nothing more."""
    if is_clean(text):
        return text
    told_apart = _NOTHING_TO_VARY.sub("", _BREAKS.sub("\n", text))
    return _TOWERS.sub("", _TAKEN_OUT.sub("", told_apart))
