"""The communities' own calendars: a replica of what tickets publishes of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import time
from zoneinfo import ZoneInfo

from pymongo.database import Database

from chassis.mongo import Document
from chassis.projection import Projection, project
from chassis.rebuild import View
from contracts.envelope import Envelope
from contracts.events import AnyReceived
from contracts.events.masters import CommunityPublished
from contracts.schemas.wire import read_event
from services.notify.domain.own_calendar import UNKNOWN, OwnCalendar
from services.notify.domain.quiet import QuietHours

COMMUNITIES = "communities"
REMEMBERED_SECONDS = 10.0
"""So long an import may go unnoticed by a running process."""


class MongoCalendars:
    """A ``Calendars``: one row for each community, the newest version wins."""

    def __init__(self, db: Database[Document], elapsed: Callable[[], float]) -> None:
        """*elapsed*: seconds of real time."""
        self._rows = db[COMMUNITIES]
        self._elapsed = elapsed
        self._known: dict[str, tuple[float, OwnCalendar]] = {}

    def keep_community(self, events: Sequence[AnyReceived]) -> None:
        """The handler of the inbox."""
        project(self._rows, [_row(event) for event in events])

    def of(self, community_id: str) -> OwnCalendar:
        """See ``Calendars``."""
        now = self._elapsed()
        until, known = self._known.get(community_id, (0.0, UNKNOWN))
        if now >= until:
            known = self._read(community_id)
            self._known[community_id] = (now + REMEMBERED_SECONDS, known)
        return known

    def zone(self, community_id: str) -> ZoneInfo:
        """See ``Calendars``."""
        return self.of(community_id).zone

    def _read(self, community_id: str) -> OwnCalendar:
        row = self._rows.find_one({"_id": community_id}, {"community": 1})
        if row is None:
            return UNKNOWN
        told: Document = row["community"]
        ends = time.fromisoformat(told["quiet_to"]), time.fromisoformat(told["quiet_to_days_off"])
        return OwnCalendar(
            zone=ZoneInfo(told["time_zone"]),
            days_off=frozenset(told["days_off"]),
            days_on=frozenset(told["days_on"]),
            quiet=QuietHours(time.fromisoformat(told["quiet_from"]), *ends),
        )


def _row(event: AnyReceived) -> Projection:
    told = event.snapshot
    fields = {
        "time_zone": told.time_zone,
        "days_off": list(told.days_off),
        "days_on": list(told.days_on),
        "quiet_from": told.quiet_from,
        "quiet_to": told.quiet_to,
        "quiet_to_days_off": told.quiet_to_days_off,
    }
    return Projection(told.id, CommunityPublished.AGGREGATE, event.version, fields, {"community_id": told.community_id})


def _rows(envelope: Envelope) -> Iterable[Projection]:
    return (_row(read_event(envelope.to_wire())),) if envelope.type == CommunityPublished.TYPE else ()


VIEW = View(COMMUNITIES, _rows)
"""For ``rebuild``."""
