"""The played providers of deploy/providers, answering in a thread of their own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import web
from aiosmtpd.smtp import SMTP

from deploy.providers.commands import application
from deploy.providers.held import Held
from deploy.providers.mail import Mailbox
from deploy.providers.sms import Sms
from deploy.providers.wechat import Wechat

KEY, SECRET = "trial", "what only the providers and the house know"
BOUND = 10.0


@dataclass(frozen=True)
class Played:
    """Open providers: ``url`` of SMS and WeChat, ``mail_port`` of mail, and what they were given."""

    held: Held
    url: str
    mail_port: int


@contextmanager
def the_providers(callback: str = "http://127.0.0.1:1/") -> Iterator[Played]:
    """Providers that are open; what they push goes to *callback*."""
    held = Held()
    app = application(held, Sms(held, KEY, SECRET, callback), Wechat(held, KEY, SECRET))
    loop, opened, closing = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    ports: list[int] = []

    async def serve() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        mail = await loop.create_server(lambda: SMTP(Mailbox(held), hostname="providers", loop=loop), "127.0.0.1", 0)
        ports.append(mail.sockets[0].getsockname()[1])
        opened.set()
        await closing.wait()
        mail.close()
        await runner.cleanup()
        for task in asyncio.all_tasks(loop) - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert opened.wait(BOUND)
    try:
        yield Played(held, f"http://127.0.0.1:{runner.addresses[0][1]}", ports[0])
    finally:
        loop.call_soon_threadsafe(closing.set)
        thread.join(BOUND)
