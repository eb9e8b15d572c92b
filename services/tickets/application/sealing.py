"""How the private parts of an order are sealed: one context for each, so that no part can stand in for another."""

from datetime import datetime

from services.tickets.application.ports import Vault
from services.tickets.domain.ticket import Note, Ticket


class Sealing:
    """Seals and opens what a person typed about one order."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def description(self, ticket_id: str, text: str) -> bytes:
        """Seal the person's own words."""
        return self._vault.seal(text, _context(ticket_id, "description"))

    def area(self, ticket_id: str, area_id: str) -> bytes:
        """Seal the exact place below the grid."""
        return self._vault.seal(area_id, _context(ticket_id, "area"))

    def door_word(self, ticket_id: str, word: str) -> bytes:
        """Seal the word that whoever comes must say."""
        return self._vault.seal(word, _context(ticket_id, "door_word"))

    def note(self, ticket: Ticket, action: str, text: str | None, now: datetime) -> Note | None:
        """Seal what was typed beside a step; None where nothing was."""
        if not (text or "").strip():
            return None
        place = len(ticket.private.notes)
        return Note(action=action, sealed=self._vault.seal(text or "", _context(ticket.id, f"note/{place}")), at=now)

    def open_description(self, ticket: Ticket) -> str | None:
        """The person's own words, until they are forgotten."""
        sealed = ticket.private.description
        return None if sealed is None else self._vault.open(sealed, _context(ticket.id, "description"))

    def open_area(self, ticket: Ticket) -> str | None:
        """The exact place, until it is forgotten."""
        sealed = ticket.private.area
        return None if sealed is None else self._vault.open(sealed, _context(ticket.id, "area"))

    def open_door_word(self, ticket: Ticket) -> str | None:
        """The door word, while there is one."""
        sealed = ticket.private.door_word
        return None if sealed is None else self._vault.open(sealed, _context(ticket.id, "door_word"))

    def open_notes(self, ticket: Ticket) -> list[tuple[Note, str]]:
        """Every note with its text, oldest first."""
        return [
            (note, self._vault.open(note.sealed, _context(ticket.id, f"note/{place}")))
            for place, note in enumerate(ticket.private.notes)
        ]


def _context(ticket_id: str, part: str) -> str:
    return f"tickets/{ticket_id}/{part}"
