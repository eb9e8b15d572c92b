"""What volunteers keeps of its neighbours' events, and how each row is made of them: for ``rebuild``."""

from collections.abc import Iterable

from chassis.projection import Projection
from chassis.rebuild import View
from contracts.envelope import Envelope
from contracts.events.masters import AreaPublished, CommunityPublished
from contracts.schemas.wire import read_event
from services.volunteers.adapters.stores import AREAS, COMMUNITIES, projection_of, projection_of_community
from services.volunteers.application.ports import AreaRow, CommunityRow

OWNERS = ("tickets",)


def _areas(envelope: Envelope) -> Iterable[Projection]:
    if envelope.type != AreaPublished.TYPE:
        return ()
    event = read_event(envelope.to_wire())
    return (projection_of(AreaRow(event.snapshot, event.version)),)


def _communities(envelope: Envelope) -> Iterable[Projection]:
    if envelope.type != CommunityPublished.TYPE:
        return ()
    event = read_event(envelope.to_wire())
    return (projection_of_community(CommunityRow(event.snapshot, event.version)),)


REPLICAS = (View(AREAS, _areas), View(COMMUNITIES, _communities))
