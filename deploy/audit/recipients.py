"""Whom each audience of a rule means, read from the stored event alone, without asking notify."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.actor import MEMBER_ACCOUNT
from contracts.dispatch import FREE_TO_REFUSE, Asking
from contracts.ladder import OPEN_WHISTLES, Rung
from contracts.roster import ShiftStatus
from contracts.words import NOBODY, Nature, OfferStatus, Permit
from deploy.audit.databases import Document

PLANNED = ShiftStatus.PLANNED.value
EVERYBODY = "*"
"""Whoever it was to be told to."""


def _requester(event: Document) -> Iterator[str]:
    account = event["data"]["snapshot"].get("requester_id")
    if account:
        yield f"account:{account}"


def _orderer(event: Document) -> Iterator[str]:
    """Whoever ordered, where volunteers tells it."""
    account = event["data"].get("requester_id")
    if account:
        yield f"account:{account}"


def _delegates(event: Document) -> Iterator[str]:
    snapshot = event["data"]["snapshot"]
    own_case = snapshot.get("recused") or {}
    recused = [*(MEMBER_ACCOUNT + member for member in own_case.get("members", ())), *own_case.get("staff", ())]
    for one in snapshot.get("delegates", ()):
        if Permit.BE_TOLD in one["may"] and one["account_id"] not in (snapshot.get("requester_id"), *recused):
            yield f"account:{one['account_id']}"


def _person(event: Document) -> Iterator[str]:
    account = event["data"]["snapshot"].get("account_id")
    if account:
        yield f"account:{account}"


def _delegate(event: Document) -> Iterator[str]:
    yield f"account:{event['data']['account_id']}"


def _people(rows: Any) -> Iterator[str]:
    """Of whom was asked long ago it is forgotten who they were, and so are the messages to them."""
    for row in rows:
        if row["member_id"] != NOBODY:
            yield f"member:{row['member_id']}"


def _asked(
    status: OfferStatus, *, free: bool | None = None, teams: bool | None = None
) -> Callable[[Document], Iterator[str]]:
    """Those of whom an offer stands so: free to refuse or not, a team or one; of a team the lead and the deputy."""

    def asked(event: Document) -> Iterator[str]:
        for one in event["data"].get("offers", ()):
            is_free = one.get("asking", Asking.INVITED) in FREE_TO_REFUSE
            is_team = one.get("team_id") is not None
            if one["status"] == status.value and free in (None, is_free) and teams in (None, is_team):
                yield from _people([one])
                if one.get("deputy_id"):
                    yield f"member:{one['deputy_id']}"

    return asked


def _answered(*, teams: bool) -> Callable[[Document], Iterator[str]]:
    """Whose offer is over; of a team the lead and the deputy."""

    def answered(event: Document) -> Iterator[str]:
        for one in event["data"].get("offers", ()):
            if one["status"] != OfferStatus.OPEN and (not teams or one.get("team_id") is not None):
                yield from _people([one])
                if one.get("deputy_id"):
                    yield f"member:{one['deputy_id']}"

    return answered


def _named(event: Document) -> Iterator[str]:
    if event["data"].get("named_by"):
        yield from _people([event["data"]])


def _namer(event: Document) -> Iterator[str]:
    if event["data"].get("named_by"):
        yield f"member:{event['data']['named_by']}"


def _dispatchers(event: Document) -> Iterator[str]:
    yield f"dispatchers:{event['communityid']}"


def _of_blocks(event: Document, rung: str) -> Iterator[str]:
    for block in event["data"]["snapshot"].get("blocks", ()):
        yield f"{rung}:{block}"


def _chiefs(event: Document) -> Iterator[str]:
    if event["data"]["snapshot"]["rung"] == Rung.CHIEF_OF_BLOCKS:
        yield from _of_blocks(event, Rung.CHIEF_OF_BLOCKS.value)
    yield from _of_blocks(event, Rung.BLOCK_CHIEF.value)


def _approvers(event: Document) -> Iterator[str]:
    rung = event["data"]["approver"]
    yield from _dispatchers(event) if rung == Rung.DESK else _of_blocks(event, rung)


def _whistles(event: Document) -> Iterator[Document]:
    """Those that it is about: of the teams that it names, else all that are open; of each team the newest."""
    data = event["data"]
    newest = {one["team"]: one for one in data["snapshot"].get("whistles", ())}
    named = data.get("teams", [data["team"]] if "team" in data else None)
    if named is None:
        yield from (one for one in newest.values() if one["status"] in OPEN_WHISTLES)
    else:
        yield from (newest[team] for team in named if team in newest)


def _called(event: Document) -> Iterator[str]:
    yield from (f"member:{lead}" for one in _whistles(event) for lead in one["leads"])


def _whistlers(event: Document) -> Iterator[str]:
    yield from (f"account:{one['by']}" for one in _whistles(event) if one["by"] is not None)


def _owner(event: Document) -> Iterator[str]:
    account = event["data"]["snapshot"].get("owner")
    if account:
        yield f"account:{account}"


def _duty(event: Document) -> Iterator[str]:
    yield f"duty:{event['communityid']}"


def _asker(event: Document) -> Iterator[str]:
    data = event["data"]
    for line in data["snapshot"]["ledger"]:
        if line["id"] == data["request_id"]:
            yield f"account:{line['asked_by']}"


def _on_roster(event: Document) -> Iterator[str]:
    """Whoever has the shifts, or is asked to take one."""
    data = event["data"]
    one = data.get("member_id")
    for member in data.get("member_ids", ()) if one is None else (one,):
        yield f"member:{member}"


def shifts_of(event: Document) -> list[Document]:
    """The shifts that an event of a roster is about, as they are after it."""
    data = event["data"]
    some = data.get("shifts") or (data.get("shift"),)
    return [one for one in data["snapshot"]["shifts"] if one["id"] in some]


def _on_shift(event: Document) -> Iterator[str]:
    """Whoever is expected to come to them."""
    for member in dict.fromkeys(one["member_id"] for one in shifts_of(event) if one["status"] == PLANNED):
        if member is not None:
            yield f"member:{member}"


def _crew(event: Document) -> Iterator[str]:
    order = event["data"]["snapshot"]
    if order["seats"] > 1:
        yield from _people(one for one in order["holders"] if one["member_id"] != order["lead"])


def _crew_lead(event: Document) -> Iterator[str]:
    order = event["data"]["snapshot"]
    if order["lead"] and order["seats"] > 1:
        yield f"member:{order['lead']}"


def _beneficiary(event: Document) -> Iterator[str]:
    """Where nobody hears in their name; of a complaint nobody."""
    order = event["data"]["snapshot"]
    person = order.get("beneficiary_id")
    if person and not order.get("requester_id") and order["nature"] != Nature.COMPLAINT:
        yield f"{PERSON}:{person}"


LOOKED_UP = frozenset({"followers", "staff_subscribers", "member_subscribers", "public_subscribers", "duty_officer"})
"""Whom notify looks up when an event comes: who they were then nobody can say afterwards."""
PERSON = "person"
"""What the name of a recipient begins with who opens no inbox."""


WHO: Mapping[str, Callable[[Document], Iterator[str]]] = {
    "requester": _requester,
    "orderer": _orderer,
    "delegates": _delegates,
    "person": _person,
    "delegate": _delegate,
    "holders": lambda event: _people(event["data"]["snapshot"]["holders"]),
    "released": lambda event: _people(event["data"]["released"]),
    "member": lambda event: _people([event["data"]]),
    "named": _named,
    "protectors": lambda event: iter((f"protectors:{event['communityid']}",)),
    "district": lambda event: iter((f"district:{event['communityid']}",)),
    "staff": lambda event: iter((f"staff:{event['communityid']}",)),
    "namer": _namer,
    "offered": _asked(OfferStatus.OPEN, free=True, teams=False),
    "ordered": _asked(OfferStatus.OPEN, free=False, teams=False),
    "offered_teams": _asked(OfferStatus.OPEN, free=True, teams=True),
    "ordered_teams": _asked(OfferStatus.OPEN, free=False, teams=True),
    "withdrawn": _asked(OfferStatus.WITHDRAWN),
    "dispatchers": _dispatchers,
    "approvers": _approvers,
    "asker": _asker,
    "duty": _duty,
    "chiefs": _chiefs,
    "called": _called,
    "whistlers": _whistlers,
    "on_roster": _on_roster,
    "on_shift": _on_shift,
    "owner": _owner,
    "answered": _answered(teams=False),
    "answered_teams": _answered(teams=True),
    "beneficiary": _beneficiary,
    "crew": _crew,
    "crew_lead": _crew_lead,
    **dict.fromkeys(LOOKED_UP, lambda _: iter(())),
    "everyone": lambda _: iter((EVERYBODY,)),
}
"""Whom each audience means; a word that is not here is an error of the table, or of the audit."""
