"""One person's rights in tickets: all that is held of them, opened; or their orders ended and their words gone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any

from pymongo.database import Database

from chassis.mongo import Document
from chassis.person import Whom, forget_names, forget_names_told, forget_names_untold, opened
from chassis.vault import Vault
from contracts.actor import Actor
from contracts.schemas.fields import time_text
from services.tickets.adapters.codecs import TicketCodec
from services.tickets.adapters.harm_person import forget_harm, harm_told_by
from services.tickets.adapters.plea_person import PleaRights
from services.tickets.adapters.spoken import Spoken
from services.tickets.application.erasing import Erasing
from services.tickets.application.people_ports import Consent, Consents
from services.tickets.application.ports import Clock, Persons, Reveal, Reveals
from services.tickets.application.private_reads import reveal_of
from services.tickets.application.record_reveals import PERSON
from services.tickets.application.sealing import Sealing
from services.tickets.domain.ticket import Ticket

_EMPTIED = ("description", "area", "point", "door_word", "answers", "published", "external_number")
_WORDS: Document = {**{f"private.{part}": None for part in _EMPTIED}, "private.notes": [], "private.cash": []}
OPERATOR = "operator"
"""As what somebody at the terminal has read what is private."""
EXPORT = "export"
_PERSON = ("name", "phone", "address", "form_of_address")
_RIGHTS = dict.fromkeys(("account_id", "area_path", "minor", "languages", "delegations", "deceased_at"), 1)
_HANDLED = ("placed_by", "completed_by", "owner", "handled_by")
_NAMELESS_ORDER: Document = {"beneficiary_id": None, "requester_id": None}
_SHOWN = ("id", "number", "category", "nature", "origin", "urgency", "status", "area_path", "result", "answer")


class TicketRights:
    """A ``PersonRights``. What a person typed for somebody else is the other's: it is told of, and not shown."""

    def __init__(
        self,
        db: Database[Document],
        vault: Vault,
        persons: Persons,
        consents: Consents,
        reveals: Reveals,
        sealing: Sealing,
        erasing: Erasing,
        pleas: PleaRights,
        clock: Clock,
    ) -> None:
        self._db = db
        self._vault = vault
        self._persons = persons
        self._consents = consents
        self._reveal_log = reveals
        self._clock = clock
        self._sealing = sealing
        self._erasing = erasing
        self._pleas = pleas
        self._codec = TicketCodec()

    def known(self, whom: Whom, names: Sequence[str]) -> Whom:
        """A person's own account belongs to them, and the person to their account.

        An order that names nobody, neither an account nor a person, is by its id or number a person of its own.
        """
        asked = [*whom.ids, *names]
        linked = {"$or": [{"_id": {"$in": asked}}, {"account_id": {"$in": asked}}]}
        rows = list(self._db["people"].find(linked, {"account_id": 1}))
        named = [row["_id"] for row in self._db["persons"].find({"_id": {"$in": asked}}, {"_id": 1})]
        nobodys = {"$or": [{"_id": {"$in": asked}}, {"number": {"$in": list(names)}}], **_NAMELESS_ORDER}
        orders = [row["_id"] for row in self._db["tickets"].find(nobodys, {"_id": 1})]
        return Whom(
            accounts=tuple(row["account_id"] for row in rows if row["account_id"] is not None),
            persons=(*named, *orders, *(row["_id"] for row in rows), *self._pleas.known(whom, names)),
        )

    def export(self, whom: Whom, by: str) -> Mapping[str, Any]:
        """Who they are, their orders with every word, who read them; of orders for others the number alone."""
        own = [self._codec.from_doc(doc) for doc in self._db["tickets"].find(_subject(whom))]
        self._note(own, whom, by)
        for_others = {**_by_others(whom), "$nor": [_subject(whom)]}
        handled = {"$or": [{field: {"$in": list(whom.accounts)}} for field in _HANDLED]}
        return {
            "persons": [self._person(id) for id in whom.persons],
            "consents": [_plain(asdict(one)) for one in self._consents_of(whom)],
            "consents_as_guardian": [_plain(asdict(one)) for one in self._consents_by(whom)],
            "delegations_held": self._delegations_held(whom),
            "orders": [self._order(ticket) for ticket in sorted(own, key=lambda one: one.times.placed_at)],
            "orders_for_others": self._numbers(for_others),
            "orders_handled": self._numbers(handled),
            "texts_by_sms": self._pleas.export(whom, by),
            "harm_reported": harm_told_by(self._db, self._vault, whom, partial(self._note_harm, by)),
            "read_by_others": self._reveals(_readings_of(whom, [ticket.id for ticket in own])),
            "read_by_them": self._reveals({"account_id": {"$in": list(whom.accounts)}}),
        }

    def erase(self, whom: Whom) -> Mapping[str, int]:
        """Orders end before their words go: whoever was to come is told that it is off."""
        own = [doc["_id"] for doc in self._db["tickets"].find(_subject(whom), {"_id": 1})]
        ended = sum([self._erasing.end(ticket_id) for ticket_id in own])
        delegations = self._end_delegations(whom)
        pleas = self._pleas.erase(whom)
        keys = sum([self._vault.destroy(id) for id in whom.ids])
        # Ciphertext without its key is mute; what an older version sealed under the one master key has to go itself.
        gone = {"$set": _WORDS, "$inc": {"rev": 1}}
        kept = {"$or": [{name: {"$nin": [value]}} for name, value in _WORDS.items()]}
        words = self._db["tickets"].update_many({"_id": {"$in": own}, **kept}, gone).modified_count
        of_them = {"_id": {"$in": list(whom.persons)}}
        nobody = {"$set": dict.fromkeys((*_PERSON, "phone_index"))}
        persons = self._db["persons"].update_many(of_them, nobody).modified_count
        reasons = {**_readings_of(whom, own), "reason": {"$ne": None}}
        reveals = self._db["reveals"].update_many(reasons, {"$set": {"reason": None}}).modified_count
        guardians = self._db["consents"].update_many(_named_in_consents(whom), {"$set": {"guardian": None}})
        names = forget_names(self._db["tickets"], "holders", whom.members, guarded=True)
        spoken = Spoken(self._db).erase(whom.persons, own)
        told = forget_names_told(self._db["events"], whom.members)
        told += forget_names_untold(self._db["tickets"], whom.members)
        return {
            "orders_ended": ended,
            "delegations_ended": delegations,
            "keys": keys,
            "orders": words,
            "persons": persons,
            "reasons": reveals,
            "guardians": guardians.modified_count,
            "names": names + told,
            "languages": spoken,
            "pleas": pleas,
            "harm_reports": forget_harm(self._db, self._vault, whom, own),
        }

    def _note(self, own: Sequence[Ticket], whom: Whom, by: str) -> None:
        """The operator has now read it too."""
        now = self._clock.now()
        for ticket in own:
            actor = Actor(account_id=f"{OPERATOR}:{by}", community_id=ticket.community_id)
            self._reveal_log.add(reveal_of(ticket, actor, OPERATOR, EXPORT, now, EXPORT))
        for row in self._db["persons"].find({"_id": {"$in": list(whom.persons)}}, {"community_id": 1}):
            self._reveal_log.add(
                Reveal(
                    community_id=row["community_id"],
                    ticket_id=row["_id"],
                    at=now,
                    account_id=f"{OPERATOR}:{by}",
                    role=OPERATOR,
                    reason=EXPORT,
                    part=PERSON,
                    sealed_for=row["_id"],
                    concerns=whom.ids,
                )
            )

    def _note_harm(self, by: str, community_id: str, report_id: str, part: str) -> None:
        """Whom a report is about is told of no reading of it."""
        self._reveal_log.add(
            Reveal(
                community_id=community_id,
                ticket_id=report_id,
                at=self._clock.now(),
                account_id=f"{OPERATOR}:{by}",
                role=OPERATOR,
                reason=EXPORT,
                part=part,
                sealed_for=report_id,
            )
        )

    def _person(self, id: str) -> Mapping[str, Any]:
        person = opened(self._persons.get, id)
        details = {} if person is None else {"known_to": person.known_to, **asdict(person.details)}
        rights = self._db["people"].find_one({"_id": id}, _RIGHTS) or {}
        return {"id": id, **details, **_plain({name: rights[name] for name in _RIGHTS if name in rights})}

    def _consents_of(self, whom: Whom) -> list[Consent]:
        of_them = {"person_id": {"$in": list(whom.ids)}}
        places = {(row["community_id"], row["person_id"]) for row in self._db["consents"].find(of_them)}
        return [one for place in sorted(places) for one in opened(self._consents.of, *place) or ()]

    def _consents_by(self, whom: Whom) -> list[Consent]:
        """Those they gave for a child; who the child is, is the child's."""
        query = {"line": "given", "guardian_account": {"$in": list(whom.accounts)}}
        given = self._db["consents"].find(query, {"_id": 1})
        found = [opened(self._consents.get, row["_id"]) for row in given.sort("_id", 1)]
        return [replace(one, person_id="") for one in found if one is not None]

    def _delegations_held(self, whom: Whom) -> list[Any]:
        """What they may do for others, and could; for whom is the others'."""
        found = self._db["people"].find({"delegations.account_id": {"$in": list(whom.accounts)}}, {"delegations": 1})
        held = [one for row in found.sort("_id", 1) for one in row["delegations"]]
        return [_plain(one) for one in held if one["account_id"] in whom.accounts]

    def _end_delegations(self, whom: Whom) -> int:
        """Those they gave, and those they held."""
        by_account = {"delegations.account_id": {"$in": list(whom.accounts)}}
        found = self._db["people"].find({"$or": [{"_id": {"$in": list(whom.persons)}}, by_account]}, {"_id": 1})
        ended = 0
        for row in list(found):
            held_by = None if row["_id"] in whom.persons else frozenset(whom.accounts)
            ended += self._erasing.end_delegations(row["_id"], held_by)
        return ended

    def _order(self, ticket: Ticket) -> Mapping[str, Any]:
        seal = self._sealing
        times = {name: time_text(at) for name, at in asdict(ticket.times).items() if at is not None}
        notes = opened(seal.open_notes, ticket) or []
        return {
            **{name: getattr(ticket, name) for name in _SHOWN},
            "item": asdict(ticket.item_name),
            "times": times,
            "who_came": [holder.display_name for holder in ticket.holders],
            "description": opened(seal.open_description, ticket),
            "exact_place": opened(seal.open_area, ticket),
            "exact_point": _written(opened(seal.open_point, ticket)),
            "door_word": opened(seal.open_door_word, ticket),
            "upstream_number": opened(seal.open_external_number, ticket),
            "answers": opened(seal.open_answers, ticket) or [],
            "cash": {number: asdict(sums) for number, sums in (opened(seal.open_sums, ticket) or {}).items()},
            "notes": [
                {"step": note.action, "at": time_text(note.at), "text": text}
                for note, text in notes
                if not note.internal
            ],
        }

    def _numbers(self, query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found = self._db["tickets"].find(query, {"number": 1, "item_name": 1, "times": 1})
        return [
            {"number": doc["number"], "item": doc["item_name"], "placed_at": time_text(doc["times"]["placed_at"])}
            for doc in found.sort("number", 1)
        ]

    def _reveals(self, query: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found: Iterable[Document] = self._db["reveals"].find(query).sort("_id", 1)
        return [
            {
                "at": time_text(row["at"]),
                "ticket_id": row["ticket_id"],
                "account_id": row["account_id"],
                "role": row["role"],
                "reason": self._reason(row),
            }
            for row in found
        ]

    def _reason(self, row: Document) -> str | None:
        sealed = row["reason"]
        return None if sealed is None else opened(self._vault.open, sealed, f"reveals/{row['_id']}/reason")


def _written(point: Mapping[str, Any] | None) -> list[str]:
    """A point on a map, as it is kept and as it came."""
    ways = [] if point is None else [("wgs84", point), (point["given"]["crs"], point["given"])]
    return [f"{crs} {where['longitude']}, {where['latitude']}" for crs, where in ways]


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _subject(whom: Whom) -> Document:
    """The orders that are about them: sealed for the beneficiary, where there is one, else for who ordered."""
    return {
        "$or": [
            {"beneficiary_id": {"$in": list(whom.persons)}},
            {"beneficiary_id": None, "requester_id": {"$in": list(whom.accounts)}},
            {"_id": {"$in": list(whom.persons)}, **_NAMELESS_ORDER},
        ]
    }


def _readings_of(whom: Whom, orders: Sequence[str]) -> Document:
    """Of their orders, and of who they are: a reading of a person has the person's id where others have an order's."""
    return {"ticket_id": {"$in": [*orders, *whom.persons]}}


def _named_in_consents(whom: Whom) -> Document:
    """The guardian's name is the child's to have erased, and the guardian's own."""
    theirs = [{"person_id": {"$in": list(whom.ids)}}, {"guardian_account": {"$in": list(whom.accounts)}}]
    return {"guardian": {"$nin": [None]}, "$or": theirs}


def _by_others(whom: Whom) -> Document:
    return {"requester_id": {"$in": list(whom.accounts)}}
