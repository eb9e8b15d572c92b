"""What the walk has to know of a route beyond the table of permissions: how to ask it, and what it answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.services.permissions.people import Case
from tests.services.permissions.town import Town

DONE = frozenset({200, 201, 202, 204})
NOT_THERE = "nothing-there"


@dataclass(frozen=True)
class Row:
    """One route of the URL map, as ``METHOD /path`` with its variables in angle brackets.

    ``make`` gives a fresh thing to ask about: a command that works is asked about a new one each time. ``outside`` is
    what somebody with the role but outside its scope is answered: 404 unless another refusal is right; for lists 200,
    and then ``lists`` finds the ids in the answer, which must lack the case's ``found``; None where nobody is outside.
    """

    route: str
    make: Callable[[Town], Case]
    done: frozenset[int] = DONE
    outside: int | None = 404
    lists: Callable[[Any], Iterable[str]] | None = None
    streams: bool = False
    """The answer never ends: only its status is looked at."""

    @property
    def method(self) -> str:
        """GET, POST..."""
        return self.route.partition(" ")[0]

    def url(self, case: Case) -> str:
        """The address for *case*."""
        return self._filled(lambda name: case.path[name]) + case.query

    def missing(self, case: Case) -> str:
        """The address of something that does not exist."""
        return self._filled(lambda _: NOT_THERE) + case.query

    @property
    def names_something(self) -> bool:
        """Is it about one thing, by its id?"""
        return "<" in self.route

    def _filled(self, value: Callable[[str], str]) -> str:
        path = self.route.partition(" ")[2]
        while "<" in path:
            before, _, rest = path.partition("<")
            variable, _, after = rest.partition(">")
            path = before + value(variable.rpartition(":")[2]) + after
        return path


def ids(name: str = "items", field: str = "id") -> Callable[[Any], Iterable[str]]:
    """The ids in a page."""
    return lambda answer: [str(entry[field]) for entry in answer[name]]


def listed(route: str, make: Callable[[Town], Case], name: str = "items", field: str = "id") -> Row:
    """A list: everybody with the role is answered, and it holds only what is in their scope."""
    return Row(route, make, outside=200, lists=ids(name, field))


def for_all(route: str, make: Callable[[Town], Case], **options: Any) -> Row:
    """A route that is about whoever asks, or about nobody: nobody is outside."""
    return Row(route, make, outside=None, **options)
