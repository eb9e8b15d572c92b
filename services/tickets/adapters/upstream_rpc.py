"""RPC entrypoints of tickets about orders from upstream."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.upstream import (
    ListReports,
    NoteUpstreamCallback,
    ReadUpstream,
    RetryReport,
    RevealUpstream,
    SettleReport,
)


class UpstreamRpc:
    """Mixed into the service; ``app`` is its application."""

    app: Any

    @command(NoteUpstreamCallback)
    def note_upstream_callback(self, call: Call[NoteUpstreamCallback]) -> Outcome:
        """What upstream heard from the person."""
        outcome: Outcome = self.app.upstream.called_back(call)
        return outcome

    @command(ReadUpstream)
    def read_upstream(self, call: Call[ReadUpstream]) -> Outcome:
        """How the reports stand."""
        outcome: Outcome = self.app.upstream.read(call)
        return outcome

    @command(RevealUpstream)
    def reveal_upstream(self, call: Call[RevealUpstream]) -> Outcome:
        """Upstream's number, for a reason."""
        outcome: Outcome = self.app.upstream.reveal(call)
        return outcome

    @command(ListReports)
    def list_reports(self, call: Call[ListReports]) -> Outcome:
        """What upstream does not have yet."""
        outcome: Outcome = self.app.upstream.page(call)
        return outcome

    @command(RetryReport)
    def retry_report(self, call: Call[RetryReport]) -> Outcome:
        """Send it once more."""
        outcome: Outcome = self.app.upstream.retry(call)
        return outcome

    @command(SettleReport)
    def settle_report(self, call: Call[SettleReport]) -> Outcome:
        """Upstream was told in another way."""
        outcome: Outcome = self.app.upstream.settle(call)
        return outcome
