"""The use cases of notify: tell, read, mark. What goes out of the platform is sent by ``Sending``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from contracts.commands import Call, Outcome
from contracts.commands.notify import Acknowledge, MarkRead, ReadInbox
from contracts.errors import Invalid, NotFound
from contracts.events import AnyReceived
from contracts.moments import time_text
from contracts.words import Text
from services.notify.application.crowd_ports import Crowds, NoCrowds
from services.notify.application.ports import Clock, Entry, Messages, Resting, Templates
from services.notify.application.readers import in_their_language, recipients_of
from services.notify.application.robot_ports import AreaNames
from services.notify.application.sending_ports import Wishes
from services.notify.application.word_ports import Rules
from services.notify.domain.crowd import NOBODY
from services.notify.domain.family_week import link_of
from services.notify.domain.message import QUIET, silenced
from services.notify.domain.overtaking import (
    NOT_TOLD,
    circle_overtaking,
    of_the_served,
    overtakings_of,
    recused_overtakings,
)
from services.notify.domain.planning import GRID, messages_for
from services.notify.domain.recipients import account, member
from services.notify.domain.variables import given_by

PAGE_LIMIT = 100
_NO_SUCH_MESSAGE = ("no-such-message", Text("没有这条消息", "there is no such message"), "message_id")


class NotifyApplication:
    """What notify does, on its ports."""

    def __init__(
        self,
        *,
        rules: Rules,
        messages: Messages,
        templates: Templates,
        resting: Resting,
        clock: Clock,
        crowds: Crowds | None = None,
        wishes: Wishes | None = None,
        areas: AreaNames | None = None,
    ) -> None:
        """Without *crowds* nobody follows anything, without *wishes* nobody said in which language they read, without
        *areas* nobody knows what a grid is called.
        """
        self._rules = rules
        self._messages = messages
        self._templates = templates
        self._resting = resting
        self._clock = clock
        self._crowds = crowds or NoCrowds()
        self._wishes = wishes
        self._areas = areas

    def notify(self, events: Sequence[AnyReceived]) -> None:
        """Store every message that the events cause, and what they overtake; a repeated event adds nothing."""
        crowds = self._crowds.around(events)
        names = self._names_of_grids(events)
        messages, overtakings = [], []
        for event in events:
            now = self._rules.of(event.envelope.communityid)
            crowd = crowds.get(event.envelope.id, NOBODY)
            planned = messages_for(now.rules, event, self._templates.newest, crowd, names.get(_grid_of(event) or ""))
            messages += [replace(message, rules_version=now.version) for message in planned]
            overtakings += overtakings_of(now.rules, event)
        self._messages.add(messages, overtakings)
        self._silence(events)

    def _silence(self, events: Sequence[AnyReceived]) -> None:
        for event in events:
            if silenced(event):
                community = event.envelope.communityid
                self._messages.silence(community, [event.envelope.subject], self._theirs(community), QUIET)

    def _names_of_grids(self, events: Sequence[AnyReceived]) -> Mapping[str, Text | None]:
        """What the grids of events are called that give them to their words, each asked for once."""
        grids = {grid for event in events if (grid := _grid_of(event)) is not None}
        return {} if self._areas is None else {grid: self._areas.name(grid) for grid in sorted(grids)}

    def forget_reporter(self, events: Sequence[AnyReceived]) -> None:
        """Of whoever made a complaint it is forgotten, too, that they were told of it."""
        for event in events:
            community = event.envelope.communityid
            self._messages.forget(community, [event.envelope.subject], self._theirs(community))

    def follow_circle(self, events: Sequence[AnyReceived]) -> None:
        """Who may act for somebody is not who it was: what waits is kept from who may be told no more."""
        found = [circle_overtaking(self._rules.of(event.envelope.communityid).rules, event) for event in events]
        self._messages.add([], found)

    def recuse(self, events: Sequence[AnyReceived]) -> None:
        """Somebody joined the subject of a complaint: what was told of it before is not theirs to read any more.

        What arrives only now, and is older, is not told them either.
        """
        for event in events:
            order, recused = event.snapshot, event.snapshot.recused
            if recused is None:
                continue
            theirs = [*map(member, recused.members), *map(account, sorted(recused.accounts - {order.requester_id}))]
            self._messages.recuse(event.envelope.communityid, event.envelope.subject, recused, theirs, NOT_TOLD)
        about = (recused_overtakings(self._rules.of(event.envelope.communityid).rules, event) for event in events)
        self._messages.add([], [one for found in about for one in found])

    def _theirs(self, community_id: str) -> list[str]:
        """The rules by which somebody on the side of the person served is told."""
        return list(of_the_served(self._rules.of(community_id).rules))

    def follow_person(self, events: Sequence[AnyReceived]) -> None:
        """Nothing goes out to somebody who died, whatever it is about. Their inbox waits: nobody can open it.

        Nor does what waits about themselves, to who may act for them.
        """
        self._resting.keep(events)
        about = (overtakings_of(self._rules.of(event.envelope.communityid).rules, event) for event in events)
        self._messages.add([], [one for found in about for one in found])
        self._silence(events)

    def read_inbox(self, call: Call[ReadInbox]) -> Outcome:
        """The actor's messages in words of their language."""
        command, actor = call.command, call.meta.actor
        if not 1 <= command.limit <= PAGE_LIMIT:
            sentence = Text(f"limit 要在 1 到 {PAGE_LIMIT} 之间", f"limit has to be between 1 and {PAGE_LIMIT}")
            raise Invalid("invalid-limit", sentence, "limit")
        recipients = recipients_of(actor)
        entries, following = self._messages.inbox(
            actor.community_id, recipients, actor.account_id, command.cursor, command.limit
        )
        locale = in_their_language(self._wishes, actor, command.locale)
        items = [self._inbox_item(entry, locale) for entry in entries]
        unread = self._messages.unread(actor.community_id, recipients, actor.account_id)
        return Outcome({"items": items, "next": following, "unread": unread})

    def mark_read(self, call: Call[MarkRead]) -> Outcome:
        """Note that the actor read a message of theirs."""
        actor = call.meta.actor
        read_at = self._messages.mark_read(
            call.command.message_id, recipients_of(actor), actor.account_id, self._clock.now()
        )
        if read_at is None:
            raise NotFound(*_NO_SUCH_MESSAGE)
        return Outcome({"read_at": time_text(read_at)})

    def acknowledge(self, call: Call[Acknowledge]) -> Outcome:
        """Note that the actor knows what a message of theirs says."""
        actor = call.meta.actor
        known = self._messages.acknowledge(
            call.command.message_id, recipients_of(actor), actor.account_id, self._clock.now()
        )
        if known is None:
            raise NotFound(*_NO_SUCH_MESSAGE)
        said = {"read_at": time_text(known.read_at), "acknowledged_at": time_text(known.acknowledged_at)}
        return Outcome(said)

    def _inbox_item(self, entry: Entry, locale: str) -> dict[str, object]:
        message = entry.message
        rendered = self._templates.render(
            message.template, locale, message.params, community_id=message.community_id, version=message.version
        )
        return {
            "id": message.id,
            "at": time_text(message.at),
            "ticket_id": message.thread if message.number else None,
            "number": message.number or None,
            "title": rendered.title,
            "body": rendered.body,
            "locale": rendered.locale,
            "dir": rendered.dir,
            "urgent": message.urgent,
            "link": link_of(message),
            "read_at": time_text(entry.read_at) if entry.read_at else None,
            "acknowledged_at": time_text(entry.acknowledged_at) if entry.acknowledged_at else None,
        }


def _grid_of(event: AnyReceived) -> str | None:
    path: Sequence[str] = event.snapshot.area_path
    return path[-1] if path and GRID in given_by(event.envelope.type) else None
