"""For which upstream system a machine may speak: the one that it was opened for, and no other."""

from contracts.actor import STAFF, Role
from contracts.errors import NotFound, Refused
from contracts.upstream import External
from contracts.words import Text
from gateway.api.desk import actor, desk

_MACHINES = frozenset({Role.CLIENT})


def check_system(external: External | None) -> None:
    """Raises Refused where a machine passes on another system's order; staff enter what reached them by hand."""
    who = actor()
    if external is None or who.has(STAFF) or not who.has(_MACHINES):
        return
    try:
        system = desk().identity.clients.get(who.community_id, who.account_id).upstream
    except NotFound:
        system = None
    if system != external.system:
        raise Refused(
            "not-your-system",
            Text(zh="这个接口客户端不代表这个上级系统", en="this client does not speak for that system"),
            field="external.system",
        )
