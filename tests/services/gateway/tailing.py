"""The tail of the gateway's database, with everybody who hears of it in a gateway process."""

from typing import Any

from gateway.api.desk import Desk
from gateway.stream.following import Following
from gateway.stream.tail import Tail


def a_tail(db: Any, desk: Desk) -> Tail:
    """As the composition root puts it together; not started."""
    revocations = desk.identity.revocations
    revocations.tell(of_account=desk.fanout.wake_account, of_session=desk.fanout.wake_session)
    following = Following(desk.fanout, desk.accounts, revocations)
    return Tail(db, following.inserted, following.changed, following.lost)
