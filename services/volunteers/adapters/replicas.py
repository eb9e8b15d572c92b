"""What volunteers keeps of its neighbours' events, and how each row is made of them: for ``rebuild``."""

from collections.abc import Iterable

from chassis.projection import Projection
from chassis.rebuild import View
from contracts.envelope import Envelope
from contracts.events.masters import AreaPublished
from contracts.schemas.wire import read_event
from services.volunteers.adapters.stores import AREAS, projection_of
from services.volunteers.application.ports import AreaRow

OWNERS = ("tickets",)


def _areas(envelope: Envelope) -> Iterable[Projection]:
    if envelope.type != AreaPublished.TYPE:
        return ()
    event = read_event(envelope.to_wire())
    return (projection_of(AreaRow(event.snapshot, event.version)),)


REPLICAS = (View(AREAS, _areas),)
