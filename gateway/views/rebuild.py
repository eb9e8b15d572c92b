"""What of the gateway can be made from events again: all views, and of the accounts what volunteers publishes.

The stream is no view: it holds what was told when, and what it lost is a gap for whoever listens.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from chassis.projection import Projection
from chassis.rebuild import View
from contracts.actor import MEMBER_ACCOUNT
from contracts.envelope import Envelope
from contracts.events.masters import MemberPublished
from contracts.schemas.wire import read_event
from gateway.identity.accounts import member_row
from gateway.views.projector import VIEWS, rows

OWNERS = ("tickets", "volunteers")


def _rows_of(view: str, envelope: Envelope) -> Iterator[Projection]:
    return (row for name, row in rows(envelope) if name == view)


def _accounts(envelope: Envelope) -> Iterable[Projection]:
    if envelope.type != MemberPublished.TYPE:
        return ()
    event = read_event(envelope.to_wire())
    return (member_row(event.snapshot, event.version),)


def _demand_of(offer_id: str) -> str:
    return offer_id.rpartition(".o")[0]


def _item_of(version_id: str) -> str:
    return version_id.partition("@")[0]


def _ticket_of(visit_id: str) -> str:
    return visit_id.partition(".")[0]


_THREADS = {"offers": _demand_of, "item_versions": _item_of, "visits": _ticket_of}
_KEPT = {"tickets": frozenset({"pictures"})}
"""What the gateway itself writes beside what the events say."""

REBUILT = (
    *(
        View(name, partial(_rows_of, name), _THREADS.get(name, str), keeps=_KEPT.get(name, frozenset()))
        for name in VIEWS
    ),
    View("accounts", _accounts, lambda account: account.removeprefix(MEMBER_ACCOUNT), keeps=frozenset({"own"})),
)
