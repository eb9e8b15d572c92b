"""The notify service: entrypoints, and the one place where its parts are put together."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import structlog

from chassis.gear import Gear, Job, Parts, Resources
from chassis.rpc import command
from chassis.settings import Settings
from contracts.commands import Call, Outcome
from contracts.commands.notify import MarkRead, ReadDeliveries, ReadInbox
from services.notify.adapters.console import ConsoleChannel
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.retention import rules
from services.notify.adapters.rules import YamlTemplates, check_templates, read_rules
from services.notify.application.notify import NotifyApplication

DELIVERY_SECONDS = 0.5
"""How often queued messages are looked for."""


def build(resources: Resources) -> Parts:
    """Wire the service; raises BrokenData when a rule or a template cannot be used."""
    told, templates = read_rules(), YamlTemplates()
    check_templates(told, templates)
    console = structlog.get_logger("notify.console")
    app = NotifyApplication(
        rules=told,
        messages=MongoMessages(resources.db),
        templates=templates,
        channels={"console": ConsoleChannel(lambda line: console.info("console.message", line=line))},
        clock=resources.clock,
    )
    return Parts(
        app=app,
        handlers={"notify": app.notify},
        indexes=INDEXES,
        jobs=[Job("deliver", DELIVERY_SECONDS, app.deliver_due)],
        retention=rules(resources.db, resources.settings),
    )


class NotifyService:
    """RPC entrypoints of notify."""

    name = "notify"
    app = cast(NotifyApplication, Gear(build))  # nameko puts the application in the provider's place

    @command(ReadInbox)
    def read_inbox(self, call: Call[ReadInbox]) -> Outcome:
        """A person's own messages."""
        return self.app.read_inbox(call)

    @command(MarkRead)
    def mark_read(self, call: Call[MarkRead]) -> Outcome:
        """A person has read one of theirs."""
        return self.app.mark_read(call)

    @command(ReadDeliveries)
    def read_deliveries(self, call: Call[ReadDeliveries]) -> Outcome:
        """What was told about an order, for staff."""
        return self.app.read_deliveries(call)


SERVICE = NotifyService
OPERATIONS: Mapping[str, Callable[[Settings, Sequence[str]], int]] = {}
