"""By when an order has to be solved, worked out by the audit itself: ours, upstream's, or another order's."""

from datetime import datetime

from contracts.words import DeadlineKind
from deploy.audit.databases import Document

FIELDS = ("deadlines", "warned", "overdue", "quiet", "times.responded_at", "renewed.missed")
WARN_AT = 0.75


def deadlines_in_force(ticket: Document) -> Document | None:
    """What everybody is shown: the strictest of its own and of those of the orders that wait for it."""
    held, since = own_deadlines(ticket), _since(ticket)
    if held is None:
        return None
    for one in ticket.get("inherited", ()):
        if one["resolve_by"] < held["resolve_by"] and (since is None or one["resolve_by"] > since):
            held = {**held, **{name: one[name] for name in one if name != "ticket_id"}}
    return held


def own_deadlines(ticket: Document) -> Document | None:
    """The community's, and where it is stricter upstream's, which is warned of at three quarters of the time.

    Upstream's was no time for a life that began when it was over.
    """
    promised: Document | None = ticket.get("deadlines")
    by, placed_at, since = (ticket.get("external") or {}).get("deadline"), ticket["times"]["placed_at"], _since(ticket)
    if promised is None or by is None:
        return promised
    warn_at = max(placed_at, placed_at + WARN_AT * (by - placed_at))
    theirs: Document = {}
    if by < promised["respond_by"]:
        theirs |= {"respond_by": by, "respond_warn_at": min(warn_at, promised["respond_warn_at"])}
    if by < promised["resolve_by"] and (since is None or by > since):
        theirs |= {"resolve_by": by, "resolve_warn_at": min(warn_at, promised["resolve_warn_at"])}
        theirs["resolve_in_working_time"] = False
    return {**promised, **theirs}


def promised_by(ticket: Document) -> datetime | None:
    """By when it was promised at ordering, where that is not what its deadlines say."""
    own, shown = own_deadlines(ticket), deadlines_in_force(ticket)
    if own is None or shown is None:
        return None
    first: datetime = (ticket.get("renewed") or {}).get("promised_by") or own["resolve_by"]
    return None if first == shown["resolve_by"] else first


def promises_due(ticket: Document) -> set[str]:
    """An order that is not done is warned of and then missed, each once; somebody who died is waiting for nothing.

    A rework after its time was over begins a time of its own.
    """
    if ticket.get("deadlines") is None or ticket.get("quiet"):
        return set()
    answered = ticket["times"].get("responded_at") is not None
    open_kinds = {kind.value for kind in DeadlineKind} - ({DeadlineKind.RESPOND.value} if answered else set())
    missed = open_kinds - set(_missed(ticket))
    return {f"overdue:{kind}" for kind in missed} | {f"near:{kind}" for kind in missed - set(ticket.get("warned", ()))}


def _missed(ticket: Document) -> set[str]:
    told = set(ticket.get("overdue", ()))
    anew = ticket.get("renewed")
    return told if anew is None or anew["missed"] else told - {DeadlineKind.RESOLVE.value}


def _since(ticket: Document) -> datetime | None:
    return (ticket.get("renewed") or {}).get("since")
