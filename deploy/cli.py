"""The command line, `./shiliu`: thin; each group of commands has a room of its own and is named in one table here."""

import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

import typer

from contracts.typed import UNKEEPABLE
from contracts.words import Text
from deploy.audit import commands as audit
from deploy.chaos import commands as chaos
from deploy.demo import commands as demo
from deploy.person import commands as person
from deploy.providers import commands as providers
from deploy.quality import bench
from deploy.quality import commands as quality
from deploy.receiver import commands as receiver
from deploy.replay import commands as replay
from deploy.stack import commands as stack
from deploy.stack import operators
from deploy.stack.failure import StackError
from deploy.stack.narration import errors
from deploy.upstream import commands as upstream

NOT_UNDERSTOOD = 2

GROUPS: tuple[Callable[[typer.Typer], None], ...] = (
    stack.register,
    operators.register,
    person.register,
    upstream.register,
    receiver.register,
    providers.register,
    quality.register,
    bench.register,
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
    """Run the command of the arguments; one sentence says what cannot be done (exit 1), or is not understood (2)."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        _require_text(sys.argv[1:])
        sys.exit(application()(prog_name="./shiliu", standalone_mode=False))
    except StackError as failure:
        _say(failure.text)
        sys.exit(1)
    except typer.Abort:
        _say(Text("没有做", "not done"))
        sys.exit(1)
    except typer.TyperException as odd:
        _explain(odd)
        sys.exit(NOT_UNDERSTOOD)


def _require_text(arguments: Sequence[str]) -> None:
    """What is no UTF-8 would break whatever prints, stores or sends it, somewhere on its way."""
    for argument in arguments:
        if UNKEEPABLE.search(argument):
            raise StackError(f"参数 {argument!a} 不是 UTF-8 文字", f"the argument {argument!a} is no UTF-8 text")


def _explain(odd: typer.TyperException) -> None:
    """Say what is wrong with the arguments; nothing is said of there being none: then the help was shown."""
    if said := odd.format_message():
        context = getattr(odd, "ctx", None)
        path = context.command_path if context else "./shiliu"
        _say(Text(f"命令写得不对,用法见 {path} --help:", said))


def _say(text: Text) -> None:
    errors.print(text.zh, markup=False)
    errors.print(text.en, markup=False)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
