"""One person's rights in volunteers: the member's record, offers and seats; or an empty record that is nobody's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pymongo.collection import Collection
from pymongo.database import Database

from chassis.ids import new_id
from chassis.mongo import Document
from chassis.person import NAMELESS, Whom, forget_names, forget_names_told, forget_names_untold, opened, untold
from chassis.vault import Vault
from contracts.actor import MEMBER_ACCOUNT
from contracts.dispatch import SaidBy
from contracts.schemas.fields import time_text
from contracts.words import OfferStatus, SeatStatus
from services.volunteers.adapters.absences import absences_of, forget_whose
from services.volunteers.adapters.person_hours import forget_whose_hours, hours_of
from services.volunteers.adapters.retention import forget_spoken
from services.volunteers.adapters.sealed import OF_MEMBERS, hand_context, member_context
from services.volunteers.application.erasing import Erasing
from services.volunteers.application.ports import Clock
from services.volunteers.application.reveals import MemberReveal, MemberReveals
from services.volunteers.application.rosters import hand_over_field
from services.volunteers.domain.offer import note_field

_GEARS = frozenset({"_id", "schema", "rev", "version", "outbox", "pending", "due", "next_due", "commands", "room"})
OPERATOR, EXPORT = "operator", "export"
"""As what, and for what, somebody at the terminal has read what is private."""
MOST_REVEALS = 10_000
_NOT_SHOWN = frozenset({"held", "member_id", "substitute_named"})
"""Gear, what is theirs anyway, and somebody else."""
_HELD = (SeatStatus.TAKEN.value, SeatStatus.ARRIVED.value)


class VolunteerRights:
    """A ``PersonRights``."""

    def __init__(
        self, db: Database[Document], vault: Vault, reveals: MemberReveals, erasing: Erasing, clock: Clock
    ) -> None:
        self._db = db
        self._vault = vault
        self._reveals = reveals
        self._erasing = erasing
        self._clock = clock

    def known(self, whom: Whom, names: Sequence[str]) -> Whom:
        """Members by id, account or the number that their community gave them."""
        asked = [*whom.members, *names, *(id.removeprefix(MEMBER_ACCOUNT) for id in (*whom.accounts, *names))]
        found = self._db["members"].find(
            {"$or": [{"_id": {"$in": asked}}, {"external_no": {"$in": list(names)}}]}, {"_id": 1}
        )
        members = tuple(doc["_id"] for doc in found)
        return Whom(accounts=tuple(MEMBER_ACCOUNT + id for id in members), members=members)

    def export(self, whom: Whom, by: str) -> Mapping[str, Any]:
        """All that is held of them as members, opened; what they were asked and answered; where they came."""
        ids = list(whom.members)
        asked = {"$or": [{"offers.member_id": {"$in": ids}}, {"takes.member_id": {"$in": ids}}]}
        demands = list(self._db["demands"].find(asked).sort("_id", 1)) if ids else []
        teams = self._db["teams"].find({"member_ids": {"$in": ids}}, {"name": 1})
        members = list(self._db["members"].find({"_id": {"$in": ids}}))
        for member in members:
            self._note(member, by)
        return {
            "members": [self._member(doc) for doc in members],
            "read_by_others": [row for doc in members for row in self._read_by(doc)],
            "teams": [{"id": doc["_id"], "name": doc["name"]} for doc in teams],
            "offers": list(_parts([self._with_notes(doc, ids) for doc in demands], "offers", ids)),
            "seats": list(_parts(demands, "takes", ids)),
            "apart": self._kept_away(whom),
            "shifts": list(self._shifts(ids)),
            "hours": hours_of(self._db, self._vault, ids),
            "absences": absences_of(self._db, self._vault, ids),
            "stepped_in": self._stepped_in(whom),
        }

    def erase(self, whom: Whom) -> Mapping[str, int]:
        """Seats and offers end first, while they still have somebody; then what came until nobody asked them more."""
        let_go = sum([self._let_go(member_id) for member_id in whom.members])
        forgotten = sum([self._erasing.forget(member_id) for member_id in whom.members])
        let_go += sum([self._let_go(member_id) for member_id in whom.members])
        for member_id in whom.members:
            for doc in list(self._db["teams"].find(_roster_of(member_id), {"_id": 1})):
                self._erasing.leave_team(doc["_id"], member_id)
        self._forget_apart(whom)
        spoken = forget_spoken(self._db, whom.persons, whom.accounts)
        keys = sum([self._vault.destroy(id) for id in whom.ids])
        names = forget_names(self._db["demands"], "takes", whom.members, guarded=True)
        names += forget_names_told(self._db["events"], whom.members)
        names += sum([forget_names_untold(self._db[name], whom.members) for name in ("members", "demands")])
        names += sum([self._forget_told(self._db["events"], member_id) for member_id in whom.members])
        hours = forget_whose_hours(self._db, whom.members)
        absences = forget_whose(self._db, whom.members)
        return {
            "let_go": let_go,
            "members": forgotten,
            "keys": keys,
            "names": names,
            "hours": hours,
            "absences": absences,
            "languages": spoken,
        }

    def _let_go(self, member_id: str) -> int:
        held = {"member_id": member_id, "released": None, "status": {"$in": list(_HELD)}}
        query = {"$or": [{"asking": member_id}, {"takes": {"$elemMatch": held}}]}
        found = list(self._db["demands"].find(query, {"offers": 1, "takes": 1}))
        offers = [one["id"] for doc in found for one in doc["offers"] if _is(one, member_id, OfferStatus.OPEN)]
        seats = [one["id"] for doc in found for one in doc["takes"] if _is(one, member_id, *_HELD)]
        return self._erasing.let_go(member_id, offers, seats)

    def _forget_told(self, events: Collection[Document], member_id: str) -> int:
        """Older news of the member names them as the newest one does: by nothing."""
        sets = {f"wire.data.snapshot.{name}": value for name, value in untold(member_id).items()}
        named = {"thread": member_id, "aggregate": "member", "wire.data.snapshot.display_name": {"$ne": NAMELESS}}
        return events.update_many(named, {"$set": sets}).modified_count

    def _shifts(self, ids: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """The shifts that were theirs, with what they themselves wrote for the next one."""
        named = [
            {"shifts.member_id": {"$in": ids}},
            {"shifts.substitute_id": {"$in": ids}},
            {"shifts.note_by": {"$in": ids}},
        ]
        for doc in self._db["rosters"].find({"$or": named}).sort("_id", 1) if ids else ():
            for shift in doc["shifts"]:
                author = shift.get("note_by")
                if not {shift["member_id"], shift["substitute_id"], author} & set(ids):
                    continue
                own = {name: shift[name] for name in ("role", "starts_at", "ends_at", "status", "signed_in_at")}
                if author in ids:
                    own["hand_over"] = opened(
                        self._vault.open, shift["note"], member_context(author, hand_over_field(shift["id"]))
                    )
                yield {"area": doc["area"], **_plain(own)}

    def _member(self, doc: Document) -> Mapping[str, Any]:
        """Whom they said not to be sent to; never who said it of them."""
        held = {name: value for name, value in doc.items() if name not in _GEARS}
        held["apart"] = [_told_apart(one) for one in doc.get("apart", ()) if one["said_by"] == SaidBy.MEMBER]
        return {"id": doc["_id"], **_plain(self._unsealed(doc["_id"], held))}

    def _unsealed(self, member_id: str, held: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields with those that are sealed opened in their places; what is not to be opened is left out."""
        plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in held.items()}
        for path, field in OF_MEMBERS.items():
            place, _, name = path.partition(".")
            part = plain.get(place)
            if isinstance(part, dict) and part.get(name) is not None:
                part[name] = opened(self._vault.open, part[name], member_context(member_id, field))
        own = plain.pop("sealed", None) or {}
        return {**plain, **{name: value for name, value in own.items() if name != "phone_index"}}

    def _with_notes(self, demand: Document, ids: Sequence[str]) -> Document:
        """The demand, with what they wrote when they returned it opened."""
        own = (offer for offer in demand["offers"] if offer["member_id"] in ids and offer.get("note") is not None)
        notes = {
            offer["id"]: opened(
                self._vault.open, offer["note"], member_context(offer["member_id"], note_field(offer["id"]))
            )
            for offer in own
        }
        return {**demand, "offers": [{**one, "note": notes.get(one["id"])} for one in demand["offers"]]}

    def _stepped_in(self, whom: Whom) -> list[Mapping[str, Any]]:
        """The steps of theirs into searches, as staff, with what they themselves wrote."""
        own = {"steering.hands.account_id": {"$in": list(whom.accounts)}}
        found = self._db["demands"].find(own, {"number": 1, "steering": 1}).sort("_id", 1) if whom.accounts else ()
        rows = []
        for doc in found:
            mine = {one["number"]: one for one in doc["steering"]["hands"] if one["account_id"] in whom.accounts}
            for step in doc["steering"]["interventions"]:
                hand = mine.get(step["number"])
                if hand is None:
                    continue
                note = hand.get("note")
                words = None if note is None else opened(self._vault.open, note, hand_context(doc["_id"], hand))
                kept = {name: step[name] for name in ("at", "step", "reason")}
                rows.append(_plain({"number": doc["number"], **kept, "note": words}))
        return rows

    def _kept_away(self, whom: Whom) -> list[Mapping[str, Any]]:
        """Whom they, as a person served, do not want to come again."""
        said = {"said_by": SaidBy.PERSON.value, "by": {"$in": list(whom.accounts)}}
        found = self._db["members"].find({"apart": {"$elemMatch": said}}, {"apart": 1}) if whom.accounts else ()
        rows = [one for doc in found for one in doc["apart"]]
        mine = [one for one in rows if one["said_by"] == SaidBy.PERSON and one["by"] in whom.accounts]
        return [_plain(_told_apart(one)) for one in mine]

    def _forget_apart(self, whom: Whom) -> None:
        """Who is not there any more is kept from nobody; theirs goes with the member's own record."""
        ids = list(whom.ids)
        gone = {"$or": [{"other": {"$in": ids}}, {"said_by": SaidBy.PERSON.value, "by": {"$in": ids}}]}
        change: Document = {"$pull": {"apart": gone}, "$inc": {"rev": 1}}
        self._db["members"].update_many({"apart": {"$elemMatch": gone}}, change)

    def _read_by(self, member: Document) -> list[Mapping[str, Any]]:
        found = self._reveals.about(member["community_id"], member["_id"], None, MOST_REVEALS)
        return [_plain(asdict(reveal)) for _, reveal in found]

    def _note(self, member: Document, by: str) -> None:
        """The operator has now read it too."""
        reveal = MemberReveal(
            community_id=member["community_id"],
            member_id=member["_id"],
            at=self._clock.now(),
            account_id=f"{OPERATOR}:{by}",
            reason=EXPORT,
            part=EXPORT,
            role=OPERATOR,
        )
        self._reveals.add(f"{EXPORT}.{new_id()}", [reveal])


def _told_apart(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: one[name] for name in ("number", "at", "said_by")}


def _is(part: Document, member_id: str, *statuses: str) -> bool:
    return part["member_id"] == member_id and part["status"] in statuses and part.get("released") is None


def _parts(demands: Sequence[Document], name: str, ids: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    for doc in demands:
        for part in doc[name]:
            if part["member_id"] in ids:
                own = {key: value for key, value in part.items() if key not in _NOT_SHOWN}
                yield {"number": doc["number"], "item": doc["item_name"], **_plain(own)}


def _roster_of(member_id: str) -> Document:
    return {"$or": [{"member_ids": member_id}, {"lead": member_id}, {"deputy": member_id}]}


def _plain(value: Any) -> Any:
    """As JSON has it; what could not be opened is left out."""
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items() if not isinstance(one, bytes)}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
