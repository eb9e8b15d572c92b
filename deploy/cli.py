"""The command line, `./shiliu`: thin; each group of commands has a room of its own and is named in one table here."""

import signal
import sys
from collections.abc import Callable
from types import FrameType

import typer

from deploy.audit import commands as audit
from deploy.chaos import commands as chaos
from deploy.demo import commands as demo
from deploy.person import commands as person
from deploy.quality import commands as quality
from deploy.replay import commands as replay
from deploy.stack import commands as stack
from deploy.stack import operators
from deploy.stack.failure import StackError
from deploy.stack.narration import errors

GROUPS: tuple[Callable[[typer.Typer], None], ...] = (
    stack.register,
    operators.register,
    person.register,
    quality.register,
    demo.register,
    replay.register,
    audit.register,
    chaos.register,
)
"""A new group of commands is one line here: a function that adds its commands to the application."""


def application() -> typer.Typer:
    """The whole command line."""
    app = typer.Typer(
        help="石榴:群众点单、社区派单、党员接单 / Shiliu: residents order, the community dispatches, members take",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for register in GROUPS:
        register(app)
    return app


def main() -> None:
    """Run the command of the arguments; what cannot be done is one sentence and exit code 1."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        application()(prog_name="./shiliu")
    except StackError as failure:
        errors.print(failure.text.zh, markup=False)
        errors.print(failure.text.en, markup=False)
        sys.exit(1)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
