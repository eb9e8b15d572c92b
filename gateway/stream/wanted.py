"""What a listener wants to hear of all that it may hear: some types, an area, one order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Lane = tuple[str, ...]
ALL: Lane = ()
FEW_TYPES = 8
"""So many types are looked up by themselves; who wants more of them looks at each event and lets the others pass."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Conditions that hold together; None: not narrowed by this.

    ``types`` are whole types. ``area``: what happens in it or below, or came up to the chiefs of that block.
    ``ticket``: what happens to one order, and to the search for people for it.
    """

    types: frozenset[str] | None = None
    area: str | None = None
    ticket: str | None = None

    def lanes(self) -> Iterable[Lane]:
        """Under which words of an event (``lanes_of``) somebody who wants this is found: by the rarest condition."""
        if self.ticket is not None:
            return (("ticket", self.ticket),)
        if self.area is not None:
            return (("area", self.area),)
        if self.types is not None and len(self.types) <= FEW_TYPES:
            return tuple(("type", kind) for kind in self.types)
        return (ALL,)

    def lets(self, stored: Mapping[str, Any]) -> bool:
        """Is this stored document of the stream one that is wanted?"""
        frame = stored["frame"]
        return (
            (self.types is None or frame["type"] in self.types)
            and (self.ticket is None or frame["subject"] == self.ticket)
            and (self.area is None or self.area in _areas(stored["audience"]))
        )

    def conditions(self) -> list[Document]:
        """The same as questions to the stored stream."""
        asked: list[Document] = []
        if self.types is not None:
            asked.append({"frame.type": {"$in": sorted(self.types)}})
        if self.ticket is not None:
            asked.append({"frame.subject": self.ticket})
        if self.area is not None:
            asked.append({"$or": [{"audience.area_path": self.area}, {"audience.blocks": self.area}]})
        return asked


EVERYTHING = Wanted()


def lanes_of(stored: Mapping[str, Any]) -> list[Lane]:
    """The words of a stored document under which those are found who want it."""
    frame = stored["frame"]
    lanes: list[Lane] = [ALL, ("type", frame["type"]), ("ticket", frame["subject"])]
    return lanes + [("area", area) for area in dict.fromkeys(_areas(stored["audience"]))]


def _areas(audience: Mapping[str, Any]) -> list[str]:
    return [*audience["area_path"], *audience.get("blocks", ())]
