"""For which recipients somebody reads: themselves, and what they share with those who do the same work."""

from collections.abc import Sequence

from contracts.actor import CHIEFS, DISPATCHERS, STAFF, Actor, Role
from services.notify.application.sending_ports import Wishes
from services.notify.domain.audience import Reach, Recipients, account, dispatchers, district, member, protectors, staff
from services.notify.domain.ladder_audience import duty, read_by_chief
from services.notify.domain.recipients import overseer, watcher

_CIRCLE, _DISTRICT = frozenset({Role.SECRETARY, Role.PROTECTOR}), frozenset({Role.DISTRICT_CONTACT})
"""Who hears of suspected harm; no administrator, no dispatcher."""


def own_recipient(actor: Actor) -> str:
    """The one that is the actor alone."""
    return account(actor.account_id) if actor.member_id is None else member(actor.member_id)


def recipients_of(actor: Actor) -> Recipients:
    """Every recipient that an actor may read for; who dispatches in some areas hears of the orders there."""
    recipients: dict[str, Reach | None] = {account(actor.account_id): None}
    if actor.member_id is not None:
        recipients[member(actor.member_id)] = None
    areas = [grant.area_id for grant in actor.grants if grant.role in DISPATCHERS]
    recipients |= {name: Reach(None, actor) for name in read_by_chief(actor)}
    if actor.has(_CIRCLE):
        recipients[protectors(actor.community_id)] = Reach(None, actor)
    if actor.has(_DISTRICT):
        recipients[district(actor.community_id)] = Reach(None, actor)
    if actor.has(CHIEFS):
        blocks = [grant.area_id for grant in actor.grants if grant.role in CHIEFS]
        recipients[overseer(actor.account_id)] = Reach(_near(blocks), actor)
    if actor.has(STAFF):
        staffed = [grant.area_id for grant in actor.grants if grant.role in STAFF]
        recipients[staff(actor.community_id)] = Reach(None, actor)
        recipients[watcher(actor.account_id)] = Reach(_near(staffed), actor)
    on_duty = [grant.area_id for grant in actor.grants if grant.role is Role.DUTY]
    if on_duty:
        recipients[duty(actor.community_id)] = Reach(_near(on_duty), actor)
    if areas:
        recipients[dispatchers(actor.community_id)] = Reach(_near(areas), actor)
    return recipients


def _near(areas: Sequence[str | None]) -> tuple[str, ...] | None:
    return None if None in areas else tuple(area for area in areas if area is not None)


def in_their_language(wishes: Wishes | None, actor: Actor, asked: str) -> str:
    """The locales in which the actor reads, the dearest first: what they said they want, then what was *asked* for."""
    said = None if wishes is None else wishes.language(actor.community_id, own_recipient(actor))
    return asked if said is None else f"{said},{asked}"
