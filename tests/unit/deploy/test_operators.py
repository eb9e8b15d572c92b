"""Whatever can be made again from events can be asked for by its name at the command line, and nothing else."""

from deploy.stack.operators import NOTIFY, REPLICAS, TICKETS, VIEWS, VOLUNTEERS
from gateway.views.rebuild import REBUILT as VIEWS_OF_THE_GATEWAY
from services.notify.service import REBUILT as REPLICAS_OF_NOTIFY
from services.tickets.adapters.crews import REPLICAS as REPLICAS_OF_TICKETS
from services.volunteers.adapters.replicas import REPLICAS as REPLICAS_OF_VOLUNTEERS


def test_every_view_and_replica_can_be_rebuilt() -> None:
    of_others = {
        TICKETS: ("tickets", REPLICAS_OF_TICKETS),
        VOLUNTEERS: ("volunteers", REPLICAS_OF_VOLUNTEERS),
        NOTIFY: ("notify", REPLICAS_OF_NOTIFY),
    }
    there = {f"{name}.{view.name}": module for module, (name, views) in of_others.items() for view in views}
    assert there == REPLICAS
    assert {view.name for view in VIEWS_OF_THE_GATEWAY} == set(VIEWS)
