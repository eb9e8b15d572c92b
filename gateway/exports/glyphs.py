"""Which font shows which letter in a PDF. No letter becomes an empty box: what no font has is printed as 〓.

Chinese is in STSong-Light, which readers bring along (Adobe-GB1): it is named, not embedded, for what GBK holds. All
else (Uyghur, Tibetan, rare characters of names) is embedded from a font of the machine, or from the pinned package of
Noto Sans Arabic, and shaped by HarfBuzz, so that letters join and stand on each other as they should.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import fontpkg_noto_sans_arabic
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont, shapeStr

PLAIN = "STSong-Light"
MISSING = "〓"
"""What printers set for a letter that they have no type for."""
FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path(fontpkg_noto_sans_arabic.ROOT),
    Path(reportlab.__file__).parent / "fonts",
)
_HAN = ("HanaMinA.ttf", "HanaMinB.ttf", "simsun.ttc", "simsunb.ttf", "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf")
FILES = (
    (((0x0600, 0x08FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF)), ("NotoSansArabic-Regular.ttf", "NotoSansArabic*.ttf")),
    (((0x0F00, 0x0FFF),), ("NotoSerifTibetan-Regular.ttf", "DDC_Uchen.ttf", "TibetanMachineUni.ttf")),
    (((0x2E80, 0x2FDF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)), _HAN),
    (((0x0000, 0xFFFF),), ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "Vera.ttf")),
)
"""For letters of these ranges fonts of these names, the first that has the letter; TrueType outlines alone can be
embedded."""
LONGEST_WORD = 24
"""Letters; what is longer is torn apart, so that it stays within its cell."""
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_TSHEG = "\u0f0b"
_NOT_PRINTED = frozenset({"Cc", "Cf", "Cs", "Co"})


@dataclass(frozen=True)
class Token:
    """What is never torn apart at the end of a line. ``rtl`` None: it goes along with what stands around it."""

    font: str
    text: str
    rtl: bool | None

    def drawn(self, size: float) -> Any:
        """The text, shaped where the font is one that is embedded."""
        return self.text if self.font == PLAIN else shapeStr(self.text, self.font, size)

    def width(self, size: float) -> float:
        """In points."""
        drawn = self.drawn(size)
        if isinstance(drawn, str) and not hasattr(drawn, "__shapeData__"):
            return float(pdfmetrics.stringWidth(drawn, self.font, size))
        return float(sum(one.x_advance for one in drawn.__shapeData__) * size / 1000)


def tokens(text: str) -> list[Token]:
    """*text* in pieces with the font of each: words of what is shaped, single characters of the rest."""
    return list(_joined((char, font_of(char)) for char in text if unicodedata.category(char) not in _NOT_PRINTED))


def has_missing(said: Sequence[Token]) -> bool:
    """Is there a letter that no font has?"""
    return any(MISSING in token.text for token in said)


def as_read(line: Sequence[Token]) -> list[Token]:
    """From left to right as they stand on paper: words from right to left change places, and what is between them."""
    placed: list[Token] = []
    at = 0
    while at < len(line):
        end = at + 1
        if line[at].rtl:
            for ahead in range(at + 1, len(line)):
                if line[ahead].rtl is False:
                    break
                end = ahead + 1 if line[ahead].rtl else end
        placed += reversed(line[at:end])
        at = end
    return placed


@lru_cache(maxsize=4096)
def font_of(char: str) -> str | None:
    """The name of the font for *char*, ready to be used; None: there is none."""
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        names = chain.from_iterable(files for spans, files in FILES if any(a <= ord(char) <= b for a, b in spans))
        return next((name for name in names if ord(char) in _letters(name)), None)
    _register_plain()
    return PLAIN


def _joined(chars: Iterator[tuple[str, str | None]]) -> Iterator[Token]:
    word, font = "", PLAIN
    for char, found in chars:
        if word and (found != font or not _goes_on(word)):
            yield Token(font, word, _rtl(word))
            word = ""
        if found == PLAIN:
            yield Token(PLAIN, char, _rtl(char))
        elif found is None and not _is_mark(char):
            yield Token(PLAIN, MISSING, None)
        if found in (None, PLAIN):
            continue
        word, font = word + char, found
    if word:
        yield Token(font, word, _rtl(word))


def _is_mark(char: str) -> bool:
    """Does it stand on the letter before it?"""
    return unicodedata.category(char).startswith("M")


def _goes_on(word: str) -> bool:
    """May another letter of the same font belong to *word*? Chinese breaks anywhere, Tibetan after its dot."""
    return unicodedata.east_asian_width(word[-1]) != "W" and word[-1] != _TSHEG and len(word) < LONGEST_WORD


def _rtl(text: str) -> bool | None:
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in _RIGHT_TO_LEFT:
            return True
        if kind in ("L", "EN"):
            return False
    return None


@lru_cache(maxsize=1)
def _register_plain() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(PLAIN))


@lru_cache(maxsize=64)
def _letters(pattern: str) -> frozenset[int]:
    """What the first font of that name has, which can be used by that name from now on; nothing where there is none."""
    for path in chain.from_iterable(sorted(folder.rglob(pattern)) for folder in FOLDERS if folder.is_dir()):
        try:
            font = TTFont(pattern, path)
        except (TTFError, OSError):
            continue
        pdfmetrics.registerFont(font)
        return frozenset(font.face.charToGlyph)
    return frozenset()
