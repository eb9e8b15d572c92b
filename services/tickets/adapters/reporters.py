"""Who made a complaint is forgotten a year after it ended: in the order, in what was told of it, in who read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.mongo import Document
from contracts.actor import system_actor
from contracts.commands import Meta
from contracts.decisions import Decided
from contracts.errors import DomainError
from contracts.words import Nature
from services.tickets.application.known_people import NAMED_WITH
from services.tickets.domain.relations import Relation
from services.tickets.domain.ticket import Ticket

KEPT: Mapping[str, Any] = {"nature": Nature.COMPLAINT.value, "placed_by": {"$gt": ""}}
"""Complaints of which it is still known who made them; for the index, too."""
_TOLD: Mapping[str, Any] = {"requester_id": None, "beneficiary_id": None, "delegates": [], "hidden_from": []}


@dataclass(frozen=True)
class Reporters:
    """A ``Forgetting``. The order comes last: what was cut off is found again by the next run.

    It tells so by an event, by which the gateway's view forgets too. What else is known of who read it as whoever made
    it goes with it, and so does the link from the log of readings to them.
    """

    db: Database[Document]
    tickets: Aggregates[Ticket]

    def overdue(self, before: datetime) -> int:
        """See ``Forgetting``."""
        return self.db["tickets"].count_documents(_over(before))

    def forget(self, before: datetime, most: int) -> int:
        """See ``Forgetting``. One that others are changing right now is for the next run."""
        found = self.db["tickets"].find(_over(before), {"community_id": 1}).limit(most)
        return sum([self._forget(doc["_id"], doc["community_id"]) for doc in list(found)])

    def _forget(self, ticket_id: str, community_id: str) -> bool:
        told = {f"wire.data.snapshot.{name}": value for name, value in _TOLD.items()}
        self.db["events"].update_many({"thread": ticket_id}, {"$set": told})
        read = {"ticket_id": ticket_id, "community_id": community_id}
        theirs = {"role": {"$in": [Relation.REQUESTER.value, Relation.DELEGATE.value]}}
        self.db["reveals"].delete_many({**read, **theirs})
        self.db["reveals"].update_many(read, {"$set": {"concerns": [], "sealed_for": "", "reason": None}})
        self._forget_person(f"{ticket_id}{NAMED_WITH}", ticket_id)
        key = f"retention:reporter:{ticket_id}"
        meta = Meta(actor=system_actor(community_id), command_id=key, correlation_id=key)
        try:
            return bool(self.tickets.apply(ticket_id, meta, _decide).envelopes)
        except DomainError:
            return False

    def _forget_person(self, person_id: str, ticket_id: str) -> None:
        """Whom it named, unless they are somebody by now: another order's, or with rights written down."""
        elsewhere = self.db["tickets"].find_one({"beneficiary_id": person_id, "_id": {"$ne": ticket_id}}, {"_id": 1})
        if elsewhere is None and self.db["people"].find_one({"_id": person_id}, {"_id": 1}) is None:
            self.db["persons"].delete_one({"_id": person_id})


def _decide(ticket: Ticket | None) -> Decided[Ticket] | None:
    return None if ticket is None or not ticket.placed_by else ticket.forget_reporter()


def _over(before: datetime) -> Document:
    return {**KEPT, "times.ended_at": {"$lt": before, "$type": "date"}}
