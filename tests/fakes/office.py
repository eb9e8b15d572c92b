"""The played office of deploy/upstream, answering in a thread of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from deploy.upstream.book import Book
from deploy.upstream.moods import Moods
from deploy.upstream.office import Office

SECRET = "what only the office and the house know"
BOUND = 10.0


@contextmanager
def an_office(moods: str = "fine", slow_seconds: float = 5.0, port: int = 0) -> Iterator[tuple[Office, str]]:
    """An office that is open, and the address that results go to."""
    office = Office(SECRET, Book(), Moods(moods), slow_seconds=slow_seconds)
    loop, opened = asyncio.new_event_loop(), threading.Event()
    runner = web.AppRunner(office.application(), access_log=None, shutdown_timeout=0.1)

    async def open_() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        opened.set()

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(open_())
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert opened.wait(BOUND)
    try:
        yield office, f"http://127.0.0.1:{runner.addresses[0][1]}/results"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(BOUND)
