"""Clauses about dispatch: nobody is half asked, nobody too often, no search and no shift is forgotten."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.events.rosters import RosterUnfilled
from contracts.events.volunteers import OfferMade
from contracts.roster import ShiftStatus
from contracts.schemas.fields import time_text
from contracts.words import Employment, OfferStatus, Urgency
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope
from deploy.audit.ledger import ledger

_BY_HAND = 0
"""The wave of whom staff asked by name, or ordered."""
_OF_OFFERS = ("id", "member_id", "team_id", "status", "wave", "made_at")
_FIELDS = dict.fromkeys(
    ("number", "asking", "ask_member", "refrozen", "terms.offers_per_day", "terms.time_zone", "terms.urgency"), 1
) | {f"offers.{name}": 1 for name in _OF_OFFERS}


def half_offered(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every offer was told once, no other was, and whoever has one that is open is known to."""
    done = ledger(databases, scope).done
    told = {about for (type_, about), _ in done.items() if type_ == OfferMade.TYPE and "." in about}
    for demand in databases.of("volunteers").demands.find(scope.community(), _FIELDS):
        for offer in demand.get("offers", ()):
            told.discard(offer["id"])
            if (times := done[OfferMade.TYPE, offer["id"]]) != 1:
                yield Finding("half-offered", demand["number"], f"{offer['id']} was told {times} times")
        waits = [one for one in demand.get("offers", ()) if one["status"] == OfferStatus.OPEN and not one["team_id"]]
        asked = sorted(one["member_id"] for one in waits)
        if asked != sorted(demand.get("asking", ())):
            yield Finding("half-offered", demand["number"], "who is asked is not who counts as asked")
    for offer_id in sorted(told):
        yield Finding("half-offered", offer_id, "it was told, and its order does not know it")


def asked_too_often(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """By the platform itself no volunteer is asked more often on a local day than they may be, emergencies apart.

    Who is named, by staff or in the ledger of an order, is asked because of that; nor does it hold of an order whose
    terms have changed, since it was another urgency then.
    """
    volunteers = databases.of("volunteers")
    them = scope.community() | {"employment": Employment.VOLUNTEER.value}
    known = {member["_id"] for member in volunteers.members.find(them, {"_id": 1})}
    asked: dict[tuple[str, date], list[tuple[datetime, Document]]] = defaultdict(list)
    for demand in volunteers.demands.find(scope.community(), _FIELDS):
        terms = demand.get("terms")
        if not terms or terms["urgency"] == Urgency.EMERGENCY or demand.get("refrozen"):
            continue
        for offer in demand.get("offers", ()):
            who, at = offer["member_id"], offer.get("made_at")
            named = offer["wave"] == _BY_HAND or demand.get("ask_member") == who
            if who in known and at is not None and offer["team_id"] is None and not named:
                asked[who, at.astimezone(ZoneInfo(terms["time_zone"])).date()].append((at, demand))
    for (who, day), offers in asked.items():
        offers.sort(key=lambda one: one[0])
        for count, (_, demand) in enumerate(offers, start=1):
            most = demand["terms"].get("offers_per_day")
            if most is not None and count > most:
                yield Finding("asked-too-often", demand["number"], f"{who} {count} times on {day}, {most} may be")


def search_stuck(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nobody waits for the dispatcher for ever; and where whoever was ordered did not come the order goes on up."""
    demands = databases.of("volunteers").demands
    fields = dict.fromkeys(("number", "seeking", "steering.officer", "offers.id", "offers.status"), 1)
    either: Document = {"$or": [{"seeking": {"$exists": True}}, {"steering.officer.offer": {"$type": "string"}}]}
    for demand in demands.find(scope.community() | either, fields):
        if "seeking" in demand:
            yield Finding("still-seeking", demand["number"], "it waits for the dispatcher")
        offer = (demand.get("steering", {}).get("officer") or {}).get("offer")
        status = next((one["status"] for one in demand["offers"] if one["id"] == offer), None)
        if offer is not None and status != OfferStatus.OPEN:
            yield Finding("climb-missing", demand["number"], f"whoever was ordered: {status}, and it stays there")


def shifts_untold(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Every shift that is to be held has somebody, or was told to be without, or will be looked at."""
    told = ledger(databases, scope)
    now = max((one.time for one in told.told), default="")
    for roster in databases.of("volunteers").rosters.find(scope.community(), {"shifts": 1, "due": 1}):
        keys = Counter(entry["key"] for entry in roster.get("due", ()))
        for shift in roster["shifts"]:
            if shift["status"] == ShiftStatus.REMOVED:
                continue
            wanted = {f"evening:{shift['id']}:{shift['turn']}"} if not shift["checked"] else set()
            if not shift["late"] and shift["status"] != ShiftStatus.ON:
                wanted.add(f"late:{shift['id']}:{shift['turn']}")
            for key in sorted(wanted - keys.keys()):
                yield Finding("shift-unwatched", shift["id"], f"nothing stands for {key}")
            if shift["alarm"] is not None and not told.done[RosterUnfilled.TYPE, shift["id"]]:
                yield Finding("shift-untold", shift["id"], f"{shift['alarm']}, and nobody heard of it")
            empty = shift["status"] == ShiftStatus.EMPTY and shift["checked"] and shift["alarm"] is None
            if empty and time_text(shift["ends_at"]) > now:
                yield Finding("shift-untold", shift["id"], "nobody has it, and nobody was told")
