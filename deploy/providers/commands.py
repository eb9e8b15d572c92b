"""`./shiliu providers`: providers of one's own to try the ways out on."""

import asyncio
import sys
from contextlib import suppress
from typing import Annotated

import typer
from aiohttp import web
from aiosmtpd.smtp import SMTP

from deploy.providers.held import WAYS, Held
from deploy.providers.mail import Mailbox
from deploy.providers.moods import Mood
from deploy.providers.robots import Groups
from deploy.providers.sms import Sms
from deploy.providers.wechat import Wechat
from deploy.stack.failure import StackError

HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command("providers")(serve)


def serve(
    callback: Annotated[
        str,
        typer.Option(
            envvar="SHILIU_PROVIDERS_CALLBACK", help="回执和回复推到哪里 / where receipts and replies are pushed to"
        ),
    ],
    secret: Annotated[str, typer.Option(envvar="SHILIU_PROVIDERS_SECRET", help="密钥 / what its customer signs with")],
    key: Annotated[str, typer.Option(help="客户编号 / its customer's id, of SMS and of WeChat")] = "trial",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 / port: SMS, WeChat, groups")] = 8791,
    mail_port: Annotated[int, typer.Option(min=0, max=65535, help="邮件端口 / port: mail")] = 8792,
) -> None:
    """演练用的短信、微信、群机器人、邮件服务商 / providers to try it on: GET /held, POST /mood /reply /receipt."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(callback, secret, key, port, mail_port))


def application(held: Held, sms: Sms, wechat: Wechat) -> web.Application:
    """Its routes: those of the providers, and for trials what was taken and how to answer from now on."""

    async def shown(_: web.Request) -> web.StreamResponse:
        return web.json_response(held.shown())

    async def mood(request: web.Request) -> web.StreamResponse:
        try:
            said = {str(way): Mood(name) for way, name in (await request.json()).items()}
            if not said.keys() <= set(WAYS):
                raise ValueError(f"ways are {WAYS}")
        except (ValueError, AttributeError) as error:
            raise web.HTTPUnprocessableEntity(text=str(error)) from None
        held.moods |= said
        return web.json_response({"done": True})

    async def forget(_: web.Request) -> web.StreamResponse:
        held.forget()
        return web.json_response({"done": True})

    app, groups = web.Application(client_max_size=1 << 20), Groups(held)
    app.router.add_post("/", sms.send)
    app.router.add_post("/receipt", sms.receipt)
    app.router.add_post("/reply", sms.reply)
    app.router.add_get("/sns/jscode2session", wechat.session)
    app.router.add_post("/cgi-bin/stable_token", wechat.token)
    app.router.add_post("/cgi-bin/message/subscribe/send", wechat.send)
    app.router.add_post("/end-token", wechat.end_token)
    app.router.add_post("/cgi-bin/webhook/send", groups.wecom)
    app.router.add_post("/robot/send", groups.dingtalk)
    app.router.add_get("/held", shown)
    app.router.add_post("/mood", mood)
    app.router.add_post("/forget", forget)
    return app


async def _serve(callback: str, secret: str, key: str, port: int, mail_port: int) -> None:
    held = Held()
    app = application(held, Sms(held, key, secret, callback), Wechat(held, key, secret))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    loop = asyncio.get_running_loop()
    try:
        await web.TCPSite(runner, HOST, port).start()
        mail = await loop.create_server(lambda: SMTP(Mailbox(held), hostname="providers", loop=loop), HOST, mail_port)
    except OSError:
        await runner.cleanup()
        raise StackError(f"端口 {port} 或 {mail_port} 被占用", f"port {port} or {mail_port} is taken") from None
    address = runner.addresses[0]
    sys.stdout.write(f"http://{address[0]}:{address[1]}\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        mail.close()
        await runner.cleanup()
