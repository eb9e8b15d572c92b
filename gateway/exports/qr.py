"""A QR code of an address, as SVG; PDFs have reportlab's own widget for it."""

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

QUIET = 4
"""Light modules around it, as the standard wants them."""


def svg(text: str) -> str:
    """Dark squares on white, one unit a module."""
    code = QrCodeWidget(text, barLevel="M").qr
    code.make()
    size = code.getModuleCount()
    dark = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y in range(size) for x in range(size) if code.isDark(y, x))
    whole = size + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" role="img">'
        f'<path fill="#fff" d="M0 0h{whole}v{whole}h-{whole}z"/><path d="{dark}"/></svg>'
    )


def drawing(text: str, side: float) -> Drawing:
    """For a PDF, *side* points wide and high."""
    made = Drawing(side, side)
    made.add(QrCodeWidget(text, barLevel="M", barWidth=side, barHeight=side, barBorder=QUIET))
    return made
