"""The clients that measure, each a process of its own: what they cost is not in the gateway's figures."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from deploy.stack.services import PROJECT

CROWDS = 2
"""Processes that share the streams."""


class Child:
    """One process that is told lines and answers lines of JSON."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", f"tests.bench.fanout.{module}", *arguments]
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def tell(self, line: str) -> None:
        """Send one line."""
        if self._process.stdin is not None:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def hear(self) -> Any:
        """The next line; raises RuntimeError where the process ended instead."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError(f"a client ended with {self._process.wait()}")
        return json.loads(line)

    def last_words(self) -> Any:
        """End its input, and hear what it says then."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        return self.hear()

    def end(self) -> None:
        """It is needed no more."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


@contextmanager
def a_child(module: str, *arguments: str) -> Iterator[Child]:
    """One of them, for as long as this lasts."""
    child = Child(module, *arguments)
    try:
        yield child
    finally:
        child.end()


class Listeners:
    """So many open streams, in some processes."""

    def __init__(self, children: Sequence[Child], host: str, port: int) -> None:
        self._children = children
        self._place = {"host": host, "port": port}

    def open(self, tokens: Sequence[str]) -> dict[str, int]:
        """Open a stream for each token; how many were answered how."""
        count = len(self._children)
        for number, child in enumerate(self._children):
            child.tell(json.dumps({**self._place, "tokens": tokens[number::count]}))
        told: dict[str, int] = {}
        for child in self._children:
            for status, many in child.hear().items():
                told[status] = told.get(status, 0) + many
        return told

    def report(self) -> tuple[dict[str, list[float]], int, int]:
        """(when which event was heard, in ms since 1970; gaps; streams that ended), since the last report."""
        heard: dict[str, list[float]] = {}
        gaps = ended = 0
        for child in self._children:
            child.tell("report")
        for child in self._children:
            said = child.hear()
            gaps, ended = gaps + said["gaps"], ended + said["ended"]
            for event, times in said["heard"].items():
                heard.setdefault(event, []).extend(times)
        return heard, gaps, ended


@contextmanager
def listeners(host: str, port: int, processes: int = CROWDS) -> Iterator[Listeners]:
    """Nobody yet."""
    children = [Child("crowd") for _ in range(processes)]
    try:
        yield Listeners(children, host, port)
    finally:
        for child in children:
            child.end()
