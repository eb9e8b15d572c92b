"""Changes as they happen: server-sent events, and a long poll that gives the same frames."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from flask import Response, request

from chassis.http_host import STREAM, leave_work
from gateway.api import schemas
from gateway.api.answers import answer
from gateway.api.bodies import EventsQuery, StreamQuery, resource
from gateway.api.desk import Desk, bearer, desk
from gateway.api.gate import requires
from gateway.api.listening import End, begin, end_of, left, wanted_of
from gateway.api.marks import counts_as
from gateway.api.problems import Problem
from gateway.identity.permissions import Permission
from gateway.identity.tokens import Bearer
from gateway.limits.policy import RouteClass
from gateway.stream.store import Position, TooMuch, mark
from gateway.stream.subscriber import Subscriber, Told

blueprint = resource("live", "实时动态 / changes as they happen")

HEARTBEAT = 15.0
"""Seconds after which a silent stream sends a comment at the latest; only a write shows that the client has gone."""
EARLIER = 0.8
"""A comment comes up to a fifth earlier: streams that heard the same event would else all be silent for as long."""
RETRY_MS = 2_000
MOST_POLLED = 500
WORN_SECONDS = 60.0
"""A poll without news goes on from now where its place is older than this: each would else look through more."""
RESUMED_FROM = "Shiliu-Last-Event-ID"
"""The answer's header: the event after which the stream goes on. Another one than was asked for follows a gap."""

Frame = Mapping[str, Any]


@blueprint.route("/stream", methods=["GET"])
@requires(Permission.FOLLOW_EVENTS)
@counts_as(RouteClass.STREAM)
@blueprint.arguments(StreamQuery, location="query")
@blueprint.response(200)
@blueprint.doc(
    parameters=[{"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"}}],
    responses={
        "200": {
            "headers": {RESUMED_FROM: {"schema": {"type": "string"}, "description": "after which event it goes on"}},
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
def stream(query: dict[str, Any]) -> Any:
    """Server-sent events: ``id``, ``event`` (type), ``data`` (the frame). ``Last-Event-ID`` resumes.

    At least once: drop doubles by id. ``event: gap`` says that something may have been missed: fetch your lists anew.
    ``event: end`` says why nothing comes any more: the token is over or was ended, or a role was taken away.
    """
    here, who = desk(), bearer()
    began = here.now()
    wanted = wanted_of(here, who, query)
    last = request.headers.get("Last-Event-ID") or query["last_event_id"]
    # Before anything is replayed, so that nothing falls between.
    subscriber = begin(here, who, wanted)
    try:
        # Before the answer begins, so that a database that is away is a 503 and no stream that breaks off.
        place, missed = _resumed(here, subscriber, last, mark(began))
    except BaseException:
        here.fanout.unsubscribe(subscriber)
        raise
    request.environ[STREAM] = 1
    chunks = chain((f"retry: {RETRY_MS}\n\n".encode() + missed,), _live(here, who, subscriber))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", RESUMED_FROM: place}
    response = Response(chunks, content_type="text/event-stream; charset=utf-8", headers=headers)
    response.call_on_close(lambda: here.fanout.unsubscribe(subscriber))
    return response


@blueprint.route("/events", methods=["GET"])
@requires(Permission.FOLLOW_EVENTS)
@counts_as(RouteClass.STREAM)
@blueprint.arguments(EventsQuery, location="query")
@blueprint.response(200, schemas.FRAMES)
def poll(query: dict[str, Any]) -> Any:
    """The same frames by long poll: continue with ``after`` = ``next``. Drop doubles by id; ``gap``: fetch anew."""
    here, who = desk(), bearer()
    began = here.now()
    subscriber = begin(here, who, wanted_of(here, who, query))
    try:
        gap, frames, following = _missed(here, subscriber, query["after"], began)
        if not gap and following in (None, query["after"]):
            _stand_aside()
            gap, told = subscriber.take(min(query["wait"], left(here, who)))
            _require_standing(here, who, subscriber)
            frames += [one.frame for one in told if one.frame not in frames]
            following = told[-1].id if told else None if gap else following
    finally:
        here.fanout.unsubscribe(subscriber)
    return answer({"frames": frames, "next": following or mark(began), "gap": gap})


def _require_standing(here: Desk, who: Bearer, subscriber: Subscriber) -> None:
    """Raises Problem where they may hear no more; what came until the token's end is an answer all the same."""
    end = end_of(here, who, subscriber)
    if end is End.SIGNED_OUT or end is End.BARRED:
        raise Problem(403 if end is End.BARRED else 401, end.code, end.sentence)


def _missed(here: Desk, subscriber: Subscriber, after: str | None, now: float) -> tuple[bool, list[Frame], str | None]:
    """(gap, frames since a little before *after*, where to go on if nothing else comes).

    What is not newer than *after* is no place to go on from: a client sent back there would walk in a circle.
    """
    if after is None:
        return False, [], None
    position = here.stream.position(after)
    if position is None:
        return True, [], None
    docs, gap = _replay(here, subscriber, position)
    late = [doc for doc in docs if doc["seen"] <= position.seen]
    newer = docs[len(late) : len(late) + MOST_POLLED]
    worn = now - position.seen.timestamp() > WORN_SECONDS
    following = newer[-1]["_id"] if newer else None if gap or worn else after
    return gap, [doc["frame"] for doc in (*late, *newer)], following


def _stand_aside() -> None:
    """A poll that waits takes no place from requests that work."""
    if "shiliu.exchange" in request.environ:
        leave_work(request.environ)


def _replay(here: Desk, subscriber: Subscriber, position: Position) -> tuple[Sequence[Mapping[str, Any]], bool]:
    try:
        return here.stream.replay(subscriber.actor, position, subscriber.wanted), False
    except TooMuch:
        return [], True


def _resumed(here: Desk, subscriber: Subscriber, last: str | None, now: str) -> tuple[str, bytes]:
    """From where a stream goes on, and what it begins with: where it stands, or all that came after *last*."""
    # Sets the client's last event id without an event: a break before the first frame loses nothing.
    if not last:
        return now, f"id: {now}\n\n".encode()
    position = here.stream.position(last)
    docs, gap = ((), True) if position is None else _replay(here, subscriber, position)
    if position is None or gap:
        return now, _gap(now)
    return position.name, b"".join(Told(doc).event for doc in docs)


def _live(here: Desk, who: Bearer, subscriber: Subscriber) -> Iterator[bytes]:
    while not subscriber.closed:
        silence = HEARTBEAT * random.uniform(EARLIER, 1.0)
        place = mark(here.now())
        gap, told = subscriber.take(min(silence, left(here, who)))
        end = end_of(here, who, subscriber)
        if end is not None:
            yield _end(end)
            return
        if gap:
            yield _gap(place)
        if told:
            yield b"".join(one.event for one in told)
        elif not gap and not subscriber.closed:
            yield b": still here\n\n"
    yield b": closing\n\n"


def _end(end: End) -> bytes:
    said = {"code": end.code, "detail": end.sentence.zh, "detail_en": end.sentence.en}
    return f"event: end\ndata: {json.dumps(said, ensure_ascii=False)}\n\n".encode()


def _gap(place: str) -> bytes:
    return f"id: {place}\nevent: gap\ndata: {{}}\n\n".encode()
