"""What comes in as a picture is drawn anew: nothing is left but what one sees, and bombs do not go off."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from contracts.errors import Invalid
from gateway.pictures.redraw import FORMATS, MOST_SCANS, Bounds, redraw

BOUNDS = Bounds(pixels=4_000_000, side=400, small_side=64)
MARK = b"SECRET-7431"


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def a_photo(width: int = 80, height: int = 40, left: str = "red", right: str = "blue") -> Image.Image:
    image = Image.new("RGB", (width, height), right)
    image.paste(left, (0, 0, width // 2, height))
    return image


def an_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = MARK.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = (
        "N",
        (TiffImagePlugin.IFDRational(39), TiffImagePlugin.IFDRational(54), TiffImagePlugin.IFDRational(1)),
    )
    return exif


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


GOOD = {kind: encoded(a_photo(), kind, exif=an_exif(6)) for kind in FORMATS}


def a_png_of(width: int, height: int) -> bytes:
    """A header that claims so many pixels, and next to no data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_becomes_two_plain_jpegs(kind: str) -> None:
    drawn = redraw(encoded(a_photo(1000, 500), kind), BOUNDS)
    full, small = opened(drawn.full), opened(drawn.small)
    assert (full.format, full.mode, full.size) == ("JPEG", "RGB", (400, 200))
    assert (small.format, small.size) == ("JPEG", (64, 32))
    assert (drawn.width, drawn.height) == (400, 200)
    assert full.getpixel((20, 100))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_place_device_and_words_are_gone(kind: str) -> None:
    options: dict[str, object] = {"exif": an_exif(), "icc_profile": b"profile " + MARK, "xmp": b"<x>" + MARK + b"</x>"}
    if kind == "JPEG":
        options["comment"] = MARK
    data = encoded(a_photo(), kind, **options)
    assert MARK in data
    drawn = redraw(data, BOUNDS)
    for kept in (drawn.full, drawn.small):
        assert MARK not in kept
        assert not opened(kept).getexif()
        assert {"exif", "icc_profile", "xmp", "comment", "photoshop"}.isdisjoint(opened(kept).info)


@pytest.mark.parametrize(("orientation", "size"), [(1, (80, 40)), (3, (80, 40)), (6, (40, 80)), (8, (40, 80))])
def test_it_is_turned_upright(orientation: int, size: tuple[int, int]) -> None:
    data = encoded(a_photo(), exif=an_exif(orientation), quality=95)
    drawn = redraw(data, BOUNDS)
    assert opened(drawn.full).size == size
    red_side = {1: (5, 20), 3: (75, 20), 6: (20, 5), 8: (20, 75)}[orientation]
    assert opened(drawn.full).getpixel(red_side)[0] > 200  # type: ignore[index]


def test_what_was_transparent_is_white() -> None:
    for image in (Image.new("RGBA", (10, 10), (255, 0, 0, 0)), Image.new("LA", (10, 10), (0, 0))):
        assert opened(redraw(encoded(image, "PNG"), BOUNDS).full).getpixel((5, 5)) == (255, 255, 255)
    palette = Image.new("P", (10, 10), 0)
    assert opened(redraw(encoded(palette, "PNG", transparency=0), BOUNDS).full).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
def test_any_colours_will_do(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(redraw(encoded(Image.new(mode, (12, 12)), kind), BOUNDS).full).mode == "RGB"


@pytest.mark.parametrize("data", [a_png_of(50_000, 50_000), a_png_of(20_000, 20_000), a_png_of(1_601, 1_000)])
def test_a_bomb_is_refused_by_its_header(data: bytes) -> None:
    with pytest.raises(Invalid, match="picture-too-large"):
        redraw(data, BOUNDS)


@pytest.mark.parametrize(
    ("kind", "size", "fits"),
    [
        ("JPEG", (2_000, 2_000), True),
        ("JPEG", (2_001, 2_000), False),
        ("PNG", (1_600, 1_000), True),
        ("WEBP", (1_601, 1_000), False),
    ],
)
def test_what_has_to_be_decoded_whole_may_have_fewer_pixels(kind: str, size: tuple[int, int], fits: bool) -> None:
    data = encoded(Image.new("L", size), kind)
    if fits:
        assert redraw(data, BOUNDS).full
    else:
        with pytest.raises(Invalid, match="picture-too-large"):
            redraw(data, BOUNDS)


@pytest.mark.filterwarnings("ignore")
def test_a_broken_note_beside_a_picture_is_no_reason_to_refuse_it() -> None:
    for broken in (b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 24):
        assert redraw(encoded(a_photo(), exif=broken), BOUNDS).width == 80


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from(FORMATS))
def test_whatever_bytes_come_it_is_a_picture_or_refused(data: st.DataObject, kind: str) -> None:
    """Good files with some bytes changed or cut off: nothing but Invalid leaves the decoder."""
    good = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        drawn = redraw(bytes(good[: data.draw(st.integers(1, len(good)))]), BOUNDS)
    except Invalid:
        return
    assert opened(drawn.full).format == "JPEG"


def test_an_animation_shows_its_first_picture() -> None:
    frames = [a_photo(left="green", right="green"), a_photo()]
    data = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert opened(redraw(data, BOUNDS).full).getpixel((75, 20))[1] > 100  # type: ignore[index]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"GIF89a" + b"\0" * 100,
        encoded(a_photo(), "GIF"),
        encoded(a_photo(), "BMP"),
        encoded(a_photo(), "TIFF"),
        encoded(a_photo(1000, 500))[:2_000],
        encoded(a_photo(), "PNG")[:60],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "一张照片".encode(),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(data, BOUNDS)


def test_a_picture_that_is_an_archive_too_is_refused() -> None:
    archive = BytesIO(encoded(a_photo()))
    archive.seek(0, 2)
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("index.html", "<script>alert(1)</script>")
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(archive.getvalue(), BOUNDS)


@pytest.mark.parametrize("mark", [b"%PDF-1.4", b"<html><script>alert(1)</script>", b"<!DOCTYPE html>", b"<?php "])
def test_a_picture_that_another_program_would_read_is_refused(mark: bytes) -> None:
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(encoded(a_photo(), comment=mark), BOUNDS)


def test_what_a_phone_hangs_behind_a_picture_is_left_behind() -> None:
    """Phones append a short film; it is no reason to refuse, and nothing of it is kept."""
    drawn = redraw(encoded(a_photo()) + b"\0\0\0\x18ftypmp42" + MARK * 50, BOUNDS)
    assert MARK not in drawn.full + drawn.small


def test_a_jpeg_of_many_layers_is_refused_before_it_is_decoded() -> None:
    """Each is a walk over all pixels for a few bytes: 250 kB of them took 23 seconds, and 10 MiB fit."""
    data = encoded(a_photo(), progressive=True)
    layer = data[data.rindex(b"\xff\xda") : -2]
    assert redraw(data[:-2] + layer * 20 + data[-2:], BOUNDS).width == 80
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(data[:-2] + layer * MOST_SCANS + data[-2:], BOUNDS)
