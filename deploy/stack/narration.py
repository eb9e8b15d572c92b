"""Telling the person at the terminal, in both languages, what is being done."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from contracts.words import Text
from deploy.stack.stack import Say

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def both(text: Text) -> str:
    """One line with both languages."""
    return f"{text.zh}  [dim]{text.en}[/dim]"


@contextmanager
def narrated() -> Iterator[Say]:
    """A Say that turns a spinner at a terminal, and prints a line per step anywhere else."""
    if not console.is_terminal:
        yield lambda text: console.print(both(text))
        return
    with console.status("") as status:
        yield lambda text: status.update(both(text))
