"""The notify service: entrypoints, and the one place where its parts are put together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from chassis.gear import Gear, Parts, Resources
from chassis.rebuild_verb import operate as operate_rebuild
from chassis.rpc import command
from chassis.settings import Settings
from contracts.commands import Call, Outcome
from contracts.commands.notify import Acknowledge, MarkRead, ReadInbox, SendCode
from services.notify.adapters import area_names, calendars, replicas, resting
from services.notify.adapters.audiences_rpc import AudiencesRpc
from services.notify.adapters.audiences_wiring import AudienceRooms, audiences
from services.notify.adapters.budgets import MongoBudgets
from services.notify.adapters.families_wiring import family_weeks
from services.notify.adapters.indexes import INDEXES
from services.notify.adapters.messages import MongoMessages
from services.notify.adapters.person import NotifyRights
from services.notify.adapters.posts_rpc import PostsRpc
from services.notify.adapters.posts_wiring import PostParts, post_parts
from services.notify.adapters.preferences_rpc import PreferencesRpc
from services.notify.adapters.resting import OWNERS, REPLICAS, MongoResting
from services.notify.adapters.retention import rules
from services.notify.adapters.robots_rpc import RobotsRpc
from services.notify.adapters.robots_wiring import robots_room
from services.notify.adapters.rules import read_rules
from services.notify.adapters.sealed import sealed_collections
from services.notify.adapters.sending_rpc import SendingRpc
from services.notify.adapters.sending_wiring import sending
from services.notify.adapters.stop_mail import MailLinks
from services.notify.adapters.webhook_oversight_rpc import WebhookOversightRpc
from services.notify.adapters.webhooks_rpc import WebhooksRpc
from services.notify.adapters.webhooks_wiring import webhook_parts
from services.notify.adapters.wishes_wiring import wishes_room
from services.notify.adapters.words_rpc import WordsRpc
from services.notify.adapters.words_wiring import WordRooms, wire_words
from services.notify.application.codes import CodeSender
from services.notify.application.notify import NotifyApplication
from services.notify.application.preferences import PreferenceCases
from services.notify.application.reasons import Reasons
from services.notify.application.robots import RobotDesk
from services.notify.application.stopping import Stopping
from services.notify.application.webhook_oversight import WebhookOversight
from services.notify.application.webhook_replays import WebhookReplays
from services.notify.application.webhooks import Webhooks


@dataclass(frozen=True)
class NotifyRooms:
    """What the entrypoints call."""

    messages: NotifyApplication
    codes: CodeSender
    preferences: PreferenceCases
    audiences: AudienceRooms
    webhooks: Webhooks
    oversight: WebhookOversight
    replays: WebhookReplays
    robots: RobotDesk
    reasons: Reasons
    posts: PostParts
    stops: Stopping
    words: WordRooms


def build(resources: Resources) -> Parts:
    """Wire the service; raises BrokenData when a rule or a template cannot be used."""
    wishes = wishes_room(resources)
    told = read_rules()
    words = wire_words(resources.db, told, resources.clock)
    ways = post_parts(resources, MongoBudgets(resources.db), words.words)
    stored, rest = MongoMessages(resources.db), MongoResting(resources.db)
    hooks = webhook_parts(resources, stored, words.words)
    wanting = audiences(resources, words.rules, stored, words.words)
    messages = NotifyApplication(
        rules=words.rules,
        messages=stored,
        templates=words.words,
        resting=rest,
        clock=resources.clock,
        crowds=wanting.crowds,
        wishes=wishes.wishes,
        areas=area_names.MongoAreaNames(resources.db),
    )
    robots = robots_room(resources, stored, words.words)
    sends = sending(resources, stored, words.words, rest, wishes, ways.posts, robots)
    return Parts(
        app=NotifyRooms(
            messages,
            CodeSender(ways.at_once),
            wishes.preferences,
            wanting.rooms,
            hooks.webhooks,
            hooks.oversight,
            hooks.replays,
            robots.desk,
            sends.reasons,
            ways,
            Stopping(MailLinks(resources.db, ways.stop), wishes.preferences),
            words,
        ),
        handlers={
            "notify": messages.notify,
            "follow_person": messages.follow_person,
            "forget_reporter": messages.forget_reporter,
            "follow_circle": messages.follow_circle,
            "recuse": messages.recuse,
            **wishes.handlers,
            **wanting.handlers,
            **robots.handlers,
            "webhooks": hooks.hear,
            "follow_offers": ways.follow,
        },
        indexes=INDEXES,
        jobs=[
            *sends.jobs,
            wanting.job,
            family_weeks(resources, stored, words.words, wishes.calendars),
            *hooks.jobs,
        ],
        retention=rules(resources.db, resources.settings),
        person=NotifyRights(resources.db, words.words, resources.vault),
        sealed=sealed_collections(),
        loops=[hooks.loop, robots.loop, sends.lanes],
    )


class NotifyService(
    AudiencesRpc,
    PostsRpc,
    PreferencesRpc,
    RobotsRpc,
    SendingRpc,
    WebhookOversightRpc,
    WebhooksRpc,
    WordsRpc,
):
    """RPC entrypoints of notify."""

    name = "notify"
    app = cast(NotifyRooms, Gear(build))  # nameko puts the application in the provider's place

    @command(ReadInbox)
    def read_inbox(self, call: Call[ReadInbox]) -> Outcome:
        """A person's own messages."""
        return self.app.messages.read_inbox(call)

    @command(MarkRead)
    def mark_read(self, call: Call[MarkRead]) -> Outcome:
        """A person has read one of theirs."""
        return self.app.messages.mark_read(call)

    @command(Acknowledge)
    def acknowledge(self, call: Call[Acknowledge]) -> Outcome:
        """A person says of one of theirs that they know."""
        return self.app.messages.acknowledge(call)

    @command(SendCode)
    def send_code(self, call: Call[SendCode]) -> Outcome:
        """Tell a one-time code."""
        return self.app.codes.send_code(call)


REBUILT = (*REPLICAS, calendars.VIEW, area_names.VIEW, *replicas.CROWD_REPLICAS)
"""What can be made again from the events of others."""


def rebuild_replica(settings: Settings, arguments: Sequence[str]) -> int:
    """``rebuild people|communities|areas|rosters|items|all``: set a replica right from its owner's events."""
    made_by = (resting, calendars, area_names, replicas)
    return operate_rebuild(settings, NotifyService.name, REBUILT, OWNERS, INDEXES, made_by, arguments)


SERVICE = NotifyService
OPERATIONS: Mapping[str, Callable[[Settings, Sequence[str]], int]] = {"rebuild": rebuild_replica}
