"""Waiting until what was on its way when somebody was erased has arrived: it may still name them."""

import time
from collections.abc import Callable, Mapping

from chassis.settings import Settings
from deploy.audit.databases import Databases, Depths
from deploy.stack.failure import StackError

SETTLE_SECONDS = 3.0
"""What a service has taken from its queue is done with by then."""
MOST_SECONDS = 180.0
"""Longer than an event climbs through the queues of retries before it is dead."""
LOOK_EVERY = 0.3


def await_arrival(settings: Settings, most: float = MOST_SECONDS) -> None:
    """Until every service's inbox and retries have been seen empty once; StackError where they are not by *most*."""
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        emptied(databases.depths, most)
    time.sleep(SETTLE_SECONDS)


def emptied(look: Callable[[], Mapping[str, Depths]], most: float) -> None:
    """The same, by what *look* sees."""
    end = time.monotonic() + most
    found = look()
    waiting = set(found)
    while waiting := {service for service in waiting if found[service].inbox or found[service].retry}:
        if time.monotonic() > end:
            told = ", ".join(sorted(waiting))
            raise StackError(
                f"{told} 还有事件没有处理完,里面可能有姓名:等它们处理完(服务要在运行),再运行一次,会接着做",
                f"{told}: events still wait there and may name somebody: let the services run, then run this again",
            )
        time.sleep(LOOK_EVERY)
        found = look()
