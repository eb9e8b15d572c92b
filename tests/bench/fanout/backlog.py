"""Events in notify's inbox, and how fast they become messages that are told and deliveries that are taken."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

import amqp
from pymongo.database import Database

from chassis.publisher import encode
from contracts.envelope import Envelope
from contracts.events.seat_visits import AssignmentSafetyAsked
from contracts.events.tickets import TicketAccepted
from contracts.schemas.fields import time_text
from contracts.topology import inbox_queue
from deploy.demo.play import COMMUNITY, DESK
from deploy.simulate.stage import Cast
from deploy.stack.stack import Stack
from tests.bench.fanout.asking import ask, post
from tests.bench.fanout.children import Child
from tests.bench.fanout.figures import Rate
from tests.brokers import Rabbit
from tests.builders import ASSIGNMENT_ID, NOON, a_demand_snapshot, a_ticket_snapshot, an_envelope, some_terms
from tests.waiting import wait_until

INBOX = "in_app"
WAITS = ("queued", "sending", "failed_temporary")
PATIENCE = 120.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Notices:
    """``planned``: messages in inboxes. ``told``: those for outside the platform, settled; what ``became`` of them."""

    planned: Rate
    told: Rate
    became: dict[str, int]


def notices(stack: Stack, db: Database[dict[str, Any]], cast: Cast, count: int) -> Notices:
    """Members at work are asked whether all is well: it cannot wait for morning, nor be muted."""
    members = [badge.member_id for badge in cast.members.values() if badge.member_id]
    mark = f"bench-{uuid4().hex[:8]}-"
    events = [_asked(mark, member) for member in islice(cycle(members), count)]
    messages, ours = db["messages"], {"_id": {"$gte": mark, "$lt": mark + "~"}}
    begun = time.monotonic()
    _put(stack, events)
    wait_until(lambda: messages.count_documents({**ours, "channel": INBOX}) >= count, PATIENCE, "all are planned")
    planned = time.monotonic() - begun
    outside = {**ours, "channel": {"$ne": INBOX}}
    waiting = {**outside, "status": {"$in": WAITS}}
    # What a provider put off waits for minutes: it is told as what it is, and not waited for.
    while messages.count_documents(waiting) and time.monotonic() - begun < PATIENCE:
        time.sleep(LOOK_SECONDS)
    told = time.monotonic() - begun
    became = Counter(str(doc["status"]) for doc in messages.find(outside, {"status": 1}))
    settled = sum(many for status, many in became.items() if status not in WAITS)
    return Notices(Rate(count, round(planned, 3)), Rate(settled, round(told, 3)), dict(became))


def deliveries(stack: Stack, cast: Cast, receiver: Child, port: int, count: int, endpoints: int) -> Rate:
    """What orders become, told to so many endpoints of one receiver; from the first event to the last one taken."""
    desk, url = cast.accounts[DESK].token, stack.http_url
    body = {"url": f"http://127.0.0.1:{port}/hook", "event_types": [TicketAccepted.TYPE]}
    opened = [post(url, "/webhooks", desk, body)["id"] for _ in range(endpoints)]
    mark, wanted = f"bench-{uuid4().hex[:8]}-", count * endpoints
    begun = time.time()
    _put(stack, [_accepted(mark) for _ in range(count)])
    taken: dict[str, float] = {}

    def all_taken() -> bool:
        receiver.tell("report")
        taken.update(receiver.hear())
        return taken["count"] >= wanted

    wait_until(all_taken, PATIENCE, f"{wanted} deliveries are taken")
    for endpoint in opened:
        ask(url, "DELETE", f"/webhooks/{endpoint}", desk)
    return Rate(wanted, round(taken["last"] - begun, 3))


def _asked(mark: str, member_id: str) -> Envelope:
    asked = AssignmentSafetyAsked(assignment_id=ASSIGNMENT_ID, member_id=member_id, answer_by=NOON)
    return _of_our_own(mark, an_envelope(asked, a_demand_snapshot(id=uuid4().hex, community_id=COMMUNITY)))


def _accepted(mark: str) -> Envelope:
    order = a_ticket_snapshot(id=uuid4().hex, community_id=COMMUNITY)
    return _of_our_own(mark, an_envelope(TicketAccepted(terms=some_terms()), order))


def _of_our_own(mark: str, envelope: Envelope) -> Envelope:
    return replace(envelope, id=f"{mark}{uuid4().hex}", time=time_text(datetime.now(UTC)))


def _put(stack: Stack, events: Sequence[Envelope]) -> None:
    """Into notify's inbox alone: nobody else is to hear of what never happened."""
    rabbit = Rabbit(stack.amqp_url)
    channel: amqp.Channel = rabbit.channel()
    for event in events:
        channel.basic_publish(encode(event.to_wire()).message, routing_key=inbox_queue("notify"))
    rabbit.close()
