"""Decodes one HEIC picture in a process of its own: its decoders have a history of faults, and read what anyone sends.

Run by its path, ``python -I heic_child.py PIXELS SIDE``, with an empty environment: it knows no key and no database,
opens no file, and has a bound of memory and time. The picture comes by stdin; ``WIDTH HEIGHT``, a line end and the
plain RGB of what it shows, upright and no larger than SIDE, go to stdout. Exit code 0; TOO_MANY: it has more than
PIXELS; any other: it is none.
"""

import resource
import sys

import pillow_heif
from PIL import Image

MEMORY = 1 << 30
"""Bytes of addresses; what a header hides from the count of pixels ends here."""
SECONDS = 15
"""Of one processor."""
TOO_MANY = 2


def main(pixels: int, side: int) -> int:
    """Decode; returns the exit code."""
    _bound()
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False
    file = pillow_heif.open_heif(sys.stdin.buffer.read(), convert_hdr_to_8bit=True)
    width, height = file.size
    if width * height > pixels:
        return TOO_MANY
    # The container's own rotation is applied by the decoder; that of EXIF is a copy of it, not to be applied again.
    shown = _on_white(file.to_pillow(), side)
    sys.stdout.buffer.write(b"%d %d\n" % shown.size + shown.tobytes())
    return 0


def _bound() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _on_white(image: Image.Image, side: int) -> Image.Image:
    see_through = image.mode[-1] in "Aa"
    mode = "RGBA" if see_through else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    ground = Image.new("RGB", plain.size, "white")
    ground.paste(plain, mask=plain.getchannel("A") if see_through else None)
    return ground


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
