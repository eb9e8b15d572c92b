"""Messages, and changes as they happen."""

import time
from dataclasses import replace

from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, for_all, listed
from tests.services.permissions.rows.orders import climbed, placed, taken
from tests.services.permissions.town import Town


def _told(town: Town) -> Case:
    """An account that was told something."""
    case = placed(town)
    told = {"recipient": f"account:{case.requester}", "channel": "in_app"}
    message = town.resources["notify"].db["messages"].find_one(told)
    assert message is not None, case
    return Case(path={"message_id": message["_id"]}, account=case.requester, found=message["_id"])


def _noticed(town: Town) -> Case:
    """An account that was told something of an order, which it asks about."""
    case = _told(town)
    message = town.resources["notify"].db["messages"].find_one({"_id": case.found})
    assert message is not None, case
    return replace(case, path={}, query=f"?about={message['thread']}")


def _happened(town: Town) -> Case:
    """An order of which something was heard a moment ago; a page holds no more than some hundreds from there on."""
    since = int((time.time() - 1) * 1000)
    return replace(climbed(town), query=f"?wait=0&after=@{since}")


ROWS = (
    listed("GET /api/v1/inbox", _told),
    Row("POST /api/v1/inbox/<message_id>/read", _told),
    Row("POST /api/v1/inbox/<message_id>/acknowledge", _told),
    listed("GET /api/v1/me/notices", _noticed, "notices"),
    for_all("GET /api/v1/notices/punctuality", _told),
    listed("GET /api/v1/events", _happened, "frames", "subject"),
    for_all("GET /api/v1/stream", taken, streams=True),
)
