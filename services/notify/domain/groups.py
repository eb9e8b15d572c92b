"""Which chat groups may hear of an event; what they hear is masked in contracts.groups."""

from collections.abc import Mapping
from typing import Any

from contracts.events import AnyReceived
from contracts.groups import groups_for
from contracts.words import Nature


def group_audiences(event: AnyReceived) -> tuple[str, ...]:
    """Who reads the groups that may hear of it: none of a complaint, and none of what is about no order."""
    snapshot = event.snapshot
    nature = getattr(snapshot, "nature", None)
    if not isinstance(nature, Nature) or getattr(snapshot, "recused", None) is not None:
        return ()
    terms = getattr(event.body, "terms", None)
    for_child = bool(getattr(terms, "for_child", False))
    return tuple(
        audience.value for audience in groups_for(nature, snapshot.category, snapshot.urgency, for_child=for_child)
    )


def group_place(event: AnyReceived) -> Mapping[str, Any]:
    """What a message for groups says beside its number and item: the grid, and who may read it."""
    path = event.snapshot.area_path
    return {"groups": list(group_audiences(event)), "grid": path[-1] if path else None}
