"""Who hears of an order that goes up, and of a department that was called: from the event alone."""

from collections.abc import Sequence
from typing import Any

from contracts.actor import Actor, Role
from contracts.events import AnyReceived
from contracts.ladder import OPEN_WHISTLES, Rung, Whistle
from services.notify.domain.recipients import OVERSEER

_BLOCK_CHIEFS, _TOP = Rung.BLOCK_CHIEF.value, Rung.CHIEF_OF_BLOCKS.value
EVERY = "*"
"""In place of a block: all of those that orders of the reader's community lie in."""
_CHIEF_OF = {
    Role.BLOCK_CHIEF: _BLOCK_CHIEFS,
    Role.DEPUTY_BLOCK_CHIEF: _BLOCK_CHIEFS,
    Role.CHIEF_OF_BLOCKS: _TOP,
}


def duty(community_id: str) -> str:
    """The recipient that is all duty staff of a community."""
    return f"duty:{community_id}"


def chiefs(event: AnyReceived) -> tuple[str, ...]:
    """The chiefs of the blocks that the order lies in: those of its rung, and at the top the block chiefs too."""
    below = of_blocks(event, Rung.BLOCK_CHIEF)
    return (*of_blocks(event, Rung.CHIEF_OF_BLOCKS), *below) if event.snapshot.rung is Rung.CHIEF_OF_BLOCKS else below


def of_blocks(event: AnyReceived, rung: Rung) -> tuple[str, ...]:
    """The recipients that are everyone who holds this rung in the blocks of the order."""
    return tuple(f"{rung.value}:{block}" for block in event.snapshot.blocks)


def read_by_chief(actor: Actor) -> tuple[str, ...]:
    """The recipients for which an actor reads as chief; who is chief of no block by name is of all of a community."""
    held = ((_CHIEF_OF.get(grant.role), grant.area_id) for grant in actor.grants)
    return tuple(f"{kind}:{EVERY if block is None else block}" for kind, block in held if kind is not None)


def reads_abroad(recipients: Sequence[str]) -> bool:
    """Is one of them a chief's, whose block reaches into other communities?"""
    return any(name.partition(":")[0] in (_TOP, _BLOCK_CHIEFS, OVERSEER) for name in recipients)


def about(event: AnyReceived) -> list[Whistle]:
    """The whistles that an event is about: to the teams that it names, else all that are open."""
    body: Any = event.body
    named = (body.team,) if hasattr(body, "team") else getattr(body, "teams", None)
    newest = {one.team: one for one in event.snapshot.whistles}
    if named is None:
        return [one for one in newest.values() if one.status in OPEN_WHISTLES]
    return [newest[team] for team in named if team in newest]


def leads(event: AnyReceived) -> tuple[str, ...]:
    """The members who answer for them."""
    return tuple(dict.fromkeys(lead for one in about(event) for lead in one.leads))


def whistlers(event: AnyReceived) -> tuple[str, ...]:
    """The accounts that whistled them; none where the order's own rules did."""
    return tuple(dict.fromkeys(one.by for one in about(event) if one.by is not None))
