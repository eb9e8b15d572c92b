"""Mail of one kind is stopped by a link in a mail: as if its reader had said so in their preferences."""

from dataclasses import dataclass
from typing import Protocol

from contracts.actor import MEMBER_ACCOUNT, Actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.posts import StopMail
from contracts.commands.preferences import ChangePreferences, ReadPreferences
from contracts.errors import Conflict, NotFound
from contracts.notices import Switch, Way
from contracts.words import Text
from services.notify.application.consents import only_the_platform
from services.notify.application.preferences import PreferenceCases
from services.notify.domain.category import Category

MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """To whom a message went, and of which kind it was."""

    community_id: str
    recipient: str
    category: Category


class Links(Protocol):
    """The links that stand in mails."""

    def addressed(self, token: str) -> Addressed | None:
        """The message that a link stood in; None where it is none of ours, or the message is forgotten."""


class Stopping:
    """``stop_mail``."""

    def __init__(self, links: Links, preferences: PreferenceCases) -> None:
        self._links = links
        self._preferences = preferences

    def stop(self, call: Call[StopMail]) -> Outcome:
        """See ``StopMail``."""
        only_the_platform(call)
        found = self._links.addressed(call.command.token)
        reader = None if found is None else _reader(found)
        if found is None or reader is None:
            raise NotFound("not-found", Text("这个链接已失效", "this link is over"))
        meta = Meta(actor=reader, command_id=call.meta.command_id, correlation_id=call.meta.correlation_id)
        for _ in range(MOST_TRIES):
            try:
                self._switch_off(found.category, meta)
            except Conflict:
                continue  # somebody changed it in the same moment: once more, on what stands now
            return Outcome({"category": found.category.value})
        raise Conflict("try-again", Text("请再试一次", "please try again"))

    def _switch_off(self, category: Category, meta: Meta) -> None:
        revision = str(self._preferences.read(Call(ReadPreferences(), meta)).result["revision"])
        off = (Switch(category=category.value, way=Way.EMAIL, on=False),)
        self._preferences.change(Call(ChangePreferences(revision=revision, switches=off), meta))


def _reader(found: Addressed) -> Actor | None:
    kind, _, id = found.recipient.partition(":")
    if kind == "account":
        return Actor(account_id=id, community_id=found.community_id)
    if kind == "member":
        return Actor(account_id=f"{MEMBER_ACCOUNT}{id}", community_id=found.community_id, member_id=id)
    return None
