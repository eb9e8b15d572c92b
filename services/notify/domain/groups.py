"""Which chat groups may hear of an event; what they hear is masked in contracts.groups."""

from collections.abc import Mapping
from typing import Any

from contracts.events import AnyReceived
from contracts.events.rosters import RosterSnapshot
from contracts.events.ticket_snapshot import TicketSnapshot
from contracts.groups import GroupAudience, groups_for


def group_audiences(event: AnyReceived) -> tuple[str, ...]:
    """Who reads the groups that may hear of it: none of a complaint; of an empty shift, staff alone."""
    snapshot = event.snapshot
    if getattr(snapshot, "recused", None) is not None:
        return ()
    if isinstance(snapshot, TicketSnapshot):
        # Only terms say that it is for no child: what does not carry them is for staff alone.
        terms = getattr(event.body, "terms", None)
        for_child = terms is None or terms.for_child
        return tuple(groups_for(snapshot.nature, snapshot.category, snapshot.urgency, for_child=for_child))
    if isinstance(snapshot, RosterSnapshot):
        return (GroupAudience.STAFF,)
    return tuple(getattr(snapshot, "groups", ()))


def group_place(event: AnyReceived) -> Mapping[str, Any]:
    """What a message for groups says beside its number and item: the grid, and who may read it."""
    path = event.snapshot.area_path
    return {"groups": [str(one) for one in group_audiences(event)], "grid": path[-1] if path else None}
