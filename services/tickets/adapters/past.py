"""Reads who came to a person before: member ids and counts, by the index of whose order it was."""

from collections import Counter
from collections.abc import Sequence

from pymongo import DESCENDING
from pymongo.database import Database

from chassis.mongo import Document
from contracts.terms import ServedBefore
from contracts.words import TicketStatus
from services.tickets.domain.ticket import Ticket

LOOKED_AT = 60
"""So many of somebody's newest orders are looked at: a weekly visit for more than a year."""
_DONE = [TicketStatus.COMPLETED.value, TicketStatus.CLOSED.value]


class MongoPast:
    """A ``Past``."""

    def __init__(self, db: Database[Document]) -> None:
        self._tickets = db["tickets"]

    def served(self, ticket: Ticket, item_id: str | None) -> Sequence[ServedBefore]:
        """See ``Past``. An order that was done with another one counts for whoever did that one."""
        wanted: Document = {"status": {"$in": _DONE}}
        if ticket.beneficiary_id:
            wanted["beneficiary_id"] = ticket.beneficiary_id
        elif ticket.requester_id:
            wanted |= {"requester_id": ticket.requester_id, "beneficiary_id": None}
        else:
            return ()
        if item_id is not None:
            wanted["item_id"] = item_id
        # Whose order it is is all that has an index here: with the community beside it another one might be taken.
        fields = {"holders.member_id": 1, "worked_by": 1, "community_id": 1}
        found = self._tickets.find(wanted, fields).sort("times.placed_at", DESCENDING).limit(LOOKED_AT)
        times = Counter[str]()
        for doc in (one for one in found if one["community_id"] == ticket.community_id):
            held = {holder["member_id"] for holder in doc.get("holders", ())}
            times.update(held | set(doc.get("worked_by") or ()))
        often = sorted(times.items(), key=lambda one: (-one[1], one[0]))
        return [ServedBefore(member_id, count) for member_id, count in often]
