"""notify and the gateway as they hear of events, over stores in memory or in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.reactions import Handler
from contracts.events import AnyReceived
from contracts.topology import TOPOLOGY
from gateway.handlers import Handlers
from gateway.identity.accounts import Accounts
from gateway.stream.store import StreamStore
from gateway.views.projector import VIEWS, Projector
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.application.notify import NotifyApplication
from services.notify.application.ports import Messages
from tests.fakes.clock import FixedClock
from tests.fakes.messages import FakeMessages
from tests.fakes.resting import FakeResting
from tests.fakes.rules import TheseRules
from tests.properties.memory_collection import MemoryCollection

RULES = read_rules()
TEMPLATES = YamlTemplates()


@dataclass
class Gateway:
    """The collections of the gateway and its handlers on them."""

    collections: Mapping[str, Any]
    handlers: Mapping[str, Handler]


def gateway(collection: Callable[[str], Any] = MemoryCollection) -> Gateway:
    """The gateway on the collections that *collection* makes by name."""
    collections = {name: collection(name) for name in (*VIEWS, "accounts", "stream")}
    projector = Projector({view: collections[view] for view in VIEWS})
    stream = StreamStore(collections["stream"], collections["tickets"])
    handlers = Handlers(projector, Accounts(collections["accounts"]), stream, lambda _: None)
    return Gateway(
        collections,
        {
            "project": handlers.project,
            "keep_account": handlers.keep_account,
            "rest_account": handlers.rest_account,
            "stream": handlers.stream,
        },
    )


def notify(messages: Messages | None = None) -> NotifyApplication:
    """notify with the rules of the house."""
    return NotifyApplication(
        rules=TheseRules(RULES),
        messages=messages or FakeMessages(),
        templates=TEMPLATES,
        resting=FakeResting(),
        clock=FixedClock(),
    )


def notify_handlers(messages: Messages | None = None) -> Mapping[str, Handler]:
    """Its handlers by the names of the topology."""
    told = notify(messages)
    own = {"notify": told.notify, "follow_person": told.follow_person, "forget_reporter": told.forget_reporter}
    named = {row.handler for row in TOPOLOGY if row.service == "notify"}
    return {**dict.fromkeys(named, _kept_elsewhere), **own}


def _kept_elsewhere(events: Sequence[AnyReceived]) -> None:
    """Replicas and the like: their tests on ports hold that the newest word of each owner counts."""
    del events
