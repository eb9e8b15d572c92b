"""Commands to notify of those who want to hear: of one order, or of an area and a category."""

from dataclasses import dataclass
from typing import ClassVar

from contracts.commands.notify import NotifyCommand
from contracts.following import Sight, Subscription


@dataclass(frozen=True, kw_only=True)
class FollowTicket(NotifyCommand):
    """The actor hears of this order's changes from now on, for as long as they see it ``by`` this sight.

    Whether they do is said by the gateway, which keeps the views. Result: ``{"ticket_id", "following"}``.
    """

    METHOD: ClassVar[str] = "follow_ticket"
    ticket_id: str
    by: Sight


@dataclass(frozen=True, kw_only=True)
class UnfollowTicket(NotifyCommand):
    """The actor hears of it no more. Result: ``{"ticket_id", "following"}``."""

    METHOD: ClassVar[str] = "unfollow_ticket"
    ticket_id: str


@dataclass(frozen=True, kw_only=True)
class ReadSubscriptions(NotifyCommand):
    """The actor's own. Result: ``{"subscriptions": [{"area_id", "category"}]}``."""

    METHOD: ClassVar[str] = "read_subscriptions"


@dataclass(frozen=True, kw_only=True)
class SetSubscriptions(NotifyCommand):
    """These and no others, from now on; none ends them all. Result as of ``ReadSubscriptions``.

    Staff hear of new orders in their areas, members of seats that anybody may claim, everybody of public answers.
    """

    METHOD: ClassVar[str] = "set_subscriptions"
    subscriptions: tuple[Subscription, ...]
