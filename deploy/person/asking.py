"""Asks every service for its part: who is meant, what is held of them, and to make it mute."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.stack.failure import StackError
from deploy.stack.operators import GATEWAY, NOTIFY, TICKETS, VOLUNTEERS
from deploy.stack.stack import Stack

KINDS = ("accounts", "members", "persons")
SERVICES = {"tickets": TICKETS, "volunteers": VOLUNTEERS, "notify": NOTIFY, "gateway": GATEWAY}
"""Seats are given back and orders ended before what tells of them is made nameless."""
MOST_ROUNDS = 6

Ids = Mapping[str, Sequence[str]]
"""One person's ids by kind."""


@dataclass(frozen=True)
class Operator:
    """Who asks, and why (a code)."""

    by: str
    why: str = ""


@dataclass
class Services:
    """The four services of a stack, asked one after the other by their operators' verb."""

    stack: Stack
    operator: Operator
    modules: Mapping[str, str] = field(default_factory=lambda: SERVICES)

    def find(self, names: Sequence[str]) -> Ids:
        """Everybody's ids that *names* (ids, logins, numbers) mean; StackError where one is nobody's, or of several.

        A member's number is one in their community alone.
        """
        known: Ids = {kind: [] for kind in KINDS}
        for name in names:
            found = self._closed(name)
            if not any(found.values()):
                raise StackError(f"没有「{name}」这个人", f"there is nobody called {name}")
            alone = len(found["persons"]) > 1 and not found["accounts"]
            if len(found["accounts"]) > 1 or len(found["members"]) > 1 or alone:
                ids = ", ".join(id for kind in KINDS for id in found[kind])
                raise StackError(
                    f"「{name}」不止一个人,请写其中一个编号:{ids}", f"{name} is several people, name one by id: {ids}"
                )
            known = together(known, found)
        return known

    def export(self, ids: Ids) -> Mapping[str, Any]:
        """What each service holds."""
        return {service: self._ask(service, "export", ids) for service in self.modules}

    def erase(self, ids: Ids) -> Mapping[str, Mapping[str, int]]:
        """What each service made mute."""
        return {service: self._ask(service, "erase", ids) for service in self.modules}

    def _closed(self, name: str) -> Ids:
        """Ask until no service knows another id that belongs to them."""
        known: Ids = {kind: [] for kind in KINDS}
        for _ in range(MOST_ROUNDS):
            before = known
            for service in self.modules:
                known = together(known, self._ask(service, "find", known, (name,)))
            if known == before:
                break
        return known

    def _ask(self, service: str, verb: str, ids: Ids, names: Sequence[str] = ()) -> Any:
        asked = {**ids, "names": list(names), "by": self.operator.by, "why": self.operator.why}
        done = self.stack.run(self.modules[service], "person", verb, stdin=json.dumps(asked), capture=True)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or [""]
            raise StackError(
                f"{service} 没有做完({last[0]}):修好后再运行一次,会接着做",
                f"{service} has not done its part ({last[0]}): mend it and run this again, it goes on",
            )
        return json.loads(done.stdout)


def together(one: Ids, other: Ids) -> Ids:
    """Both, by kind."""
    return {kind: sorted({*one.get(kind, ()), *other.get(kind, ())}) for kind in KINDS}
