"""The ledger of orders, cut to what concerns whoever looks; and the list of what was asked for, over all orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymongo.collection import Collection

from contracts.actor import Actor
from contracts.ledger import RequestState
from gateway.views import scope
from gateway.views.pages import Ask, Found, find
from gateway.views.tickets import NEWEST

Document = dict[str, Any]
SOMETHING_ASKED: Mapping[str, Any] = {"ticket.ledger.0": {"$exists": True}}
"""Only such orders are in the index of the ledger, and it is used only when it is asked for."""
_OF_STAFF: Mapping[str, Any] = {"asked_by": None, "decided_by": None}
_NOBODY: Mapping[str, Any] = {"team_id": None, "member_id": None, "assignment_ids": []}


def ledger(doc: Mapping[str, Any], actor: Actor, *, staff: bool) -> list[Document]:
    """The lines of one order, oldest first: staff see all of them; others what was granted and what they asked for.

    Who asked, who decided and who was to be asked instead is for staff.
    """
    rows: list[Document] = doc.get("ticket", {}).get("ledger", [])
    if staff:
        return rows
    mine = (row for row in rows if actor.account_id == row["asked_by"] or row["state"] == RequestState.APPROVED)
    return [_without_names(row) for row in mine]


def _without_names(row: Mapping[str, Any]) -> Document:
    return {**row, **_OF_STAFF, "particulars": {**row["particulars"], **_NOBODY}}


@dataclass(frozen=True)
class Wanted:
    """Which lines; None: not by this."""

    state: str | None = None
    kind: str | None = None
    area: str | None = None

    def condition(self) -> Document:
        """The orders that have such a line."""
        line = {name: value for name, value in (("state", self.state), ("kind", self.kind)) if value is not None}
        wanted: Document = dict(SOMETHING_ASKED)
        if line:
            wanted["ticket.ledger"] = {"$elemMatch": line}
        if self.state is not None:
            wanted["ticket.ledger.state"] = self.state
        return wanted

    def matches(self, row: Mapping[str, Any]) -> bool:
        """Is it such a line?"""
        return self.state in (None, row["state"]) and self.kind in (None, row["kind"])


class LedgerViews:
    """Reads of the view of orders, for staff and chiefs where they are; nobody's own case."""

    def __init__(self, tickets: Collection[Document]) -> None:
        self._tickets = tickets

    def page(self, actor: Actor, wanted: Wanted, ask: Ask) -> Found:
        """Orders with such lines, newest first; the lines are ``ledger`` of each."""
        both = (scope.staff_branch(actor), scope.chief_branch(actor))
        beside: list[Document] = [scope.not_own_case(actor), wanted.condition()]
        if wanted.area is not None:
            beside.append({"area_path": wanted.area})
        branches = [{"$and": [branch, *beside]} for branch in both if branch is not None]
        return find(self._tickets, branches, NEWEST, ask)
