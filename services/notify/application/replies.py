"""Replies to offers by SMS: found by the phone, done by the ordinary commands as the member whose phone it is.

1 and 2 become a command. Everything else may be a call for help: it goes to tickets, which keeps it sealed until staff
have answered, and nothing of it is kept here. A reply may come twice and late: the commands are keyed by the offer, or
by the provider's number of the reply, and an offer that is over is said to be over.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.actor import MEMBER_ACCOUNT, Actor, Grant, Role, notify_actor, system_actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.pleas import TakePlea
from contracts.commands.posts import SmsReply, TakeSmsReplies
from contracts.commands.volunteers import AcceptOffer, DeclineOffer, FindByPhone
from contracts.errors import Busy, Conflict, DomainError, NotFound, TooLate
from services.notify.application.consents import only_the_platform
from services.notify.application.ports import Templates
from services.notify.application.sending_ports import Address, Budgets, Letter, Post
from services.notify.domain.category import Category
from services.notify.domain.locales import FIRST
from services.notify.domain.replies import TEMPLATES, Answering, Reply, read_reply
from services.notify.domain.template import PACKAGED, Form

SMS = "sms"
ANY = "*"
ANSWERS_AN_HOUR = 3
"""So often one phone is answered by a machine within an hour, however much it writes."""
_HOUR = 3_600
_NOT_SO = frozenset({"return-instead", "decline-instead", "name-people"})
"""Refusals that say: it stands, but is not answered so."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An open offer that was told to a phone by SMS."""

    community_id: str
    offer_id: str
    thread: str
    number: str
    locale: str


class ToldOffers(Protocol):
    """Which open offers were told to which phone, by a hash that cannot be read back."""

    def last(self, phone: str) -> Told | None:
        """The open offer that was last told to this phone."""

    def forget(self, offer_ids: Sequence[str]) -> None:
        """These are over."""

    def seen(self, sequence: str) -> bool:
        """Was this reply dealt with before?"""

    def note_seen(self, sequence: str) -> None:
        """It is dealt with."""

    def key(self, phone: str) -> str:
        """What stands for a phone where it is counted."""


class Rpc(Protocol):
    """The client of the services."""

    def call(self, command: Any, meta: Meta, service: str | None = None) -> Outcome:
        """Ask and wait."""


class Replies:
    """``take_sms_replies``. ``post``: the way back, None where there is none."""

    def __init__(
        self,
        told: ToldOffers,
        rpc: Rpc,
        post: Callable[[], Post | None],
        templates: Templates,
        budgets: Budgets,
        communities: Mapping[str, str],
        new_id: Callable[[str], str],
        count: Callable[[str], None],
    ) -> None:
        """*communities*: whose the signs and numbers are under which people write back; ``*`` are all others.

        *new_id* gives what a command makes its id, always the same for the same command.
        """
        self._told = told
        self._rpc = rpc
        self._post = post
        self._templates = templates
        self._budgets = budgets
        self._communities = communities
        self._new_id = new_id
        self._count = count

    def take(self, call: Call[TakeSmsReplies]) -> Outcome:
        """See ``TakeSmsReplies``. Raises Busy and TooLate where a command could not be done: it is pushed again."""
        only_the_platform(call)
        outcomes: Counter[str] = Counter()
        for reply in call.command.replies:
            if self._told.seen(reply.sequence):
                continue
            answering = self._answer(reply)
            self._told.note_seen(reply.sequence)
            self._count(answering.value)
            outcomes[answering.value] += 1
        return Outcome({"outcomes": dict(outcomes)})

    def _answer(self, reply: SmsReply) -> Answering:
        said, told = read_reply(reply.text), self._told.last(reply.phone)
        if said is None:
            return self._kept(reply, told)
        members = self._members(reply.phone)
        if not members:
            return Answering.STRANGER
        answering = Answering.OVER if told is None else self._done(told, said, members)
        if answering in TEMPLATES:
            self._say(answering, reply.phone, told)
        return answering

    def _kept(self, reply: SmsReply, told: Told | None) -> Answering:
        """With tickets; raises what makes the provider push it again where it could not be brought there."""
        community_id = self._community(reply, told)
        id = f"sms-plea:{reply.sequence}"
        command = TakePlea(
            phone=reply.phone,
            text=reply.text,
            sequence=reply.sequence,
            community_id=community_id,
            account_ids=reply.account_ids,
            asked_about=None if told is None else told.thread,
        )
        actor = notify_actor(community_id or "")
        created = self._new_id(id)
        meta = Meta(actor=actor, command_id=id, body_hash=id, created_id=created, correlation_id=created)
        kept = self._rpc.call(command, meta).result
        if not kept["kept"]:
            return Answering.TOO_MANY
        answering = Answering.IN_DANGER if kept["danger"] else Answering.KEPT
        self._say(answering, reply.phone, told, kept["community_id"])
        return answering

    def _community(self, reply: SmsReply, told: Told | None) -> str | None:
        """Whose order this phone was asked about; whose number or sign it is; where the phone is somebody's."""
        home = reply.homes[0] if len(reply.homes) == 1 else None
        named = (self._communities.get(one) for one in (reply.dest_code, reply.sign_name) if one)
        ways = (None if told is None else told.community_id, *named, home, self._communities.get(ANY))
        return next((one for one in ways if one is not None), None)

    def _members(self, phone: str) -> Sequence[str]:
        """Who has this phone, however it is written there: with the country's code, or without."""
        digits = "".join(char for char in phone if char.isdecimal())
        short = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
        found: dict[str, None] = {}
        for one in (short, f"86{short}", f"0086{short}"):
            id = f"sms-reply:{self._told.key(phone)}"
            meta = Meta(actor=system_actor(""), command_id=id, correlation_id=id)
            found |= dict.fromkeys(self._rpc.call(FindByPhone(phone=one), meta).result["member_ids"])
        return list(found)

    def _done(self, told: Told, said: Reply, members: Sequence[str]) -> Answering:
        """As the one of them whose offer it is; of the others it is none, and they learn nothing."""
        for member_id in members:
            try:
                return self._as_member(told, said, member_id)
            except NotFound:
                continue
        return Answering.OVER

    def _as_member(self, told: Told, said: Reply, member_id: str) -> Answering:
        command: Any = AcceptOffer if said is Reply.YES else DeclineOffer
        id = f"sms-reply:{told.offer_id}:{member_id}:{said.value}"
        actor = Actor(
            account_id=f"{MEMBER_ACCOUNT}{member_id}",
            community_id=told.community_id,
            grants=(Grant(Role.MEMBER),),
            member_id=member_id,
        )
        meta = Meta(actor=actor, command_id=id, body_hash=id, created_id=id, correlation_id=id, causation_id=id)
        try:
            self._rpc.call(command(offer_id=told.offer_id), meta)
        except (NotFound, Busy, TooLate):
            raise
        except Conflict as conflict:
            if conflict.code in _NOT_SO:
                return Answering.CANNOT
            self._told.forget([told.offer_id])
            return Answering.OVER
        except DomainError:
            return Answering.CANNOT
        self._told.forget([told.offer_id])
        return Answering.ACCEPTED if said is Reply.YES else Answering.DECLINED

    def _say(self, answering: Answering, phone: str, told: Told | None, community_id: str = PACKAGED) -> None:
        """A short answer; lost, nothing is lost but a courtesy."""
        post = self._post()
        key = self._told.key(phone)
        budget = f"sms-reply:{answering.value}:{key}" if answering is Answering.IN_DANGER else f"sms-reply:{key}"
        if post is None or self._budgets.take(budget, ANSWERS_AN_HOUR, _HOUR) > 0:
            return
        community, template = told.community_id if told else community_id, TEMPLATES[answering]
        version = self._templates.newest(community, template)
        locale = told.locale if told else FIRST
        words = self._templates.render(template, locale, {}, version, community_id=community, form=Form.SMS)
        letter = Letter(
            message_id=f"sms-reply:{key}",
            community_id=told.community_id if told else "",
            template=template,
            version=version,
            locale=words.locale,
            title=words.title,
            body=words.body,
            params={},
            thread=told.thread if told else "",
            number=told.number if told else "",
            urgent=False,
            category=Category.OFFER,
            offer_id=None,
        )
        post.send(letter, Address(way=SMS, value=phone))
