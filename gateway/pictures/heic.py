"""HEIC, which telephones send as they took it: known by its first bytes, decoded by a child process (heic_child)."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

from gateway.pictures import heic_child

SECONDS = 30.0
"""How long the child may take, however busy the machine is."""
BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
"""Of one picture or several; no films (hevc), no AVIF."""

_CHILD = str(Path(heic_child.__file__))


class TooManyPixels(Exception):
    """It has more pixels than may be decoded."""


def is_heic(data: bytes) -> bool:
    """Does it say so of itself (ISO/IEC 23008-12)?"""
    return data[4:8] == b"ftyp" and data[8:12] in BRANDS


def decoded(data: bytes, pixels: int, side: int) -> Image.Image:
    """What it shows, upright, as RGB and no larger than *side*; raises TooManyPixels, ValueError where it is none."""
    command = [sys.executable, "-I", _CHILD, str(pixels), str(side)]
    try:
        done = subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError("its decoder did not come to an end") from error
    if done.returncode == heic_child.TOO_MANY:
        raise TooManyPixels
    if done.returncode:
        raise ValueError(f"no decoder reads it: {done.returncode}")
    head, _, rows = done.stdout.partition(b"\n")
    width, height = map(int, head.split())
    return Image.frombytes("RGB", (width, height), rows)
