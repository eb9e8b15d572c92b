"""The same done bare, on the same brokers: the least that a notice, a delivery and a frame take on this machine.

- a frame: one document is stored by the database's clock, a change stream brings it, one line goes to one socket;
- a notice: one majority write, one confirmed message through a quorum queue, one majority write when it is sent;
- a delivery: one majority write, one POST on a kept connection, one majority write.
"""

import http.client
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Event, Thread, local
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import amqp
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.write_concern import WriteConcern

from chassis.mongo import connect
from chassis.settings import Settings
from tests.bench.fanout.figures import Rate, Spread, spread
from tests.brokers import Rabbit

IN_FLIGHT = 40
FRAMES = 200
FRAMES_A_SECOND = 50.0
QUEUE = "bench.floor"


@contextmanager
def a_database(settings: Settings) -> Iterator[Database[dict[str, Any]]]:
    """A new one, gone afterwards."""
    client: MongoClient[dict[str, Any]] = connect(settings)
    db = client[f"bench_floor_{time.time_ns()}"]
    try:
        yield db
    finally:
        client.drop_database(db.name)
        client.close()


def frames(db: Database[dict[str, Any]], count: int = FRAMES) -> Spread:
    """Milliseconds from stored to read at the other end of a socket, one listener, one after the other."""
    near, far = socket.socketpair()
    opened, over = Event(), Event()
    heard: SimpleQueue[float] = SimpleQueue()
    asked: list[dict[str, Any]] = [{"$match": {"operationType": "insert"}}, {"$project": {"fullDocument": 1}}]

    def tail() -> None:
        with db["stream"].watch(asked, max_await_time_ms=1_000) as changes:
            opened.set()
            while not over.is_set():
                change = changes.try_next()
                if change is not None:
                    near.sendall(f"id: {change['fullDocument']['_id']}\n\n".encode())

    def read() -> None:
        with far.makefile("rb") as lines:
            for _ in range(count):
                lines.readline()
                heard.put(time.time() * 1_000)
                lines.readline()

    workers = [Thread(target=work, daemon=True) for work in (tail, read)]
    for worker in workers:
        worker.start()
    opened.wait(30)
    ids = []
    for _ in range(count):
        ids.append(uuid4().hex)
        db["stream"].update_one({"_id": ids[-1]}, [{"$set": {"seen": "$$NOW"}}], upsert=True)
        time.sleep(1 / FRAMES_A_SECOND)
    times = [heard.get(timeout=30) for _ in ids]
    over.set()
    for worker in workers:
        worker.join(10)
    near.close()
    far.close()
    stored = {doc["_id"]: doc["seen"].timestamp() * 1_000 for doc in db["stream"].find()}
    return spread([at - stored[id] for id, at in zip(ids, times, strict=True)])


def notices(db: Database[dict[str, Any]], amqp_url: str, count: int) -> Rate:
    """So many."""
    messages = db.get_collection("messages", write_concern=WriteConcern("majority", j=True))
    rabbit = Rabbit(amqp_url)
    consuming = rabbit.connect()
    channel = consuming.channel()
    channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    channel.basic_qos(0, 200, False)
    jobs: SimpleQueue[str] = SimpleQueue()
    settled: SimpleQueue[int] = SimpleQueue()

    def publish() -> None:
        connection = rabbit.connect()
        out = connection.channel()
        out.confirm_select()
        while id := jobs.get():
            messages.insert_one({"_id": id, "status": "queued"})
            out.basic_publish_confirm(amqp.Message(id, delivery_mode=2), routing_key=QUEUE)
        connection.close()

    def settle(message: Any) -> None:
        messages.update_one({"_id": message.body}, {"$set": {"status": "sent"}})
        settled.put(message.delivery_tag)

    begun = time.monotonic()
    with ThreadPoolExecutor(IN_FLIGHT) as pool, ThreadPoolExecutor(IN_FLIGHT) as settling:
        for _ in range(IN_FLIGHT // 2):
            pool.submit(publish)
        consumer = channel.basic_consume(QUEUE, callback=lambda message: settling.submit(settle, message))
        for _ in range(count):
            jobs.put(uuid4().hex)
        for _ in range(IN_FLIGHT // 2):
            jobs.put("")
        done = 0
        while done < count:
            with suppress(TimeoutError):
                consuming.drain_events(timeout=0.05)
            while not settled.empty():
                channel.basic_ack(settled.get())
                done += 1
        seconds = time.monotonic() - begun
    channel.basic_cancel(consumer)
    channel.queue_delete(QUEUE)
    consuming.close()
    rabbit.close()
    return Rate(count, round(seconds, 3))


def deliveries(db: Database[dict[str, Any]], url: str, count: int) -> Rate:
    """So many, to a receiver at *url*."""
    attempts = db.get_collection("attempts", write_concern=WriteConcern("majority", j=True))
    parts, kept = urlsplit(url), local()

    def deliver(_: int) -> None:
        if not hasattr(kept, "connection"):
            kept.connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        id = uuid4().hex
        attempts.insert_one({"_id": id, "status": "sending"})
        kept.connection.request("POST", parts.path or "/", b'{"type":"floor"}', {"Content-Type": "application/json"})
        answer = kept.connection.getresponse()
        answer.read()
        attempts.update_one({"_id": id}, {"$set": {"status": "sent", "answer": answer.status}})

    return _rate(deliver, range(count))


def _rate(work: Callable[[int], None], items: Sequence[int]) -> Rate:
    begun = time.monotonic()
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        list(pool.map(work, items))
    return Rate(len(items), round(time.monotonic() - begun, 3))
