"""How many short messages the account at the provider sends, in a minute and in a day, whoever they are for.

What is sent by rules waits for room (``Sending``). A one-time code and the answer to what somebody wrote wait for
nothing: who asked stands there; but they are counted too.
"""

from collections.abc import Sequence

from chassis.settings import Settings
from services.notify.application.sending_ports import Address, Budgets, Letter, Limit, Post, Sent

MINUTE, DAY = 60, 86_400


def of_the_account(settings: Settings) -> Sequence[Limit]:
    """None where no provider is set up: the console takes everything."""
    if not settings.sms_url:
        return ()
    return (
        Limit(most=settings.sms_per_minute, seconds=MINUTE),
        Limit(most=settings.sms_per_day, seconds=DAY),
    )


def of_the_mini_program(settings: Settings) -> Sequence[Limit]:
    """What WeChat's platform takes of all of us together; none where it is not set up."""
    if not settings.wechat_url:
        return ()
    return (
        Limit(most=settings.wechat_per_minute, seconds=MINUTE),
        Limit(most=settings.wechat_per_day, seconds=DAY),
    )


class Counted:
    """A ``Post`` whose messages are counted in the account's budgets, and never wait for room."""

    def __init__(self, post: Post, budgets: Budgets, limits: Sequence[Limit]) -> None:
        self._post = post
        self._budgets = budgets
        self._limits = limits

    @property
    def way(self) -> str:
        """See ``Post``."""
        return self._post.way

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``; a full budget is a full budget for others."""
        for limit in self._limits:
            self._budgets.take(limit.key(address), limit.most, limit.seconds)
        return self._post.send(letter, address)
