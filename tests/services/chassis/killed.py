"""A process whose handler kills it: ``python -m tests.services.chassis.killed AMQP_URL EVENT_ID``."""

import os
import signal
import sys
from collections.abc import Sequence

import eventlet

eventlet.monkey_patch()

from chassis.inbox import Inbox  # noqa: E402
from chassis.settings import Settings  # noqa: E402
from contracts.events import AnyReceived  # noqa: E402
from tests.services.chassis.bus_probe import handlers_of  # noqa: E402


def follow_demand(events: Sequence[AnyReceived]) -> None:
    """Die over one event."""
    if any(event.envelope.id == sys.argv[2] for event in events):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Inbox(Settings(amqp_url=sys.argv[1]), "tickets", handlers_of("tickets", follow_demand=follow_demand)).start()
    eventlet.sleep(30)
