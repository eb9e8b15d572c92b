"""Sends what waits: in batches, each message decided late, each try written down before it is made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from zlib import crc32

from services.notify.application.gathering import gathered
from services.notify.application.outbox_ports import Lanes, Outbox, Outcome, Pool, Turns, Work
from services.notify.application.parcels import LEASE_SECONDS, Parcel, storable
from services.notify.application.ports import Clock, Delivery, Resting, Templates
from services.notify.application.routing import OVERFLOW, PUT_TOGETHER, WAY_SLOW, Router
from services.notify.application.sending_ports import Outside, Sent
from services.notify.domain.category import Category
from services.notify.domain.message import GROUP, IN_APP, OUTWARD, QUIET, DeliveryStatus, Message

BATCH = 200
CHUNK = 20
"""So many are looked at together; those that go by the same way are tried together, and settled together."""
WAY_SLOW_SECONDS = 5.0
"""Of real time: so soon it is looked again whether a way that takes its time has room."""
LONGEST_RUN = 8.0
"""Seconds of real time after which it is looked anew: what is urgent by now comes first, and a stop is heard."""
TURNS = 16
"""Whose digest it is says which of so many turns it has: one instance sends all of it, others those of others."""
STALE_SECONDS = 1.0
"""Of real time: so old what is known of a message may be when it is tried."""
READ, TOO_LATE = "read", "too-late"
NOW = (0.0, "")

T = TypeVar("T")


class Sending:
    """What sends. ``pace`` is how many business seconds pass in one real one, ``chance`` gives 0 to 1, ``elapsed`` is
    seconds of real time.
    """

    def __init__(
        self,
        *,
        outbox: Outbox,
        turns: Turns,
        templates: Templates,
        resting: Resting,
        outside: Outside,
        clock: Clock,
        pace: float,
        chance: Callable[[], float],
        at_once: Pool,
        lanes: Lanes,
        elapsed: Callable[[], float],
    ) -> None:
        self._outbox = outbox
        self._turns = turns
        self._templates = templates
        self._resting = resting
        self._outside = outside
        self._router = Router(templates, outside)
        self._clock = clock
        self._pace = pace
        self._chance = chance
        self._at_once = at_once
        self._lanes = lanes
        self._elapsed = elapsed

    def run(self) -> None:
        """Send out what is due, for some seconds; others may do the same beside it."""
        self._run((OUTWARD, GROUP))

    def run_inside(self) -> None:
        """Put reminders into the inboxes: no provider's slowness is theirs."""
        self._run((IN_APP,))

    def _run(self, channels: Sequence[str]) -> None:
        until = self._elapsed() + LONGEST_RUN
        while self._look(channels, until) == BATCH:
            pass

    def _look(self, channels: Sequence[str], until: float) -> int:
        """How many were due; fewer than there were where the time is over."""
        now = self._clock.now()
        found = self._outbox.due(now, BATCH, channels)
        turns = {_turn(one) for one in found if one.put_off == PUT_TOGETHER}
        ours = {turn for turn in turns if self._turns.take(turn)}
        try:
            due = self._whole([one for one in found if one.put_off != PUT_TOGETHER or _turn(one) in ours], now)
            kept_back = self._kept_back(due, now)
            self._outbox.keep_back(kept_back)
            self._send_all([one.message.id for one in due if one.message.id not in kept_back], until)
        finally:
            for turn in ours:
                self._turns.give_back(turn)
        return len(found) if due and self._elapsed() < until else 0

    def _send_all(self, ids: Sequence[str], until: float) -> None:
        """By chunks; what is left when the time is over is everybody's again."""
        chunks = list(_chunks(self._outbox.take(ids, LEASE_SECONDS)))
        looked = self._elapsed()
        while chunks and self._elapsed() < until:
            some = chunks.pop(0)
            if self._elapsed() > looked + STALE_SECONDS:
                some, looked = self._still_wanted(some), self._elapsed()
            self._send(some)
        left = [one for some in chunks for one in some]
        self._settle(
            [Outcome(delivery=one, status=DeliveryStatus.QUEUED, reason=one.reason, retry_in=0.0) for one in left]
        )

    def _still_wanted(self, taken: Sequence[Delivery]) -> Sequence[Delivery]:
        """What went before them may have taken a while, in which somebody read, claimed, cancelled."""
        kept_back = self._kept_back(taken, self._clock.now())
        status = DeliveryStatus.SUPPRESSED
        over = [one for one in taken if one.message.id in kept_back]
        self._settle([Outcome(delivery=one, status=status, reason=kept_back[one.message.id]) for one in over])
        return [one for one in taken if one.message.id not in kept_back]

    def _whole(self, due: Sequence[Delivery], now: datetime) -> Sequence[Delivery]:
        """With the rest of each digest that one look would cut."""
        theirs = {(one.message.community_id, one.message.recipient) for one in due if one.put_off == PUT_TOGETHER}
        rest = self._outbox.put_together(sorted(theirs), now) if theirs else ()
        return list({one.message.id: one for one in (*due, *rest)}.values())

    def _kept_back(self, due: Sequence[Delivery], now: datetime) -> Mapping[str, str]:
        """What needs no more than a look into the own books: whose owner died, what is overtaken, over or read."""
        died = self._resting.among({one.message.recipient for one in due})
        stopped = self._outbox.stopped(due)
        twins = {_in_the_inbox(one.message): one.message.id for one in due if _may_be_read(one.message)}
        read = {twins[id] for id in self._outbox.read(list(twins))} if twins else set()
        reasons: dict[str, str] = {}
        for one in due:
            message = one.message
            if message.recipient in died:
                reasons[message.id] = QUIET
            elif message.id in stopped:
                reasons[message.id] = stopped[message.id]
            elif message.until is not None and message.until < now:
                reasons[message.id] = TOO_LATE
            elif message.id in read:
                reasons[message.id] = READ
        return reasons

    def _send(self, taken: Sequence[Delivery]) -> None:
        now = self._clock.now()
        routes = self._at_once([partial(self._router.route, one, now, self._chance()) for one in taken])
        self._settle([one for one in routes if isinstance(one, Outcome)])
        self._bring(gathered([one for one in routes if isinstance(one, Parcel)], self._templates))

    def _bring(self, parcels: Sequence[Parcel]) -> None:
        """Each to its first address, in the lane of its way."""
        ready, waits = self._with_room(parcels)
        self._settle(waits)
        by_way: dict[str, list[Parcel]] = {}
        for parcel in ready:
            by_way.setdefault(parcel.address.way, []).append(parcel)
        self._lanes.go(
            [Work(way=way, tries=len(some), act=partial(self._try_all, some)) for way, some in by_way.items()]
        )

    def _try_all(self, ready: Sequence[Parcel]) -> None:
        """Try the first address of each, and go on with the next of those that have one more to try."""
        begun = [(one, parcel.attempt) for parcel in ready for one in parcel.deliveries]
        ours = self._outbox.begin(begun, LEASE_SECONDS)
        ready = [mine for parcel in ready if (mine := parcel.only(ours)) is not None]
        answers = self._at_once([partial(self._try, parcel) for parcel in ready])
        now = self._clock.now()
        after = [parcel.after(sent, now) for parcel, sent in zip(ready, answers, strict=True)]
        chances = [self._chance() for _ in after]  # one for all of a digest: what failed together is tried together
        self._settle(
            [
                parcel.outcome(one, sent, at=now, pace=self._pace, chance=chance)
                for parcel, sent, chance in zip(after, answers, chances, strict=True)
                for one in parcel.deliveries
            ]
        )
        more = [parcel for parcel in after if parcel.addresses]
        if more:
            self._bring(more)

    def _try(self, parcel: Parcel) -> Sent:
        try:
            return storable(self._outside.posts[parcel.address.way].send(parcel.letter, parcel.address))
        except Exception as error:  # noqa: BLE001  whatever a driver raises is a try that failed, and is counted
            return Sent(status=DeliveryStatus.FAILED_TEMPORARY, reason=type(error).__name__)

    def _with_room(self, parcels: Sequence[Parcel]) -> tuple[list[Parcel], list[Outcome]]:
        """Those that their way takes now; the others wait until there is room, and go out together then."""
        ready: list[Parcel] = []
        waits: list[Outcome] = []
        for parcel in parcels:
            found, (seconds, why) = self._by_a_way(parcel)
            if found is not None:
                ready.append(found)
                continue
            waits += [
                Outcome(
                    delivery=one,
                    status=DeliveryStatus.QUEUED,
                    reason=why,
                    retry_in=seconds,
                    put_off=_put_off(one) if why == OVERFLOW else None,
                )
                for one in parcel.deliveries
            ]
        return ready, waits

    def _by_a_way(self, parcel: Parcel) -> tuple[Parcel | None, tuple[float, str]]:
        """By the first way that takes it now, where it is urgent; else by its first way. None: until when, and why."""
        room = self._room_in(parcel)
        soonest = room
        while room > NOW and parcel.letter.urgent and not parcel.to_all and len(parcel.addresses) > 1:
            parcel = replace(parcel, addresses=parcel.addresses[1:])
            room = self._room_in(parcel)
            soonest = min(soonest, room)
        return (parcel, NOW) if room <= NOW else (None, soonest)

    def _room_in(self, parcel: Parcel) -> tuple[float, str]:
        """``NOW`` where its way has room, else the seconds until then, and why it waits."""
        way = parcel.address.way
        if not self._lanes.take(way):
            return WAY_SLOW_SECONDS, WAY_SLOW
        seconds = self._budget_of(parcel)
        if seconds > 0:
            self._lanes.give_back(way)
            return seconds, OVERFLOW
        return NOW

    def _budget_of(self, parcel: Parcel) -> float:
        """0.0 where every limit of its way has room. The shortest is asked first: nothing is taken of a day in vain."""
        for limit in sorted(self._outside.limits.get(parcel.address.way, ()), key=lambda one: one.seconds):
            most = limit.most if parcel.letter.urgent else limit.ordinary
            seconds = self._outside.budgets.take(limit.key(parcel.address), most, limit.seconds)
            if seconds > 0:
                return seconds
        return 0.0

    def _settle(self, outcomes: Sequence[Outcome]) -> None:
        if outcomes:
            self._outbox.settle(outcomes)


def _may_be_read(message: Message) -> bool:
    """An alarm that goes out at once goes out, whoever reads what."""
    at_once = message.not_before == message.at
    return message.channel == OUTWARD and not (message.category is Category.ALARM and at_once)


def _in_the_inbox(message: Message) -> str:
    """The id of the same message as it lies in the inbox."""
    return message.id.replace(f":{OUTWARD}", f":{IN_APP}")


def _put_off(one: Delivery) -> str | None:
    """What waits for room may go out with others: not what is urgent, nor an offer, which is answered by itself."""
    alone = one.message.channel == OUTWARD and (one.message.urgent or one.message.offer_id is not None)
    return None if alone or one.put_off == PUT_TOGETHER else OVERFLOW


def _turn(one: Delivery) -> str:
    return str(crc32(f"{one.message.community_id}:{one.message.recipient}".encode()) % TURNS)


def _chunks(due: Sequence[Delivery]) -> Iterator[Sequence[Delivery]]:
    """Of about ``CHUNK``; what was put off for the same people is in one, so that it can go out in one letter."""
    together: dict[object, list[Delivery]] = {}
    for one in due:
        whose = (one.message.community_id, one.message.channel, one.message.recipient)
        together.setdefault(whose if one.put_off else one.message.id, []).append(one)
    chunk: list[Delivery] = []
    for some in together.values():
        chunk += some
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
