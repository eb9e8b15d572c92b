"""Whose account rests, in memory."""

from collections.abc import Iterable, Sequence

from contracts.actor import MEMBER_ACCOUNT
from contracts.events import AnyReceived
from services.notify.domain.recipients import account, member, person


class FakeResting:
    """The newest word of each person."""

    def __init__(self) -> None:
        self.rows: dict[str, AnyReceived] = {}

    def keep(self, events: Sequence[AnyReceived]) -> None:
        for event in events:
            known = self.rows.get(event.envelope.subject)
            if known is None or known.version < event.version:
                self.rows[event.envelope.subject] = event

    def holds(self, recipient: str) -> bool:
        dead = [row.snapshot for row in self.rows.values() if row.snapshot.deceased]
        own = [one.account_id for one in dead]
        members = [id.removeprefix(MEMBER_ACCOUNT) for id in own if id is not None]
        people = (person(one.id) for one in dead)
        return recipient in {*people, *(account(id) for id in own if id is not None), *map(member, members)}

    def among(self, recipients: Iterable[str]) -> frozenset[str]:
        return frozenset(one for one in recipients if self.holds(one))
