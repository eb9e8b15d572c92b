"""What people want to hear, where they are reached and by which calendar, put together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import eventlet

from chassis.clock import elapsed_seconds
from chassis.resources import Resources
from contracts.events import AnyReceived
from services.notify.adapters.calendars import MongoCalendars
from services.notify.adapters.contacts import RpcContacts
from services.notify.adapters.gathered_contacts import GatheredContacts
from services.notify.adapters.preferences import MongoPreferences
from services.notify.adapters.wishes import MongoWishes
from services.notify.application.preferences import PreferenceCases

Handler = Callable[[Sequence[AnyReceived]], None]


@dataclass(frozen=True)
class WishesRoom:
    """The ports of sending, the use cases of its owner, and the handlers of the inbox."""

    wishes: MongoWishes
    calendars: MongoCalendars
    contacts: GatheredContacts
    preferences: PreferenceCases
    handlers: Mapping[str, Handler]


def wishes_room(resources: Resources) -> WishesRoom:
    """On one database and the service's own client of the others."""
    kept = MongoPreferences(resources.db)
    calendars = MongoCalendars(resources.db, elapsed_seconds)
    return WishesRoom(
        wishes=MongoWishes(kept, calendars),
        calendars=calendars,
        contacts=GatheredContacts(RpcContacts(resources.rpc.call).of_many, eventlet.sleep),
        preferences=PreferenceCases(kept, calendars, resources.clock),
        handlers={"keep_community": calendars.keep_community, "adopt_preferences": kept.adopt},
    )
