"""What staff still owe after the work: calls to make, answers to who was not satisfied, public answers."""

from collections.abc import Mapping
from typing import Any

from pymongo.collection import Collection

from contracts.actor import DISPATCHERS, MEMBER_ACCOUNT, Actor
from contracts.public_answers import AnswerState
from contracts.recusal import staffed
from contracts.results import CallbackKind, CallbackState, ReviewState
from gateway.views import scope
from gateway.views.pages import Ask, Found, Order, find
from gateway.views.tickets import NEWEST

Document = dict[str, Any]
CALL_OPEN: Mapping[str, Any] = {"ticket.callback.state": CallbackState.OPEN.value}
REVIEW_OPEN: Mapping[str, Any] = {"ticket.review.state": ReviewState.OPEN.value}
"""Only such orders are in the index of the list, which is used only when this is asked for."""
SOMETHING_PUBLIC: Mapping[str, Any] = {"ticket.public_answer.state": {"$exists": True}}


class TaskViews:
    """Reads of the collection ``tickets``, cut to what the actor may do."""

    def __init__(self, tickets: Collection[Document]) -> None:
        self._tickets = tickets

    def callbacks(self, actor: Actor, kind: CallbackKind | None, ask: Ask) -> Found:
        """Calls that are owed in the actor's areas, the soonest first."""
        wanted = CALL_OPEN if kind is None else {**CALL_OPEN, "ticket.callback.kind": kind.value}
        return self._page(actor, scope.staff_branch(actor), wanted, "ticket.callback.due_at", ask)

    def reviews(self, actor: Actor, ask: Ask) -> Found:
        """Answers that were not satisfied, in the areas where the actor is staff above: they explain."""
        return self._page(actor, scope.staff_branch(actor, DISPATCHERS), REVIEW_OPEN, "ticket.review.due_at", ask)

    def public_answers(self, actor: Actor, state: AnswerState, area: str | None, ask: Ask) -> Found:
        """Orders in the actor's areas whose public answer is in *state*, newest first."""
        branch = scope.staff_branch(actor)
        if branch is None:
            return Found([], None)
        wanted: list[Document] = [branch, {"ticket.public_answer.state": state.value}, scope.not_own_case(actor)]
        if area is not None:
            wanted.append({"area_path": area})
        return find(self._tickets, [{"$and": wanted}], NEWEST, ask)

    def _page(self, actor: Actor, branch: Document | None, wanted: Mapping[str, Any], field: str, ask: Ask) -> Found:
        """Nobody asks about their own work or order."""
        if branch is None:
            return Found([], None)
        cut = {**branch, **wanted, **_no_part_of(actor), **scope.not_own_case(actor)}
        return find(self._tickets, [cut], Order(field, soonest=True), ask)


def _no_part_of(actor: Actor) -> Document:
    """The condition that the actor neither did it, nor any of it, nor ordered it, nor acts in it for their family.

    What was told before ``handlers`` were tells the crew and who completed it.
    """
    own = {actor.account_id}
    condition: Document = {
        "ticket.completed_by": {"$ne": actor.account_id},
        "ticket.owner": {"$ne": actor.account_id},
        "ticket.requester_id": {"$ne": actor.account_id},
        "ticket.delegates.account_id": {"$ne": actor.account_id},
    }
    if actor.member_id is not None:
        own.add(MEMBER_ACCOUNT + actor.member_id)
        condition["ticket.holders.member_id"] = {"$ne": actor.member_id}
    if areas := staffed(actor):
        condition["ticket.handled_in"] = {"$nin": list(areas)}
    return condition | {"ticket.handlers": {"$nin": sorted(own)}}
