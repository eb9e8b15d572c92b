"""Reads and commands to notify about what somebody wants to hear, how, and when."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.notify import NotifyCommand
from contracts.notices import Gathered, Quiet, Switch, Way


@dataclass(frozen=True, kw_only=True)
class ReadPreferences(NotifyCommand):
    """What somebody wants; the defaults where they said nothing.

    ``whose`` is ``account:..``, ``member:..`` or, of somebody served without an account, ``person:..``; None: the
    actor's own. Others' are for staff, whose areas the gateway has looked at. A member and their account have the same.
    Result: ``{"language", "ways", "categories": [{"category", "mutable", "off": [way], "every"}], "quiet": {"mode",
    "start", "end", "end_days_off", "time_zone"}, "followed": [way], "digest_at", "changes": [{"at", "by", "staff"}],
    "revision"}``; ``language`` None: nothing was said; ``start`` None: no quiet hours. ``followed``: the ways by which
    they hear out of the platform of what they follow or subscribed to; none where they said nothing.
    """

    METHOD: ClassVar[str] = "read_preferences"
    whose: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePreferences(NotifyCommand):
    """Somebody says what they want, or staff on their word; what is None stays as it is.

    ``revision`` is that of what was seen: Conflict ``changed-meanwhile`` where it is another by now. ``language`` is a
    BCP 47 tag; ``ways`` in the order in which they are to be tried, those not named follow; ``switches`` and
    ``digests`` change what they name; ``digest_at`` (18:00) is when digests go out, by the community's clocks.
    ``forget`` takes back: ``language``. Raises Invalid naming the field, ``never-muted`` for what must get through.
    Result as of ``ReadPreferences``.
    """

    METHOD: ClassVar[str] = "change_preferences"
    revision: str
    whose: str | None = None
    language: str | None = None
    ways: tuple[Way, ...] | None = None
    switches: tuple[Switch, ...] | None = None
    digests: tuple[Gathered, ...] | None = None
    digest_at: str | None = None
    quiet: Quiet | None = None
    followed: tuple[Way, ...] | None = None
    forget: tuple[str, ...] = ()
