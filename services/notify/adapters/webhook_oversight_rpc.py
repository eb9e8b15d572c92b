"""RPC entrypoints of notify for whoever administers a community: all its webhook endpoints."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.webhook_oversight import HaltEndpoint, ListAllEndpoints, ReadAnyAttempts, ReleaseEndpoint


class WebhookOversightRpc:
    """Mixed into the service; ``app`` has ``oversight``."""

    app: Any

    @command(ListAllEndpoints)
    def list_all_endpoints(self, call: Call[ListAllEndpoints]) -> Outcome:
        """Every endpoint of the community."""
        outcome: Outcome = self.app.oversight.all(call)
        return outcome

    @command(ReadAnyAttempts)
    def read_any_attempts(self, call: Call[ReadAnyAttempts]) -> Outcome:
        """What was sent to one."""
        outcome: Outcome = self.app.oversight.attempts(call)
        return outcome

    @command(HaltEndpoint)
    def halt_endpoint(self, call: Call[HaltEndpoint]) -> Outcome:
        """Stop one for the community."""
        outcome: Outcome = self.app.oversight.halt(call)
        return outcome

    @command(ReleaseEndpoint)
    def release_endpoint(self, call: Call[ReleaseEndpoint]) -> Outcome:
        """Start it again."""
        outcome: Outcome = self.app.oversight.release(call)
        return outcome
