"""Words that nobody else would write, each planted in one place; where one turns up, its place is known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

WORD = re.compile(r"CANARY(\d{4})", re.IGNORECASE)
PHONE = re.compile(r"1997310(\d{4})")


@dataclass(frozen=True)
class Planted:
    """``place`` is a route's or a file's field; ``by`` is who typed it."""

    place: str
    by: str


@dataclass
class Marks:
    """Gives marks and knows them again, whole or in part, however their letters are cased."""

    planted: list[Planted] = field(default_factory=list)

    def word(self, place: str, by: str) -> str:
        """A mark for a field that takes words. Upper case: no coded word passes for one."""
        return f"ZQ CANARY{self._next(place, by)} QZ"

    def phone(self, place: str, by: str) -> str:
        """A mark for a field that takes phone numbers alone; by its plus it is no code."""
        return f"+861997310{self._next(place, by)}"

    def plain(self, place: str, by: str) -> str:
        """A mark without spaces, for a part of an address, or of a key."""
        return f"canary{self._next(place, by)}"

    def found_in(self, text: str) -> set[Planted]:
        """Whose marks stand in *text*."""
        return {self.planted[int(number)] for number in self._numbers(text) if int(number) < len(self.planted)}

    @staticmethod
    def stands_in(text: str) -> bool:
        """Is there any mark in it?"""
        return bool(WORD.search(text) or PHONE.search(text))

    def places(self) -> set[str]:
        """Every place in which something was planted."""
        return {planted.place for planted in self.planted}

    def _next(self, place: str, by: str) -> str:
        self.planted.append(Planted(place, by))
        return f"{len(self.planted) - 1:04d}"

    @staticmethod
    def _numbers(text: str) -> Iterator[str]:
        for kind in (WORD, PHONE):
            yield from kind.findall(text)
