"""HEIC as telephones send it: drawn anew like any other picture, decoded where its decoders can do no harm."""

import os
import struct
from io import BytesIO
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from contracts.errors import Invalid
from gateway.pictures import heic
from gateway.pictures.redraw import Bounds, redraw

BOUNDS = Bounds(pixels=1_600_000, side=400, small_side=64)
MARK = b"SECRET-7431"


def a_heic(width: int = 160, height: int = 80, orientation: int = 1, mode: str = "RGB") -> bytes:
    """Red on the left, blue on the right; held as *orientation* says."""
    image = Image.new(mode, (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = MARK.decode()
    written = BytesIO()
    pillow_heif.from_pillow(image).save(written, quality=90, exif=exif.tobytes())
    return written.getvalue()


def claiming(data: bytes, width: int, height: int) -> bytes:
    """The same file, whose head says that it is of another size."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def test_it_becomes_two_plain_jpegs_and_nothing_else_of_it_is_kept() -> None:
    data = a_heic(1_000, 500)
    assert MARK in data
    drawn = redraw(data, BOUNDS)
    full, small = opened(drawn.full), opened(drawn.small)
    assert (full.format, full.mode, full.size, small.size) == ("JPEG", "RGB", (400, 200), (64, 32))
    assert full.getpixel((20, 100))[0] > 200  # type: ignore[index]
    assert MARK not in drawn.full + drawn.small
    assert not full.getexif()


def test_it_is_turned_upright_once() -> None:
    drawn = redraw(a_heic(orientation=6), BOUNDS)
    assert (drawn.width, drawn.height) == (80, 160)
    assert opened(drawn.full).getpixel((40, 10))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("size", [(1_001, 1_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="picture-too-large"):
        redraw(claiming(a_heic(), *size), BOUNDS)


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0\0\x1cftypheic" + b"\0" * 100,
        b"\0\0\0\x1cftypheic" + os.urandom(2_000),
        a_heic()[:200],
        claiming(a_heic(1_000, 500), 10, 10),
    ],
    ids=["empty", "noise", "cut", "smaller-than-it-is"],
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(data, BOUNDS)


def test_films_and_others_of_the_family_are_not_taken_for_pictures() -> None:
    for brand in (b"avif", b"hevc", b"mp42", b"isom"):
        assert not heic.is_heic(b"\0\0\0\x1cftyp" + brand)


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A child of our own making."""
    script = tmp_path / "child.py"
    monkeypatch.setattr(heic, "_CHILD", str(script))
    return script


def test_a_decoder_that_dies_or_does_not_end_is_a_file_that_is_no_picture(
    scripted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(a_heic(), BOUNDS)
    scripted.write_text("import signal; signal.pause()")
    monkeypatch.setattr(heic, "SECONDS", 0.3)
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(a_heic(), BOUNDS)


def test_the_child_knows_nothing_of_us(scripted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHILIU_MASTER_KEY", "secret")
    scripted.write_text("import os, sys; sys.exit(any(name.startswith('SHILIU') for name in os.environ) * 2)")
    with pytest.raises(Invalid, match="not-a-picture"):
        redraw(a_heic(), BOUNDS)
