"""The checks that need no broker: style, types, walls between the rooms, architecture tests."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

AT_ONCE = 2
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Check:
    """One tool and how to run it."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What one tool said."""

    name: str
    passed: bool
    output: str
    seconds: float


def checks(project: Path) -> list[Check]:
    """The tools to run, the slowest first."""
    found = [
        Check("mypy", ("-m", "mypy")),
        Check("import-linter", ("-c", LINT_IMPORTS)),
        Check("ruff check", ("-m", "ruff", "check", ".", "shiliu")),
        Check("ruff format", ("-m", "ruff", "format", "--check", ".", "shiliu")),
    ]
    if (project / "tests" / "architecture").is_dir():
        found.insert(1, Check("architecture", ("-m", "pytest", "-q", "tests/architecture")))
    return found


def run_all(project: Path) -> Iterator[Verdict]:
    """Run all checks, two at a time, and give each verdict as it comes."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for future in as_completed([pool.submit(_run, check, project) for check in checks(project)]):
            yield future.result()


def _run(check: Check, project: Path) -> Verdict:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, *check.arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Verdict(check.name, done.returncode == 0, done.stdout, time.monotonic() - begun)
