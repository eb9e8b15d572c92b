"""What the gateway promised in its answers, from the journal of a run: read once, kept by what it is about."""

from collections import defaultdict
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from deploy.simulate.journal import Row, read

PREFIX = "/api/v1"
_KINDS = {
    "tickets": "ticket",
    "offers": "offer",
    "assignments": "assignment",
    "members": "member",
    "teams": "team",
    "areas": "area",
    "catalogue-items": "item",
    "inbox": "message",
    "accounts": "account",
    "me": "account",
}
"""By the first word of a path: what the answer, and the second word, name."""
_CLAIMED = "assignment"


class Command(NamedTuple):
    """What was commanded: ``tickets``, ``accept`` (empty: made anew), and of which thing."""

    room: str
    step: str
    id: str


@dataclass
class Promises:
    """Everything that was answered 2xx.

    ``versions``: of each (kind, id) that was told of, the highest version (0 where none was told). ``states``: of each
    order which state at which version. ``commands``: the keys under which each command was answered as done.
    """

    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    states: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    commands: dict[Command, set[str | None]] = field(default_factory=lambda: defaultdict(set))

    def note(self, row: Row) -> None:
        """One answer."""
        if not 200 <= row.status < 300:
            return
        room, id_, step = _words(row.path)
        kind = _CLAIMED if step == "claim" else _KINDS.get(room)
        if kind is not None and row.id is not None:
            self._told(kind, row.id, row.version)
            if kind == "ticket" and row.version is not None and row.state is not None:
                self.states[row.id, row.version].add(row.state)
        if id_ and room in _KINDS:
            self._told(_KINDS[room], id_, None)
        if row.method == "POST" and not _came_again(row, room, id_):
            of = row.id if step == "claim" or not id_ else id_
            if of is not None:
                self.commands[Command(room, step, of)].add(row.key)

    def _told(self, kind: str, id_: str, version: int | None) -> None:
        self.versions[kind, id_] = max(self.versions.get((kind, id_), 0), version or 0)


def _came_again(row: Row, room: str, id_: str) -> bool:
    """What upstream sends once more may add nothing: it is answered with the order that there is."""
    return room == "tickets" and not id_ and row.status == HTTPStatus.OK


def promises(journal: Path) -> Promises:
    """All of a journal."""
    made = Promises()
    for row in read(journal):
        made.note(row)
    return made


def _words(path: str) -> tuple[str, str, str]:
    plain = path.partition("?")[0].removeprefix(PREFIX).strip("/")
    words = (*plain.split("/"), "", "")
    return words[0], words[1], words[2]
