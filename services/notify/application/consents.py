"""A person's consents to WeChat's subscription messages: given in the mini-program, counted here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.actor import Role
from contracts.commands import Call, Outcome
from contracts.commands.posts import GiveWechatConsents, ReadWechatConsents
from contracts.errors import Conflict, Invalid, NotFound
from contracts.words import Text

MOST_AT_ONCE = 20
_PLATFORM = frozenset({Role.SYSTEM})


@dataclass(frozen=True)
class Consent:
    """``left`` messages may be sent by this template of the platform; ``long_term``: one consent is good for all."""

    template_id: str
    left: int
    long_term: bool


class Consents(Protocol):
    """The ledger."""

    def add(self, account_id: str, community_id: str, openid: str, counts: Mapping[str, int], command_id: str) -> None:
        """So many more of each template; the same command adds once."""

    def of(self, account_id: str) -> Sequence[Consent]:
        """What an account has given and is left."""


class ConsentCommands:
    """``give_wechat_consents`` and ``read_wechat_consents``. *known*: the platform's ids of the templates in use."""

    def __init__(self, consents: Consents, known: Collection[str], long_term: Collection[str]) -> None:
        self._consents = consents
        self._known = frozenset(known)
        self._long_term = frozenset(long_term)

    def give(self, call: Call[GiveWechatConsents]) -> Outcome:
        """See ``GiveWechatConsents``."""
        command, actor = call.command, call.meta.actor
        if command.openid is None:
            raise Conflict("no-wechat", Text("请先绑定微信", "connect your WeChat first"), "openid")
        for template_id, count in command.templates.items():
            if template_id not in self._known:
                raise Invalid("no-such-template", Text("没有这个订阅模板", "there is no such template"), "templates")
            if not 1 <= count <= MOST_AT_ONCE:
                sentence = Text(f"次数要在 1 到 {MOST_AT_ONCE} 之间", f"a count is from 1 to {MOST_AT_ONCE}")
                raise Invalid("invalid-count", sentence, "templates")
        self._consents.add(
            actor.account_id, actor.community_id, command.openid, command.templates, call.meta.command_id
        )
        return self._answer(actor.account_id)

    def read(self, call: Call[ReadWechatConsents]) -> Outcome:
        """See ``ReadWechatConsents``."""
        return self._answer(call.meta.actor.account_id)

    def _answer(self, account_id: str) -> Outcome:
        given = {one.template_id: one.left for one in self._consents.of(account_id)}
        rows = [
            {"template_id": one, "left": given.get(one, 0), "long_term": one in self._long_term}
            for one in sorted(self._known | given.keys())
        ]
        return Outcome({"consents": rows})


def only_the_platform(call: Call[object]) -> None:
    """Raises NotFound for everybody else."""
    if not call.meta.actor.has(_PLATFORM):
        raise NotFound("not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))
