"""Whose account rests since they died, and who acts for whom: a replica of what tickets says of persons, ids alone."""

from collections.abc import Iterable, Sequence

from pymongo.database import Database

from chassis.mongo import Document
from chassis.projection import Projection, project
from chassis.rebuild import View
from contracts.actor import MEMBER_ACCOUNT
from contracts.envelope import Envelope
from contracts.events import AnyReceived
from contracts.events.people import PersonEvent
from contracts.schemas.wire import read_event
from services.notify.domain.family_week import may_read_it
from services.notify.domain.recipients import account, member, person

PEOPLE = "people"
OWNERS = ("tickets", "volunteers")


class MongoResting:
    """A ``Resting``: one row for each person, the newest version wins."""

    def __init__(self, db: Database[Document]) -> None:
        self._people = db[PEOPLE]

    def keep(self, events: Sequence[AnyReceived]) -> None:
        """See ``Resting``."""
        project(self._people, [_row(event) for event in events])

    def holds(self, recipient: str) -> bool:
        """See ``Resting``."""
        return self._people.find_one({"person.deceased": True, "person.recipients": recipient}, {"_id": 1}) is not None

    def among(self, recipients: Iterable[str]) -> frozenset[str]:
        """See ``Resting``."""
        asked = frozenset(recipients)
        died = {"person.deceased": True, "person.recipients": {"$in": sorted(asked)}}
        found = self._people.find(died, {"person.recipients": 1})
        return asked & {name for doc in found for name in doc["person"]["recipients"]}


def _row(event: AnyReceived) -> Projection:
    said = event.snapshot
    own = said.account_id
    recipients = [person(said.id)] if own is None else [person(said.id), account(own)]
    if own is not None and own.startswith(MEMBER_ACCOUNT):
        recipients.append(member(own.removeprefix(MEMBER_ACCOUNT)))
    told = [one for one in said.delegations if may_read_it(one.may)]
    fields = {
        "recipients": recipients,
        "deceased": said.deceased,
        "account_id": own,
        "area_path": list(said.area_path),
        "delegates": [{"account_id": one.account_id, "renew_by": one.renew_by} for one in told],
    }
    return Projection(said.id, PersonEvent.AGGREGATE, event.version, fields, {"community_id": said.community_id})


def _rows(envelope: Envelope) -> Iterable[Projection]:
    return (_row(read_event(envelope.to_wire())),) if envelope.aggregatetype == PersonEvent.AGGREGATE else ()


REPLICAS = (View(PEOPLE, _rows),)
"""For ``rebuild``."""
