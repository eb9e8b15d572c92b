"""Whose card of the week has anything on it, as the one who may act for the person sees it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from contracts.actor import Actor
from contracts.commands.weeks import MOST_AT_ONCE, CardOf, ReadFilledCards
from contracts.errors import Invalid
from contracts.words import Text
from gateway.identity.identity import Identity
from gateway.views.week import Week


class Cards(Protocol):
    """The cards."""

    def is_filled(self, actor: Actor, card: CardOf, week: Week) -> bool:
        """Does *actor* see a visit on it, or one that is to come?"""


def filled(cards: Cards, identity: Identity, community_id: str, asked: ReadFilledCards) -> list[list[str]]:
    """See ``ReadFilledCards``; raises Invalid for too many at once."""
    if len(asked.cards) > MOST_AT_ONCE:
        raise Invalid("too-many", Text(f"一次最多 {MOST_AT_ONCE} 个", f"at most {MOST_AT_ONCE} at once"), field="cards")
    since = None if asked.since is None else datetime.fromisoformat(asked.since)
    week = Week.of(date.fromisoformat(asked.day), ZoneInfo(asked.time_zone), since)
    found = []
    for card in asked.cards:
        account = identity.accounts.by_id(card.account_id)
        if account is None or account.closed or account.community_id != community_id:
            continue
        family = replace(account.actor, grants=())
        if not identity.rests.holds(account.id) and cards.is_filled(family, card, week):
            found.append([card.person_id, card.account_id])
    return found
