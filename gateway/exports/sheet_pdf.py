"""A record sheet as a PDF, from the same fields as its page (``hours_sheet``)."""

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer, Table, TableStyle

from gateway.exports import qr
from gateway.exports.glyphs import PLAIN, Token, as_read, has_missing, tokens
from gateway.exports.hours_sheet import SCAN, Sheet, check_url, facts, paper_of, rows

PLAIN_SIZE, HEAD_SIZE, SMALL_SIZE = 10.0, 18.0, 8.0
LEADING = 1.5
"""Lines stand so many times their size apart: letters that stand on each other need it."""
WIDTHS = tuple(width * mm for width in (20, 24, 34, 28, 20, 22, 13, 13))
CODE_SIDE = 30 * mm
NOT_SHOWN = "标 〓 处是本文件没有字形的字,网页版上有。〓: a letter this file has no shape for; the HTML sheet has it."


class Words(Flowable):
    """A paragraph in whatever script; never parsed, so that nothing typed acts in it."""

    def __init__(self, text: str, size: float = PLAIN_SIZE, *, centred: bool = False) -> None:
        super().__init__()
        self.tokens = tokens(text)
        self._size = size
        self._centred = centred
        self._lines: list[list[Token]] = []

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """How wide and high it is within *width*."""
        self.width, self._lines = width, lines_of(self.tokens, self._size, width)
        self.height = len(self._lines) * self._size * LEADING
        return self.width, self.height

    def draw(self) -> None:
        """On the canvas, line by line."""
        for number, line in enumerate(self._lines, start=1):
            used = sum(token.width(self._size) for token in line)
            x = (self.width - used) / 2 if self._centred else 0.0
            y = self.height - (number - 0.35) * self._size * LEADING
            for (font, _), run in groupby(as_read(line), key=lambda token: (token.font, token.font != PLAIN and token)):
                said = list(run)
                whole = Token(font, "".join(token.text for token in said), None)
                text = self.canv.beginText(x, y)
                text.setFont(font, self._size)
                text.textLine(whole.drawn(self._size))
                self.canv.drawText(text)
                x += whole.width(self._size)


def lines_of(said: Sequence[Token], size: float, width: float) -> list[list[Token]]:
    """Broken where a line is full; what is wider than a line by itself has one to itself."""
    lines: list[list[Token]] = [[]]
    used = 0.0
    for token in said:
        wide = token.width(size)
        if lines[-1] and used + wide > width:
            lines.append([])
            used = 0.0
        lines[-1].append(token)
        used += wide
    return lines


def pdf(sheet: Sheet, public_url: str = "") -> bytes:
    """The whole file; takes a while, so call it in a native thread."""
    paper, url, file = paper_of(sheet), check_url(public_url, sheet), io.BytesIO()
    page = SimpleDocTemplate(file, pagesize=A4, title=paper.title, author="", leftMargin=18 * mm, rightMargin=18 * mm)
    cells = [[Words(cell, SMALL_SIZE) for cell in row] for row in (paper.columns, *rows(sheet))]
    table = Table(cells, colWidths=WIDTHS, repeatRows=1)
    grid = [("GRID", (0, 0), (-1, -1), 0.4, colors.grey), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    table.setStyle(TableStyle([*grid, ("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)]))
    above = [Words(f"{name}:{value}") for name, value in facts(sheet)]
    gap = Spacer(1, 4 * mm)
    parts: list[Any] = [Words(paper.title, HEAD_SIZE, centred=True), gap, _with_code(above, url), gap, table, gap]
    said = [*above, *(cell for row in cells for cell in row)]
    notes = [Words(paper.note, SMALL_SIZE)]
    notes += [Words(NOT_SHOWN, SMALL_SIZE)] if any(has_missing(one.tokens) for one in said) else []
    page.build([*parts, *notes])
    return file.getvalue()


def _with_code(above: Sequence[Words], url: str | None) -> Table:
    """The facts, and beside them the code that whoever is shown the sheet scans."""
    code = [] if url is None else [qr.drawing(url, CODE_SIDE), Words(SCAN, SMALL_SIZE)]
    beside = CODE_SIDE + 6 * mm if code else 0.0
    return Table([[list(above), code]], colWidths=(sum(WIDTHS) - beside, beside) if code else (sum(WIDTHS), 1))
