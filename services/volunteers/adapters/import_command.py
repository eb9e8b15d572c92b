"""The operators' verb ``import``: its arguments and what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from chassis.arguments import VerbArguments
from services.volunteers.adapters.importer import Report

SHOWN = 200
"""So many problems are listed; a file with more is wrong from the ground up."""


@dataclass(frozen=True)
class Arguments:
    """``import members|teams|roster FILE --community ID [--skip-bad]``; of a roster also ``[--from DAY] [--weeks N]``:
    a day of the week stands for the next one of its kind, from ``first`` on, in so many weeks."""

    kind: str
    file: Path
    community: str
    skip_bad: bool
    first: date | None = None
    weeks: int = 1


def read_arguments(arguments: Sequence[str]) -> Arguments:
    """Parse the command line; ends the process with a sentence where it cannot be understood."""
    parser = VerbArguments(
        prog="import", description="导入成员、队伍或值班表(CSV、XLSX) / import members, teams or a roster (CSV, XLSX)"
    )
    parser.add_argument("kind", choices=("members", "teams", "roster"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--community", required=True)
    parser.add_argument("--skip-bad", action="store_true", help="跳过有问题的行 / leave bad rows out")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, help="值班表从哪天起 / a roster's first day")
    parser.add_argument(
        "--weeks", type=int, default=1, choices=range(1, 54), metavar="1..53", help="排几周 / how many weeks"
    )
    chosen = parser.parse_args(list(arguments))
    return Arguments(chosen.kind, chosen.file, chosen.community, chosen.skip_bad, chosen.first, chosen.weeks)


def told(report: Report) -> Iterator[str]:
    """The report in lines for a person."""
    for problem in report.problems[:SHOWN]:
        yield str(problem)
    more = len(report.problems) - SHOWN
    if more > 0:
        yield f"……还有 {more} 处 / and {more} more"
    if not report.written:
        count = len(report.problems)
        yield f"有 {count} 处要改,什么都没有写入 / {count} things to mend, nothing was written"
        return
    left_out = len({problem.line for problem in report.problems})
    zh = f"导入 {report.rows} 行,变了 {report.changed} 行,跳过 {left_out} 行"
    yield f"{zh} / {report.rows} rows imported, {report.changed} changed, {left_out} left out"
