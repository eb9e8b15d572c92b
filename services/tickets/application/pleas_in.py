"""Pleas as they come in by SMS: whose community it is, by when somebody answers, sealed before anything is stored."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from contracts.actor import is_notify
from contracts.commands import Call, Outcome
from contracts.commands.pleas import TakePlea
from contracts.decisions import Decided
from contracts.errors import Conflict, NotFound
from contracts.pleas import PleaState
from contracts.words import Text, Urgency
from services.tickets.application.people_ports import People
from services.tickets.application.plea_ports import Home, Homes, Pleas
from services.tickets.application.ports import Areas, Clock, Communities, Vault
from services.tickets.application.time_limits import TimeLimits
from services.tickets.domain import pleas as rules
from services.tickets.domain.community import Community
from services.tickets.domain.danger import means_danger
from services.tickets.domain.pleas import Plea, Written, no_such_plea
from services.tickets.domain.time_limits import BY_URGENCY

PHONE = "phone"
_DANGER_MINUTES = BY_URGENCY[Urgency.EMERGENCY].respond.minutes or 0.0
_WORKING_MINUTES = BY_URGENCY[Urgency.URGENT].respond.minutes or 0.0
"""What nobody has read yet may be urgent; at night it waits for the morning, unless its words mean danger."""


class RespondBy:
    """Until when somebody has to answer a plea."""

    def __init__(self, time_limits: TimeLimits) -> None:
        self._time_limits = time_limits

    def __call__(self, community: Community, now: datetime, *, danger: bool) -> datetime:
        """As of an emergency where its words mean danger, at any hour; else as of what is urgent, in working time."""
        if danger:
            return now + timedelta(minutes=_DANGER_MINUTES)
        return self._time_limits.hours(community).after(now, _WORKING_MINUTES)


class TakingPleas:
    """``take_plea``."""

    def __init__(
        self,
        pleas: Pleas,
        homes: Homes,
        communities: Communities,
        areas: Areas,
        people: People,
        vault: Vault,
        respond_by: RespondBy,
        clock: Clock,
    ) -> None:
        self._pleas = pleas
        self._homes = homes
        self._communities = communities
        self._areas = areas
        self._people = people
        self._vault = vault
        self._respond_by = respond_by
        self._clock = clock

    def take(self, call: Call[TakePlea]) -> Outcome:
        """See ``TakePlea``. Raises NotFound for who is not notify, and where there is no community at all."""
        command, meta = call.command, call.meta
        if not is_notify(meta.actor):
            raise no_such_plea()
        known = self._pleas.with_sequence(command.sequence)
        if known is not None:
            return Outcome(_taken(known, kept=True))
        community, home, guessed = self._whose(command)
        key = self._pleas.phone_key(command.phone)
        waiting = self._pleas.waiting_from(community.id, key)
        now, danger = self._clock.now(), means_danger(command.text, ())
        id = meta.created_id if waiting is None else waiting.id
        words = self._sealed(id, words_part(command.sequence), command.text)
        text = Written(at=now, sequence=command.sequence, words=words)
        by = self._respond_by(community, now, danger=danger)
        first = Plea(
            id=id,
            community_id=community.id,
            area_path=self._area_path(community, home),
            received_at=now,
            respond_by=by,
            danger=danger,
            texts=(text,),
            phone=self._sealed(id, PHONE, command.phone),
            phone_key=key,
            guessed=guessed,
            accounts=command.account_ids,
            persons=home.persons,
            asked_about=command.asked_about,
        )

        def decide(found: Plea | None) -> Decided[Plea]:
            if found is None:
                plea, events = rules.received(first)
            elif found.state is PleaState.WAITING:
                plea, events = rules.written_again(found, text, by, danger=danger)
            else:
                raise Conflict("try-again", Text("刚刚办了,请再送一次", "it was just answered: bring it again"))
            return Decided(plea, events, _taken(plea, kept=text in plea.texts))

        return self._pleas.apply(id, meta, decide)

    def _whose(self, command: TakePlea) -> tuple[Community, Home, bool]:
        """The community, who has the phone there, and whether the community is a guess."""
        homes = {home.community_id: home for home in self._homes.of(command.phone)}
        every = self._homes.communities()
        sure = command.community_id or (next(iter(homes)) if len(homes) == 1 else None)
        if sure is None and len(every) == 1:
            sure = every[0]
        for id in (sure, *homes, *every):
            community = None if id is None else self._communities.get(id)
            if community is not None:
                return community, homes.get(community.id, Home(community.id, ())), community.id != sure
        raise NotFound("no-such-community", Text("没有这个社区", "there is no such community"))

    def _area_path(self, community: Community, home: Home) -> tuple[str, ...]:
        """The grid of whoever has the phone, where it is known; else the community."""
        found = (self._people.get(person_id) for person_id in home.persons)
        of_person = next((one.area_path for one in found if one is not None and one.area_path), None)
        if of_person is not None:
            return of_person
        area = self._areas.get(community.area)
        return (community.area,) if area is None else area.path

    def _sealed(self, id: str, part: str, text: str) -> bytes | None:
        return self._vault.seal(id, text, context(id, part))


def context(plea_id: str, part: str) -> str:
    """To what a sealed part is bound."""
    return f"pleas/{plea_id}/{part}"


def words_part(sequence: str) -> str:
    """The part that one text is."""
    return f"words/{sequence}"


def _taken(plea: Plea, *, kept: bool) -> Mapping[str, Any]:
    return {"plea_id": plea.id, "community_id": plea.community_id, "kept": kept, "danger": plea.danger}
