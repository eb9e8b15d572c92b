"""RPC entrypoints of notify about webhooks."""

from typing import Any

from chassis.rpc import command
from contracts.commands import Call, Outcome
from contracts.commands.webhooks import (
    ChangeEndpoint,
    DeleteEndpoint,
    ListEndpoints,
    OpenEndpoint,
    ReadAttempts,
    ReadEndpoint,
    Replay,
    RotateSecret,
    SendTest,
    SetEndpoint,
    SwitchReplay,
)


class WebhooksRpc:
    """Mixed into the service; ``app`` has ``webhooks`` and ``replays``."""

    app: Any

    @command(OpenEndpoint)
    def open_endpoint(self, call: Call[OpenEndpoint]) -> Outcome:
        """A new endpoint."""
        outcome: Outcome = self.app.webhooks.open(call)
        return outcome

    @command(ListEndpoints)
    def list_endpoints(self, call: Call[ListEndpoints]) -> Outcome:
        """The actor's own."""
        outcome: Outcome = self.app.webhooks.all(call)
        return outcome

    @command(ReadEndpoint)
    def read_endpoint(self, call: Call[ReadEndpoint]) -> Outcome:
        """One."""
        outcome: Outcome = self.app.webhooks.read(call)
        return outcome

    @command(ChangeEndpoint)
    def change_endpoint(self, call: Call[ChangeEndpoint]) -> Outcome:
        """Another address or filter."""
        outcome: Outcome = self.app.webhooks.change(call)
        return outcome

    @command(DeleteEndpoint)
    def delete_endpoint(self, call: Call[DeleteEndpoint]) -> Outcome:
        """It is gone."""
        outcome: Outcome = self.app.webhooks.delete(call)
        return outcome

    @command(RotateSecret)
    def rotate_secret(self, call: Call[RotateSecret]) -> Outcome:
        """A further secret."""
        outcome: Outcome = self.app.webhooks.rotate(call)
        return outcome

    @command(SetEndpoint)
    def set_endpoint(self, call: Call[SetEndpoint]) -> Outcome:
        """Enable or disable it."""
        outcome: Outcome = self.app.webhooks.set(call)
        return outcome

    @command(SendTest)
    def send_test(self, call: Call[SendTest]) -> Outcome:
        """A test event."""
        outcome: Outcome = self.app.webhooks.test(call)
        return outcome

    @command(ReadAttempts)
    def read_attempts(self, call: Call[ReadAttempts]) -> Outcome:
        """What was sent to it."""
        outcome: Outcome = self.app.webhooks.attempts(call)
        return outcome

    @command(Replay)
    def replay(self, call: Call[Replay]) -> Outcome:
        """Send again."""
        outcome: Outcome = self.app.replays.ask(call)
        return outcome

    @command(SwitchReplay)
    def switch_replay(self, call: Call[SwitchReplay]) -> Outcome:
        """Stop reading a time, or go on."""
        outcome: Outcome = self.app.replays.switch(call)
        return outcome
