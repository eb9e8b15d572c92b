"""Changes as they happen: server-sent events, and a long poll that gives the same frames."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from flask import Response, request

from chassis.http_host import STREAM, leave_work, may_wait
from contracts.words import Text
from gateway.api import schemas
from gateway.api.answers import answer
from gateway.api.bodies import EventsQuery, resource
from gateway.api.desk import Desk, bearer, desk
from gateway.api.gate import require_standing, requires
from gateway.api.marks import counts_as
from gateway.api.problems import Problem
from gateway.identity.permissions import Permission
from gateway.identity.tokens import Bearer
from gateway.limits.policy import RouteClass
from gateway.stream.fanout import Subscriber, TooManyStreams
from gateway.stream.store import MOST_REPLAYED, Position, mark

blueprint = resource("live", "实时动态 / changes as they happen")

HEARTBEAT = 15.0
"""Seconds after which a silent stream sends a comment; only a write shows that the client has gone."""
RETRY_MS = 2_000
MOST_POLLED = 500
ROOM_SECONDS = 15
"""After so long a stream that nobody reads any more is noticed and gone."""

Frame = Mapping[str, Any]


@blueprint.route("/stream", methods=["GET"])
@requires(Permission.FOLLOW_EVENTS)
@counts_as(RouteClass.STREAM)
@blueprint.response(200)
@blueprint.doc(
    parameters=[{"name": "Last-Event-ID", "in": "header", "schema": {"type": "string"}}],
    responses={"200": {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
def stream() -> Any:
    """Server-sent events: ``id``, ``event`` (type), ``data`` (the frame). ``Last-Event-ID`` resumes.

    At least once: drop doubles by id. ``event: gap`` says that something may have been missed: fetch your lists anew.
    """
    here, who = desk(), bearer()
    began = here.now()
    # Before anything is replayed, so that nothing falls between.
    subscriber = _subscribe(here, who)
    try:
        # Before the answer begins, so that a database that is away is a 503 and no stream that breaks off.
        first = b"".join(_first(here, who, request.headers.get("Last-Event-ID"), mark(began)))
    except BaseException:
        here.fanout.unsubscribe(subscriber)
        raise
    request.environ[STREAM] = 1
    chunks = chain((first,), _live(here, who, subscriber))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
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
    subscriber = _subscribe(here, who)
    try:
        gap, frames, following = _missed(here, who, query["after"])
        if not gap and following is None:
            _stand_aside()
            gap, live = subscriber.take(min(query["wait"], _left(here, who)))
            require_standing(who)
            frames += [frame for frame in live if frame not in frames]
            following = live[-1]["id"] if live else None
    finally:
        here.fanout.unsubscribe(subscriber)
    following = following or (None if gap else query["after"]) or mark(began)
    return answer({"frames": frames, "next": following, "gap": gap})


def _subscribe(here: Desk, who: Bearer) -> Subscriber:
    """Listen from now on, if there is room; raises Problem 429."""
    try:
        if may_wait(request.environ):
            return here.fanout.subscribe(who.actor)
    except TooManyStreams:
        pass
    sentence = Text("打开的实时连接太多,请先关掉一些", "too many streams are open: close some of them first")
    raise Problem(429, "too-many-streams", sentence, headers={"Retry-After": str(ROOM_SECONDS)})


def _missed(here: Desk, who: Bearer, after: str | None) -> tuple[bool, list[Frame], str | None]:
    """(gap, frames since a little before *after*, the id of the newest if it is newer than *after*).

    What is not newer is no place to go on from: a client sent back there would walk in a circle.
    """
    if after is None:
        return False, [], None
    position = here.stream.position(after)
    if position is None:
        return True, [], None
    docs, gap = _replay(here, who, position)
    late = [doc for doc in docs if doc["seen"] <= position.seen]
    newer = docs[len(late) : len(late) + MOST_POLLED]
    return gap, [doc["frame"] for doc in (*late, *newer)], newer[-1]["_id"] if newer else None


def _left(here: Desk, who: Bearer) -> float:
    """Seconds until the token of whoever listens ends; none where they have signed out meanwhile."""
    return 0.0 if here.identity.revocations.holds(who) else max(0.0, who.expires - here.now())


def _stand_aside() -> None:
    """A poll that waits takes no place from requests that work."""
    if "shiliu.exchange" in request.environ:
        leave_work(request.environ)


def _replay(here: Desk, who: Bearer, position: Position) -> tuple[Sequence[Mapping[str, Any]], bool]:
    docs = list(here.stream.replay(who.actor, position))
    return ([], True) if len(docs) > MOST_REPLAYED else (docs, False)


def _first(here: Desk, who: Bearer, last: str | None, place: str) -> Iterator[bytes]:
    """What a stream begins with: where it stands, or all that came after *last*."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    if last:
        yield from _resumed(here, who, last)
    else:
        # Sets the client's last event id without an event: a break before the first frame loses nothing.
        yield f"id: {place}\n\n".encode()


def _resumed(here: Desk, who: Bearer, last: str) -> Iterator[bytes]:
    position = here.stream.position(last)
    docs, gap = ((), True) if position is None else _replay(here, who, position)
    if gap:
        yield _gap(here)
    for doc in docs:
        yield _event(doc["frame"])


def _live(here: Desk, who: Bearer, subscriber: Subscriber) -> Iterator[bytes]:
    while not subscriber.closed and (left := _left(here, who)):
        gap, frames = subscriber.take(min(HEARTBEAT, left))
        if here.identity.revocations.holds(who):
            break
        if gap:
            yield _gap(here)
        if frames:
            yield b"".join(_event(frame) for frame in frames)
        elif not gap:
            yield b": still here\n\n"
    yield b": closing\n\n"


def _event(frame: Frame) -> bytes:
    data = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    return f"id: {frame['id']}\nevent: {frame['type']}\ndata: {data}\n\n".encode()


def _gap(here: Desk) -> bytes:
    return f"id: {mark(here.now())}\nevent: gap\ndata: {{}}\n\n".encode()
