"""Pictures are drawn anew in a native thread, one at a time: the others' requests go on, and memory has a bound."""

from collections.abc import Callable
from typing import Any

from eventlet import tpool
from eventlet.semaphore import Semaphore

from contracts.errors import Busy
from contracts.words import Text
from gateway.pictures.redraw import Bounds, Redrawn, redraw

QUEUE_SECONDS = 10.0
"""How long one picture waits for its turn at most."""

Run = Callable[..., Any]


class Drawing:
    """``redraw`` in turn; a large picture takes up to 350 MB while it is decoded, so two never are."""

    def __init__(self, bounds: Bounds, *, run: Run = tpool.execute, seconds: float = QUEUE_SECONDS) -> None:
        self._bounds = bounds
        self._run = run
        self._seconds = seconds
        self._turn = Semaphore(1)

    def draw(self, data: bytes) -> Redrawn:
        """The picture anew; raises Invalid as ``redraw`` does, Busy where too many wait."""
        if not self._turn.acquire(timeout=self._seconds):
            raise Busy("pictures-busy", Text(zh="照片较多,请稍后再发", en="many pictures are coming in: try again"))
        try:
            drawn: Redrawn = self._run(redraw, data, self._bounds)
        finally:
            self._turn.release()
        return drawn
