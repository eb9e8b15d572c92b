"""How the private parts of an order are sealed: for whom it is about, and one context for each part.

Whom it is about is the order's ``sealed_for``. Where they were erased nothing is sealed any more, and nothing opens.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from contracts.errors import Refused
from contracts.words import Text
from services.tickets.application.ports import Vault
from services.tickets.domain.cash import Sums
from services.tickets.domain.private import Note, Private, SealedSums
from services.tickets.domain.questions import TypedAnswer
from services.tickets.domain.ticket import Ticket

POINT = "point"
ANSWERS = "answers"


class Sealing:
    """Seals and opens what a person typed about one order."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def private(
        self,
        ticket: Ticket,
        description: str,
        area_id: str,
        point: str | None = None,
        typed: Sequence[TypedAnswer] = (),
    ) -> Private:
        """What comes with a new order: the person's own words, the place below the grid, a point, what was answered.

        Raises Refused ``person-erased`` where nothing may be kept of the person any more.
        """
        words = self._seal(ticket, description, "description")
        place = self._seal(ticket, area_id, "area")
        if words is None or place is None:
            raise Refused(
                "person-erased",
                Text(
                    zh="这位的资料已按要求删除,不能再为其登记",
                    en="this person's data was erased at their wish: nothing is entered for them any more",
                ),
            )
        answers = self._seal(ticket, json.dumps([asdict(one) for one in typed]), ANSWERS) if typed else None
        on_map = None if point is None else self._seal(ticket, point, POINT)
        return Private(description=words, area=place, point=on_map, answers=answers)

    def door_word(self, ticket: Ticket, word: str) -> bytes | None:
        """Seal the word that whoever comes must say."""
        return self._seal(ticket, word, "door_word")

    def with_sums(self, ticket: Ticket, number: int, sums: Sums) -> Ticket:
        """*ticket* with the sums of one slip; where the person was erased they are not kept."""
        sealed = self._seal(ticket, json.dumps(asdict(sums)), sums_part(number))
        others = tuple(one for one in ticket.private.cash if one.number != number)
        mine = () if sealed is None else (SealedSums(number=number, sealed=sealed),)
        return replace(ticket, private=replace(ticket.private, cash=(*others, *mine)))

    def open_sums(self, ticket: Ticket) -> dict[int, Sums]:
        """The sums of its slips that can be read, by their number."""
        opened = {one.number: self._open(ticket, one.sealed, sums_part(one.number)) for one in ticket.private.cash}
        return {number: Sums(**json.loads(text)) for number, text in opened.items() if text is not None}

    def note(self, ticket: Ticket, action: str, text: str | None, now: datetime) -> Note | None:
        """Seal what was typed beside a step; None where nothing was, or nothing may be kept."""
        if not (text or "").strip():
            return None
        sealed = self._seal(ticket, text or "", note_part(len(ticket.private.notes)))
        return None if sealed is None else Note(action=action, sealed=sealed, at=now)

    def external_number(self, ticket: Ticket, number: str) -> bytes | None:
        """Seal the number that upstream knows the order by: it leads to a person's file at another office."""
        return self._seal(ticket, number, "external_number")

    def open_external_number(self, ticket: Ticket) -> str | None:
        """Upstream's number."""
        return self._open(ticket, ticket.private.external_number, "external_number")

    def published(self, ticket: Ticket, words: str) -> bytes | None:
        """Seal the words of a public answer: until they are published nobody reads them, and then they may go again."""
        return self._seal(ticket, words, "published")

    def open_published(self, ticket: Ticket) -> str | None:
        """The words of its public answer, while there is one."""
        return self._open(ticket, ticket.private.published, "published")

    def open_description(self, ticket: Ticket) -> str | None:
        """The person's own words; None once they are forgotten or the person was erased, as below."""
        return self._open(ticket, ticket.private.description, "description")

    def open_answers(self, ticket: Ticket) -> list[dict[str, str]]:
        """The private answers: ``question``, ``kind``, ``value``; none once they are forgotten."""
        text = self._open(ticket, ticket.private.answers, ANSWERS)
        opened: list[dict[str, str]] = [] if text is None else json.loads(text)
        return opened

    def open_area(self, ticket: Ticket) -> str | None:
        """The exact place."""
        return self._open(ticket, ticket.private.area, "area")

    def open_point(self, ticket: Ticket) -> Any:
        """Where it was tapped on a map, as ``locating.shown``."""
        sealed = self._open(ticket, ticket.private.point, POINT)
        return None if sealed is None else json.loads(sealed)

    def open_door_word(self, ticket: Ticket) -> str | None:
        """The door word, while there is one."""
        return self._open(ticket, ticket.private.door_word, "door_word")

    def open_notes(self, ticket: Ticket) -> list[tuple[Note, str]]:
        """Every note that can be read, with its text, oldest first."""
        texts = (self._open(ticket, note.sealed, note_part(place)) for place, note in enumerate(ticket.private.notes))
        return [(note, text) for note, text in zip(ticket.private.notes, texts, strict=True) if text is not None]

    def _seal(self, ticket: Ticket, text: str, part: str) -> bytes | None:
        return self._vault.seal(ticket.sealed_for, text, context(ticket.id, part))

    def _open(self, ticket: Ticket, sealed: bytes | None, part: str) -> str | None:
        return None if sealed is None else self._vault.open(sealed, context(ticket.id, part))


def context(ticket_id: str, part: str) -> str:
    """To what a sealed part is bound."""
    return f"tickets/{ticket_id}/{part}"


def note_part(place: int) -> str:
    """The part that the note at *place* is."""
    return f"note/{place}"


def sums_part(number: int) -> str:
    """The part that the sums of slip *number* are."""
    return f"slip/{number}"
