"""Clauses about seats and people: exactly as many as there are, nobody beyond their capacity, none kept for nothing."""

from collections import Counter
from collections.abc import Iterator

from contracts.words import ENDED, NOBODY, DemandStatus, SeatStatus
from deploy.audit.databases import Databases, Document
from deploy.audit.findings import Finding, Scope

HELD = (SeatStatus.TAKEN.value, SeatStatus.ARRIVED.value)
OVER = (DemandStatus.FINISHED.value, DemandStatus.ENDED.value)


def over_assigned(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No order has more holders than seats, by either owner, and no seat two holders."""
    for demand in databases.of("volunteers").demands.find(scope.community(), {"seats": 1, "takes": 1, "number": 1}):
        holders = [take for take in demand["takes"] if take["released"] is None]
        twice = [seat for seat, count in Counter(take["seat"] for take in holders).items() if count > 1]
        if len(holders) > demand["seats"] or twice:
            yield Finding("over-assigned", demand["number"], f"{len(holders)} holders of {demand['seats']} seats")
    for ticket in databases.of("tickets").tickets.find(scope.orders(), {"seats": 1, "holders": 1, "number": 1}):
        if len(ticket["holders"]) > ticket["seats"]:
            seen = f"{len(ticket['holders'])} holders of {ticket['seats']} seats, by the order itself"
            yield Finding("over-assigned", ticket["number"], seen)


def over_capacity(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """No member holds more seats than they can: by their own document, and by the seats themselves.

    Seats that staff gave to duty staff with full hands, for that very reason, come on top.
    """
    volunteers = databases.of("volunteers")
    demands = volunteers.demands.find(scope.community(), {"takes": 1})
    at_work = [take for demand in demands for take in _at_work(demand)]
    seats = Counter(take["member_id"] for take in at_work)
    beyond = Counter(take["member_id"] for take in at_work if take.get("beyond"))
    for member in volunteers.members.find(scope.community(), {"capacity": 1, "holding": 1}):
        most = max(len(member["holding"]), seats[member["_id"]])
        if most > member["capacity"] + beyond[member["_id"]]:
            yield Finding("over-capacity", member["_id"], f"holds {most}, can hold {member['capacity']}")


def seats_kept_for_nothing(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """What members hold is exactly what the demands say they do, and nothing of an order that is at its end."""
    volunteers = databases.of("volunteers")
    over = {"status": {"$in": [status.value for status in ENDED]}}
    ended = {ticket["_id"] for ticket in databases.of("tickets").tickets.find(scope.community() | over, {"_id": 1})}
    wanted: dict[str, str] = {}
    for demand in volunteers.demands.find(scope.community(), {"takes": 1, "status": 1, "number": 1}):
        for take in _at_work(demand):
            wanted[take["id"]] = take["member_id"]
            if demand["status"] in OVER or demand["_id"] in ended:
                yield Finding("seat-kept", demand["number"], f"{take['id']} is {take['status']}, its order is over")
    for member in volunteers.members.find(scope.community(), {"holding": 1}):
        for assignment_id in member["holding"]:
            if wanted.pop(assignment_id, None) != member["_id"]:
                yield Finding("seat-kept", member["_id"], f"holds {assignment_id}, which is nobody's or another's")
    for assignment_id, member_id in wanted.items():
        yield Finding("seat-kept", assignment_id, f"taken by {member_id}, whose capacity does not count it")


def ended_without_demand(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """The search for people ends with its order, and who has a seat of an order is who the order names."""
    fields = {"status": 1, "takes": 1, "seats": 1, "round": 1, "rework_count": 1, "terms": 1}
    rows = databases.of("volunteers").demands.find(scope.community(), fields)
    demands = {demand["_id"]: demand for demand in rows}
    wanted = dict.fromkeys(("status", "holders", "vacated", "number", "terms", "seats", "round", "rework_count"), 1)
    for ticket in databases.of("tickets").tickets.find(scope.orders(), wanted):
        demand = demands.get(ticket["_id"])
        if demand is None:
            if ticket["status"] not in ENDED and ticket.get("terms") is not None:
                yield Finding("no-search", ticket["number"], "accepted, but nobody is looked for")
        else:
            yield from _apart(ticket, demand)


def _apart(ticket: Document, demand: Document) -> Iterator[Finding]:
    about = ticket["number"]
    if ticket["status"] in ENDED and demand["status"] not in OVER:
        yield Finding("search-goes-on", about, f"{ticket['status']}, its demand is {demand['status']}")
    named = {holder["assignment_id"] for holder in ticket["holders"]} - set(ticket.get("vacated", ()))
    have = {take["id"] for take in demand["takes"] if take["released"] is None}
    if demand["status"] not in OVER and _asks(ticket) != _asks(demand):
        yield Finding("terms-differ", about, "people are looked for under other terms than the order's")
    if named != have:
        yield Finding("crew-differs", about, f"{sorted(named)} in tickets, {sorted(have)} in volunteers")
    # A demand that ended early is a tombstone: it knows of no rework or round after that.
    same = ("seats",) if demand["status"] == DemandStatus.ENDED else ("seats", "round", "rework_count")
    for name in same:
        if ticket.get(name) != demand.get(name):
            yield Finding("demand-differs", about, f"{name} is {ticket.get(name)}, for volunteers {demand.get(name)}")


def asked_twice(databases: Databases, scope: Scope) -> Iterator[Finding]:
    """Nobody is asked twice for one order in one round."""
    for demand in databases.of("volunteers").demands.find(scope.community(), {"offers": 1, "number": 1}):
        asked = Counter((offer["round"], offer["member_id"]) for offer in demand["offers"])
        for (round_, member_id), count in asked.items():
            if count > 1 and member_id != NOBODY:
                yield Finding("asked-twice", demand["number"], f"{member_id} {count} times in round {round_}")


def _at_work(demand: Document) -> list[Document]:
    return [take for take in demand["takes"] if take["released"] is None and take["status"] in HELD]


def _asks(doc: Document) -> list[str | None]:
    """Whom its terms let be asked, and how fast."""
    terms = doc.get("terms") or {}
    return [terms.get(name) for name in ("policy", "who_may", "urgency")]
