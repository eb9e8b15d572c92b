"""One person's rights to what is held of them: all of it handed over, or made mute for good (design, section 8).

Each service answers for its own database; ``./shiliu person`` asks all of them. A person has several ids: accounts,
a member's, and one for each time that somebody without an account was named.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self

from pymongo.collection import Collection

from chassis.mongo import Document
from chassis.vault import VaultError
from contracts.words import NAMELESS

__all__ = [
    "NAMELESS",
    "PersonRights",
    "Whom",
    "forget_names",
    "forget_names_told",
    "forget_names_untold",
    "nameless",
    "opened",
    "untold",
]


@dataclass(frozen=True, kw_only=True)
class Whom:
    """One person, by all the ids that are theirs."""

    accounts: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()

    @classmethod
    def of(cls, ids: Mapping[str, Iterable[str]]) -> Self:
        """From their JSON form; other keys are left out."""
        return cls(**{field.name: tuple(sorted(set(ids.get(field.name, ())))) for field in fields(cls)})

    def to_json(self) -> dict[str, list[str]]:
        """The JSON form."""
        return {field.name: list(getattr(self, field.name)) for field in fields(self)}

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them: the names under which a vault may have a key of theirs."""
        return (*self.accounts, *self.members, *self.persons)

    def __or__(self, other: "Whom") -> "Whom":
        return Whom.of({field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})


class PersonRights(Protocol):
    """What a service can do for one person in its own database."""

    def known(self, whom: Whom, names: Sequence[str]) -> Whom:
        """The ids that belong to these ids, or that these names (ids, logins, numbers) mean; nothing private."""

    def export(self, whom: Whom, by: str) -> Mapping[str, Any]:
        """Everything held of them, opened, as JSON values. What is another's is left out and said to be.

        *by* is the operator, who has then seen it: where readings are on record, so is this.
        """

    def erase(self, whom: Whom) -> Mapping[str, int]:
        """Make it mute, and what runs for them end; how much of each kind. Safe to stop and to repeat."""


def opened(read: Any, *arguments: Any) -> Any:
    """What *read* opens, None where its key is destroyed or another's: the rest of an export must not fail by it."""
    try:
        return read(*arguments)
    except VaultError:
        return None


def forget_names(collection: Collection[Document], path: str, members: Sequence[str], *, guarded: bool = False) -> int:
    """Take the chosen names of *members* out of the lists of holders at *path*; in how many documents.

    *guarded*: the documents are aggregates, so ``rev`` grows and a command that has read the name decides again.
    """
    if not members:
        return 0
    nameless = {"$in": ["$$one.member_id", list(members)]}
    mended = {"$mergeObjects": ["$$one", {"$cond": [nameless, {"display_name": NAMELESS}, {}]}]}
    sets: Document = {path: {"$map": {"input": f"${path}", "as": "one", "in": mended}}}
    if guarded:
        sets["rev"] = {"$add": ["$rev", 1]}
    named = {"member_id": {"$in": list(members)}, "display_name": {"$ne": NAMELESS}}
    return collection.update_many({path: {"$elemMatch": named}}, [{"$set": sets}]).modified_count


def forget_names_told(events: Collection[Document], members: Sequence[str]) -> int:
    """The same in what an event store tells of crews: rows stay, and say the same of nobody by name."""
    return sum(forget_names(events, path, members) for path in ("wire.data.snapshot.holders", "wire.data.released"))


def forget_names_untold(aggregates: Collection[Document], members: Sequence[str]) -> int:
    """The same in what waits to be told, or could not be: a restored backup tells it again. In how many documents."""
    count = 0
    for outbox in ("outbox", "outbox_dead") if members else ():
        for doc in aggregates.find({f"{outbox}.0": {"$exists": True}}, {outbox: 1}):
            told = _nameless(doc[outbox], members)
            if told != doc[outbox]:
                # What the relay has taken out meanwhile is in the event store, where the second look finds it.
                unchanged = {"_id": doc["_id"], outbox: doc[outbox]}
                count += aggregates.update_one(unchanged, {"$set": {outbox: told}}).modified_count
    return count


def untold(member_id: str) -> dict[str, Any]:
    """What an old event of a member may still say of them once they are erased."""
    nothing: dict[str, Any] = {"skills": [], "languages": [], "roles": [], "team_ids": []}
    named = {"display_name": NAMELESS, "external_no": f"erased-{member_id}"}
    return {**nothing, **named, "home_area": "", "charge_area": None}


def nameless(body: bytes, members: Sequence[str]) -> bytes | None:
    """An event as it travels, naming none of *members*; None where it does not, or nobody can read it."""
    if not any(member.encode() in body for member in members):
        return None
    try:
        event = json.loads(body)
        told = _nameless(event, members)
    except (ValueError, RecursionError):
        return None
    return None if told == event else json.dumps(told, ensure_ascii=False).encode()


def _nameless(value: Any, members: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_nameless(one, members) for one in value]
    if not isinstance(value, dict):
        return value
    told = {name: _nameless(one, members) for name, one in value.items()}
    if "display_name" in value and value.get("member_id") in members:
        told["display_name"] = NAMELESS
    elif "external_no" in value and value.get("id") in members:
        told |= {name: nothing for name, nothing in untold(value["id"]).items() if name in value}
    return told
