"""What sending asks of somebody's preferences: everything resolved, with the community's defaults."""

from services.notify.adapters.calendars import MongoCalendars
from services.notify.adapters.preferences import OF_A_PERSON, MongoPreferences
from services.notify.application.preferences import PERSONS
from services.notify.application.sending_ports import Wish
from services.notify.domain.preferences import Preferences, one_key
from services.notify.domain.reachable import SLIP

USUAL_LOCALE = "zh-CN"


class MongoWishes:
    """A ``Wishes``. A recipient that is many people's has the defaults, and no quiet hours: somebody is on duty.

    Paper is the last way to somebody without an account, whatever they said of the others.
    """

    def __init__(self, kept: MongoPreferences, calendars: MongoCalendars) -> None:
        self._kept = kept
        self._calendars = calendars

    def language(self, community_id: str, recipient: str) -> str | None:
        """See ``Wishes``."""
        return self._kept.of(community_id, one_key(recipient)).language

    def of(self, community_id: str, recipient: str) -> Wish:
        """See ``Wishes``."""
        key = one_key(recipient)
        theirs = key.startswith(PERSONS)
        said = self._kept.of(community_id, key) if theirs else Preferences(recipient=key, community_id=community_id)
        hours = said.hours(self._calendars.of(community_id)) if theirs else None
        return Wish(
            locale=said.language or USUAL_LOCALE,
            ways=(*(way.value for way in said.ways), *((SLIP,) if recipient.startswith(OF_A_PERSON) else ())),
            muted=frozenset((category.value, way.value) for category, way in said.off),
            digests=said.digests,
            quiet=hours,
            digest_at=said.digest_at,
            followed=frozenset(way.value for way in said.followed),
        )
