"""What an order keeps of the upstream system that passed it on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.errors import Invalid
from contracts.events.ticket_snapshot import TicketDeadlines
from contracts.upstream import External, TicketExternal
from contracts.words import Text
from services.tickets.domain.ticket_parts import Inherited
from services.tickets.domain.time_limits import WARN_AT

OLDEST = timedelta(days=365)
"""An order that was pushed late is late, and is taken all the same; a moment before this is no moment of an order."""
FARTHEST = timedelta(days=3 * 366)
_NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,62}[A-Za-z0-9])?")
_OF_A_PERSON = re.compile(r"1[3-9]\d{9}|\d{17}[\dXx]")
"""A mobile phone's number, or an identity card's."""


@dataclass(frozen=True, kw_only=True)
class ExternalOrder(TicketExternal):
    """``client`` is the account of the machine that pushed it: it asks for a result, and is nobody to ask how it went.

    ``reported`` names the last state of the order of which a report to upstream was stored.
    """

    client: str | None = None
    reported: str | None = None

    def again(self, said: External, client: str | None) -> "ExternalOrder":
        """After upstream sent it once more: the stricter of its moments hold."""
        return replace(
            self,
            nature=said.nature or self.nature,
            deadline=sooner(self.deadline, said.deadline),
            callback_by=sooner(self.callback_by, said.callback_by),
            repeats=self.repeats + 1,
            client=self.client or client,
        )

    def shown(self) -> TicketExternal:
        """The public part."""
        return TicketExternal(**{name: getattr(self, name) for name in TicketExternal.__dataclass_fields__})


def must_be_well_formed(said: External, now: datetime) -> None:
    """Raises Invalid naming the field where the number is none, or a moment lies out of all reason."""
    if not _NUMBER.fullmatch(said.number) or _OF_A_PERSON.fullmatch(said.number):
        raise Invalid(
            "not-an-order-number",
            Text(
                zh="这里填上级系统的工单号(字母、数字、. _ / -,最多64位),不能是电话或身份证号",
                en="the number of the order in the upstream system is needed (letters, digits, . _ / -, 64 at most), "
                "no phone's and no identity card's",
            ),
            field="external.number",
        )
    for field, moment in (("deadline", said.deadline), ("callback_by", said.callback_by)):
        if moment is not None and not now - OLDEST < moment < now + FARTHEST:
            raise Invalid(
                "moment-out-of-reason",
                Text(zh="这个时间不对:不能早于一年前,也不能晚于三年后", en="within a year back and three years ahead"),
                field=f"external.{field}",
            )


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """The stricter of two moments, where there are any."""
    return min((moment for moment in (one, other) if moment is not None), default=None)


def earlier(promised: TicketDeadlines | None, other: TicketDeadlines | None) -> TicketDeadlines | None:
    """Of two sets of deadlines the earlier of each kind, with its warning."""
    if promised is None or other is None:
        return promised or other
    respond = other if other.respond_by < promised.respond_by else promised
    resolve = other if other.resolve_by < promised.resolve_by else promised
    return TicketDeadlines(
        respond_warn_at=respond.respond_warn_at,
        respond_by=respond.respond_by,
        resolve_warn_at=resolve.resolve_warn_at,
        resolve_by=resolve.resolve_by,
        resolve_in_working_time=resolve.resolve_in_working_time,
    )


def stricter(
    promised: TicketDeadlines | None,
    external: TicketExternal | None,
    placed_at: datetime,
    since: datetime | None = None,
) -> TicketDeadlines | None:
    """*promised* where upstream asks for no more; else its deadline, warned of when three quarters of it have passed.

    It counts from ordering as ours do. Ours stay as they are beside it: a hold or an extension moves them alone, and
    nothing of ours moves upstream's. *since* a rework began anew, what was over by then is no time to solve it in.
    """
    by = None if external is None else external.deadline
    if promised is None or by is None:
        return promised
    warn_at = max(placed_at, placed_at + WARN_AT * (by - placed_at))
    after = promised
    if by < promised.respond_by:
        after = replace(after, respond_by=by, respond_warn_at=min(warn_at, promised.respond_warn_at))
    if by < promised.resolve_by and (since is None or by > since):
        warn = min(warn_at, promised.resolve_warn_at)
        after = replace(after, resolve_by=by, resolve_warn_at=warn, resolve_in_working_time=False)
    return after


def strictest(
    promised: TicketDeadlines | None, others: Sequence[Inherited], since: datetime | None
) -> TicketDeadlines | None:
    """*promised*, and of the *others* that it is done for the one with the least time to solve it."""
    if promised is None:
        return None
    for one in others:
        if one.resolve_by < promised.resolve_by and (since is None or one.resolve_by > since):
            promised = replace(
                promised,
                resolve_warn_at=one.resolve_warn_at,
                resolve_by=one.resolve_by,
                resolve_in_working_time=one.resolve_in_working_time,
            )
    return promised
