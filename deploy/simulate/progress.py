"""A progress bar on standard error for orders that come to an end; a line now and then where there is no terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.simulate.world import Track

LINE_EVERY_SECONDS = 15.0

Tell = Callable[[str], None]


@contextmanager
def shown(track: Track, total: int) -> Iterator[Tell]:
    """Show how many of *total* orders of *track* were placed and are at an end; gives the way to tell a line beside."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        with _lines(track, total, console):
            yield console.print
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        placed = progress.add_task("点单 placed", total=total)
        ended = progress.add_task("办结 at an end", total=total)

        def update(now: Track) -> None:
            progress.update(placed, completed=len(now.placed))
            progress.update(ended, completed=len(now.placed) - now.open)

        track.on_change = update
        yield progress.console.print


@contextmanager
def _lines(track: Track, total: int, console: Console) -> Iterator[None]:
    last = time.monotonic()

    def update(now: Track) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY_SECONDS:
            last = time.monotonic()
            ended = len(now.placed) - now.open
            console.print(f"点单 placed {len(now.placed)}/{total}, 办结 at an end {ended}")

    track.on_change = update
    yield
