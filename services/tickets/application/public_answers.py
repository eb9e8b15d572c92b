"""Writing, agreeing to, approving, withdrawing and reading public answers; the words are sealed like all others."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from contracts.actor import Actor
from contracts.commands import Call, Meta, Outcome
from contracts.commands.public_answers import (
    AgreeToPublicAnswer,
    ApprovePublicAnswer,
    ReadPublicAnswer,
    ReadPublicAnswers,
    WithdrawPublicAnswer,
    WritePublicAnswer,
)
from contracts.decisions import Decided
from contracts.errors import Invalid, Refused
from contracts.moments import time_text
from contracts.talk import Side
from contracts.words import Given, Permit, Text
from services.tickets.application.answer_consents import AnswerConsents
from services.tickets.application.ports import Clock, Communities, Persons, Tickets
from services.tickets.application.sealing import Sealing
from services.tickets.domain import public_answers, relations, verifying
from services.tickets.domain.ticket import Ticket

MOST = 100
_TELLS_WHERE = re.compile(
    r"\d+\s*(?:号楼|号院|栋|幢|弄|单元|室|门)|[一二三四五六七八九十百零〇两]\s*(?:号楼|号院|栋|幢|单元|室)"
    r"|\b(?:building|block|unit|flat|room|apartment|apt\.?)\s*(?:no\.?\s*)?\d",
    re.IGNORECASE,
)
_TELLS_WHOM = re.compile(r"\d{7,}|1\d{2}[\s-]\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]\d{7,8}")
_SHORTEST_QUOTE = 6
"""So few characters are nobody's own words yet."""


class PublishedAnswers(Protocol):
    """The orders whose answer everybody can read."""

    def page(self, community_id: str, grid: str | None, before: str | None, limit: int) -> Sequence[tuple[str, Ticket]]:
        """Newest first after the mark *before*, each with its mark."""


class PublicAnswers:
    """The use cases of 民呼我应."""

    def __init__(
        self,
        tickets: Tickets,
        published: PublishedAnswers,
        persons: Persons,
        communities: Communities,
        sealing: Sealing,
        clock: Clock,
        consents: AnswerConsents,
    ) -> None:
        self._tickets = tickets
        self._published = published
        self._persons = persons
        self._communities = communities
        self._sealing = sealing
        self._clock = clock
        self._consents = consents

    def write(self, call: Call[WritePublicAnswer]) -> Outcome:
        """Staff; raises Invalid where the words tell who or where it was, or are the requester's own."""
        command, actor = call.command, call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_be_staff(ticket, actor)
            for field, text in (("question", command.question), ("answer", command.answer)):
                self._must_tell_nothing(ticket, field, text)
            words = self._sealing.published(ticket, json.dumps([command.question, command.answer]))
            if words is None:  # nothing is kept any more of somebody who was erased
                raise relations.no_such_ticket()
            return public_answers.write(ticket, actor, words)

        return self._take(command.ticket_id, call.meta, step)

    def agree(self, call: Call[AgreeToPublicAnswer]) -> Outcome:
        """Whoever ordered by their own tap; staff who had no part in the work, for somebody who signed or said so."""
        command, actor = call.command, call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            by_tap = command.given is Given.TAP
            if _side(ticket, actor) is Side.STAFF if by_tap else _side(ticket, actor) is Side.REQUESTER:
                raise Refused("own-tap", Text("本人点同意;代记请写签字或电话", "their own tap, or how they said so"))
            if not by_tap:
                verifying.must_not_be_own_work(ticket, actor)
            decided = public_answers.agree(ticket, command.version, None if by_tap else actor.account_id)
            self._consents.agreed(ticket, call.meta, command.version, command.given, now)
            return decided

        return self._take(command.ticket_id, call.meta, step)

    def approve(self, call: Call[ApprovePublicAnswer]) -> Outcome:
        """A dispatcher who did not write it."""
        command, actor = call.command, call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            relations.must_dispatch(ticket, actor)
            return public_answers.approve(ticket, actor, command.version, now)

        return self._take(command.ticket_id, call.meta, step)

    def withdraw(self, call: Call[WithdrawPublicAnswer]) -> Outcome:
        """Whoever ordered, or staff: at once."""
        actor = call.meta.actor

        def step(ticket: Ticket, now: datetime) -> Decided[Ticket]:
            side = _side(ticket, actor)
            decided = public_answers.withdraw(ticket, side)
            if side is Side.REQUESTER:
                self._consents.taken_back(ticket, call.meta, now)
            return decided

        return self._take(call.command.ticket_id, call.meta, step)

    def read(self, call: Call[ReadPublicAnswer]) -> Outcome:
        """The words, for staff and whoever ordered; raises NotFound for the crew, and where there are none."""
        actor = call.meta.actor
        ticket = relations.must_know(self._tickets.get(call.command.ticket_id), actor)
        mine = relations.is_requester(ticket, actor) or relations.delegate_may(ticket, actor, Permit.SEE)
        shown = ticket.public_answer
        if shown is None or not (mine or relations.is_staff(ticket, actor)):
            raise relations.no_such_ticket()
        question, answer = self._words(ticket) or (None, None)
        return Outcome(
            {
                "state": shown.state.value,
                "version": shown.version,
                "needs_agreement": shown.needs_agreement,
                "agreed": shown.agreed,
                "published_at": None if shown.published_at is None else time_text(shown.published_at),
                "question": question,
                "answer": answer,
            }
        )

    def read_published(self, call: Call[ReadPublicAnswers]) -> Outcome:
        """What anybody can read."""
        command, community_id = call.command, call.meta.actor.community_id
        limit = max(1, min(command.limit, MOST))
        found = self._published.page(community_id, command.grid, command.before, limit)
        community = self._communities.get(community_id)
        if community is None:
            return Outcome({"answers": [], "next": None})
        zone = ZoneInfo(community.time_zone)
        rows = [row for _, ticket in found if (row := self._row(ticket, zone)) is not None]
        return Outcome({"answers": rows, "next": found[-1][0] if len(found) == limit else None})

    def _row(self, ticket: Ticket, zone: ZoneInfo) -> Mapping[str, Any] | None:
        words = self._words(ticket)
        if words is None:
            return None
        return {
            "item_id": ticket.item_id,
            "item_name": {"zh": ticket.item_name.zh, "en": ticket.item_name.en},
            "category": ticket.category,
            "grid": ticket.area_path[-1],
            "month": f"{ticket.times.placed_at.astimezone(zone):%Y-%m}",
            "question": words[0],
            "answer": words[1],
        }

    def _words(self, ticket: Ticket) -> tuple[str, str] | None:
        text = self._sealing.open_published(ticket)
        return None if text is None else tuple(json.loads(text))

    def _must_tell_nothing(self, ticket: Ticket, field: str, text: str) -> None:
        if not text.strip():
            raise Invalid("nothing-said", Text("请写点什么", "write something"), field=field)
        if _TELLS_WHERE.search(text) or _TELLS_WHOM.search(text):
            sentence = Text("公开答复只写到网格:不写楼栋、门牌、号码", "grid only: no building, door or number")
            raise Invalid("tells-where", sentence, field=field)
        own = (self._sealing.open_description(ticket) or "").strip()
        if len(own) >= _SHORTEST_QUOTE and own in text:
            raise Invalid(
                "their-words", Text("请用自己的话写,不照抄原话", "use your own words, not theirs"), field=field
            )
        served = None if ticket.beneficiary_id is None else self._persons.get(ticket.beneficiary_id)
        if served is not None and served.details.name in text:
            raise Invalid("tells-whom", Text("不能写姓名", "no names"), field=field)

    def _take(self, ticket_id: str, meta: Meta, step: Callable[[Ticket, datetime], Decided[Ticket]]) -> Outcome:
        now = self._clock.now()

        def decide(ticket: Ticket | None) -> Decided[Ticket]:
            return step(relations.must_know(ticket, meta.actor), now)

        return self._tickets.apply(ticket_id, meta, decide)


def _side(ticket: Ticket, actor: Actor) -> Side:
    """Whoever ordered, or has their word for it, or staff; raises Refused for the crew."""
    own = relations.must_speak_for_it(ticket, actor, Permit.CONFIRM) == "resident"
    return Side.REQUESTER if own else Side.STAFF
