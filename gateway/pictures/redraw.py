"""A picture that came in is never kept: it is decoded, and what it shows is drawn anew into a plain JPEG.

So nothing of the file survives but what one sees: no place and device (EXIF, GPS, XMP), no colour profile, no comment,
no second file behind the first. Nothing here knows of HTTP or databases; it runs in a native thread.
"""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from contracts.errors import Invalid
from contracts.words import Text

FORMATS = ("JPEG", "PNG", "WEBP")
"""What is read. HEIC is not: its decoders are a plugin with a history of faults, and phones and WeChat convert."""

CONTENT_TYPE = "image/jpeg"
"""What is kept and served."""

QUALITY = 82
SMALL_QUALITY = 75
_HEAD_BYTES = 1_024
_OTHER_FILES = (b"%pdf-", b"<html", b"<!doctype", b"<script", b"<svg", b"<?php", b"#!")
"""What other programs would take the same bytes for, if it stands in their head."""


@dataclass(frozen=True)
class Bounds:
    """``pixels``: the most that is decoded; ``side`` and ``small_side``: the longest side of what is kept."""

    pixels: int
    side: int
    small_side: int


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
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(bounds) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as error:
        # Pillow's decoders raise all of these for broken files.
        raise _no_picture() from error


def _redraw(data: bytes, bounds: Bounds) -> Redrawn:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width < 1 or height < 1 or width * height > bounds.pixels:
            raise _too_many_pixels(bounds)
        # A JPEG can be decoded at a fraction of its size, which spares memory and time.
        image.draft("RGB", (bounds.side, bounds.side))
        upright = ImageOps.exif_transpose(image)
        plain = _on_white(upright)
    plain.thumbnail((bounds.side, bounds.side), Image.Resampling.LANCZOS)
    small = plain.copy()
    small.thumbnail((bounds.small_side, bounds.small_side), Image.Resampling.LANCZOS)
    return Redrawn(_jpeg(plain, QUALITY), _jpeg(small, SMALL_QUALITY), *plain.size)


def _on_white(image: Image.Image) -> Image.Image:
    """The pixels alone, as RGB; what was transparent is white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    plain = image.convert("RGB")
    plain.info.clear()
    return plain


def _jpeg(image: Image.Image, quality: int) -> bytes:
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    written = BytesIO()
    clean.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()


def _is_another_file(data: bytes) -> bool:
    """Would an unpacker, a browser or a PDF reader make something of these bytes?"""
    head = data[:_HEAD_BYTES].lower()
    return any(mark in head for mark in _OTHER_FILES) or zipfile.is_zipfile(BytesIO(data))


def _no_picture() -> Invalid:
    return Invalid(
        "not-a-picture",
        Text(
            zh="这个文件不是能用的照片,请发 JPEG、PNG 或 WebP",
            en="this file is no picture that can be used: send JPEG, PNG or WebP",
        ),
        "picture",
    )


def _too_many_pixels(bounds: Bounds) -> Invalid:
    most = bounds.pixels // 1_000_000
    return Invalid(
        "picture-too-large",
        Text(zh=f"照片太大,最多 {most} 百万像素", en=f"the picture is too large: at most {most} megapixels"),
        "picture",
    )
