"""The long tail of groups and pagers, by Apprise: an address in its own form says which service and carries the key.

What Apprise calls a success says that the service answered, not what: many put their refusals inside HTTP 200. So it
becomes ``sent`` and never more. Only services named here are let in: those at a host of their own that is part of
Apprise, and those whose host the address names. Apprise writes what is sent; our own client carries it
(``apprise_carrier``), so that the address that was checked is the one that is connected to. Nothing of an address makes
a service read a file or fetch something: a template to load is refused.
"""

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

import apprise
from apprise.utils.parse import parse_qsd
from eventlet import Timeout

from chassis.outgoing import Failure, Outgoing
from contracts.groups import RobotKind
from services.notify.adapters.apprise_carrier import carried_by, hand_over
from services.notify.adapters.robot_answers import cut, later, more
from services.notify.application.robot_ports import Robots
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.message import DeliveryStatus

FIXED = frozenset(
    {"schan", "pushplus", "feishu", "lark", "pushme", "wxpusher", "wpush", "spugpush", "discord", "slack", "tgram"}
)
"""Schemes whose host is Apprise's to know."""
HOSTED: Mapping[str, bool] = {
    f"{name}{end}": bool(end)
    for name in ("bark", "json", "form", "xml", "gotify", "mmost", "rocket", "synology")
    for end in ("", "s")
}
"""Schemes whose host the address names; does it speak TLS?"""
_NEVER_ASKED = frozenset({"redirect", "verify", "retry", "wait", "rto", "cto", "template", "store", "config"})
"""What an address would switch off, stretch, or have read from this machine: it is said so, and not left out."""
LARGEST = 2_000
"""Bytes: what the smallest of them takes."""
_MUTE = logging.CRITICAL + 1


class ApprisePost:
    """A ``Post``: an address is a robot's id. ``whole`` is in seconds, for one message."""

    way = RobotKind.APPRISE.value

    def __init__(self, robots: Robots, out: Outgoing, *, plain: bool, whole: float = 15.0) -> None:
        self._robots = robots
        self._out = out
        self._plain = plain
        self._whole = whole
        self._asset = apprise.AppriseAsset(
            http_redirects=False, async_mode=False, app_id="shiliu", app_desc="shiliu", app_url=""
        )
        hand_over(FIXED | HOSTED.keys())
        logging.getLogger("apprise").setLevel(_MUTE)  # its lines hold addresses with their keys

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``."""
        access = self._robots.access(address.value)
        if access is None:
            return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason="no-such-robot")
        bound = Timeout(self._whole)
        try:
            return self._send(access.key, letter)
        except Timeout as raised:
            if raised is not bound:
                raise
            return later(Failure.TIMEOUT.value)
        finally:
            bound.cancel()

    def _send(self, url: str, letter: Letter) -> Sent:
        found = self.read(url)
        if isinstance(found, Failure):
            if found in (Failure.BAD_URL, Failure.REFUSED_ADDRESS):
                return Sent(status=DeliveryStatus.FAILED_PERMANENT, reason=found.value)
            return later(found.value)
        service = apprise.Apprise(asset=self._asset)
        service.add(found)
        with carried_by(self._out):
            done = service.notify(title=letter.title, body=cut(letter.body, LARGEST, more(letter.locale)))
        return Sent(status=DeliveryStatus.SENT) if done else later("not-taken")

    def read(self, url: str) -> apprise.NotifyBase | Failure:
        """The service behind an address, if it may be spoken to now; for a check before the first message, too."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return Failure.BAD_URL
        hosted = HOSTED.get(parts.scheme)
        if (hosted is None and parts.scheme not in FIXED) or _asked(url) & _NEVER_ASKED:
            return Failure.BAD_URL
        if hosted is False and not self._plain:
            return Failure.BAD_URL
        service = apprise.Apprise.instantiate(url, asset=self._asset)
        if service is None or _fetches(service):
            return Failure.BAD_URL
        if hosted is None:
            return service
        where = f":{service.port}" if service.port else ""
        reached = self._out.addresses(f"{'https' if hosted else 'http'}://{service.host}{where}/")
        return reached if isinstance(reached, Failure) else service


def _asked(url: str) -> frozenset[str]:
    """The names in an address as Apprise reads them: behind ``;`` and ``#`` too, and with spaces around."""
    query = url.partition("?")[2].replace("?", "&")
    return frozenset(parse_qsd(query, simple=True)["qsd"])  # type: ignore[no-untyped-call]  # as Apprise has it


def _fetches(service: apprise.NotifyBase) -> bool:
    """Would it open a file, or another address, before it sends?"""
    return any(isinstance(one, apprise.AppriseAttachment) and len(one) > 0 for one in vars(service).values())
