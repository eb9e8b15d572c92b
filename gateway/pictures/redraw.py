"""A picture that came in is never kept: it is decoded, and what it shows is drawn anew into a plain JPEG.

So nothing of the file survives but what one sees: no place and device (EXIF, GPS, XMP), no colour profile, no comment,
no second file behind the first. Nothing here knows of HTTP or databases; it runs in a native thread.
"""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from contracts.errors import Invalid
from contracts.words import Text
from gateway.pictures import heic

FORMATS = ("JPEG", "PNG", "WEBP")
"""What Pillow reads here; HEIC is read beside it, by a process of its own."""

CONTENT_TYPE = "image/jpeg"
"""What is kept and served."""

SCALED = frozenset({"JPEG", "MPO"})
ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The tag of EXIF that says how the camera was held, and what sets the picture upright."""
QUALITY = 82
SMALL_QUALITY = 75
MOST_SCANS = 40
"""Layers of a progressive JPEG; cameras write ten. Each is a walk over all pixels that costs 64 bytes of file: 10 MiB
of them would keep the one thread for pictures busy for hours."""
_SCAN = b"\xff\xda"
_HEAD_BYTES = 1_024
_OTHER_FILES = (b"%pdf-", b"<html", b"<!doctype", b"<script", b"<svg", b"<?php", b"#!")
"""What other programs would take the same bytes for, if it stands in their head."""


@dataclass(frozen=True)
class Bounds:
    """``pixels``: the most that is decoded; ``side`` and ``small_side``: the longest side of what is kept."""

    pixels: int
    side: int
    small_side: int

    def of(self, kind: str | None) -> int:
        """The most pixels of one format: only JPEG can be decoded at a fraction of its size."""
        return self.pixels if kind in SCALED else self.pixels * 2 // 5

    @property
    def of_heic(self) -> int:
        """The most of a HEIC, decoded elsewhere: telephones send 12 or 24 million."""
        return self.pixels * 5 // 8


@dataclass(frozen=True)
class Redrawn:
    """Two JPEGs of what a picture shows, turned upright, and the size of the larger."""

    full: bytes
    small: bytes
    width: int
    height: int


def redraw(data: bytes, bounds: Bounds) -> Redrawn:
    """Draw the picture of *data* anew; raises Invalid where it is none, too large, broken, or another file too."""
    if _is_another_file(data):
        raise _no_picture()
    try:
        return _redraw(data, bounds)
    except Invalid:
        raise
    except heic.TooManyPixels as error:
        raise _too_many_pixels(bounds.of_heic) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(bounds.pixels) from error
    except Exception as error:
        raise _no_picture() from error


def _redraw(data: bytes, bounds: Bounds) -> Redrawn:
    is_heic = heic.is_heic(data)
    upright = heic.decoded(data, bounds.of_heic, bounds.side) if is_heic else _upright(data, bounds)
    small = upright.copy()
    small.thumbnail((bounds.small_side, bounds.small_side), Image.Resampling.LANCZOS)
    return Redrawn(_jpeg(upright, QUALITY), _jpeg(small, SMALL_QUALITY), *upright.size)


def _upright(data: bytes, bounds: Bounds) -> Image.Image:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        most = bounds.of(image.format)
        if width < 1 or height < 1 or width * height > most:
            raise _too_many_pixels(most)
        if image.format in SCALED and data.count(_SCAN) > MOST_SCANS:
            raise _no_picture()
        # A JPEG can be decoded at a fraction of its size, which spares memory and time.
        image.draft("RGB", (bounds.side, bounds.side))
        turn = _turn_of(image)
        plain = _on_white(image, bounds.side)
    return plain if turn is None else plain.transpose(turn)


def _turn_of(image: Image.Image) -> Image.Transpose | None:
    """How to set it upright; None where it is, or says nothing that can be read."""
    try:
        return _TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001  as above; a broken note beside a picture is no reason to refuse it
        return None


def _on_white(image: Image.Image, side: int) -> Image.Image:
    """The pixels alone, as RGB and no larger than *side*; what was transparent is white. Copies as little as can be."""
    see_through = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    mode = "RGBA" if see_through else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", plain.size, "white")
    ground.paste(plain, mask=plain.getchannel("A") if see_through else None)
    return ground


def _jpeg(image: Image.Image, quality: int) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()


def _is_another_file(data: bytes) -> bool:
    """Would an unpacker, a browser or a PDF reader make something of these bytes?"""
    head = data[:_HEAD_BYTES].lower()
    return any(mark in head for mark in _OTHER_FILES) or zipfile.is_zipfile(BytesIO(data))


def _no_picture() -> Invalid:
    return Invalid(
        "not-a-picture",
        Text(
            zh="这个文件不是能用的照片,请发 JPEG、PNG、WebP 或 HEIC",
            en="this file is no picture that can be used: send JPEG, PNG, WebP or HEIC",
        ),
        "picture",
    )


def _too_many_pixels(pixels: int) -> Invalid:
    most = pixels // 1_000_000
    return Invalid(
        "picture-too-large",
        Text(zh=f"照片太大,最多 {most} 百万像素", en=f"the picture is too large: at most {most} megapixels"),
        "picture",
    )
