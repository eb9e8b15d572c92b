"""What the gateway does with events; all of it in batches, each effect keyed."""

from collections.abc import Callable, Sequence

from contracts.events import AnyReceived
from gateway.identity.accounts import Accounts
from gateway.stream.store import StreamStore
from gateway.views.projector import Projector


class Handlers:
    """The handlers of contracts.topology's rows for the gateway, in their order."""

    def __init__(
        self, projector: Projector, accounts: Accounts, stream: StreamStore, rest: Callable[[str], object]
    ) -> None:
        """*rest* ends what is open of an account whose owner died."""
        self._projector = projector
        self._accounts = accounts
        self._stream = stream
        self._rest = rest

    def project(self, batch: Sequence[AnyReceived]) -> None:
        """Bring the views up to date; guarded per source and version."""
        self._projector.project(event.envelope for event in batch)

    def keep_account(self, batch: Sequence[AnyReceived]) -> None:
        """A member has an account."""
        self._accounts.keep(batch)

    def rest_account(self, batch: Sequence[AnyReceived]) -> None:
        """Nobody goes on signed in as somebody who died. The view says who did, whatever comes late or twice."""
        for account_id in dict.fromkeys(event.snapshot.account_id for event in batch):
            if account_id is not None:
                self._rest(account_id)

    def stream(self, batch: Sequence[AnyReceived]) -> None:
        """Whoever it concerns hears of it; keyed by event id."""
        self._stream.add([event.envelope for event in batch])
