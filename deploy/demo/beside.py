"""What is played beside the demo's stack: providers of SMS, WeChat, groups and mail, and another system's receiver.

They are processes of the stack: they end with it, by `./shiliu down`, by Ctrl-C, or when the demo has been told.
"""

import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout

from chassis.settings import Secret
from deploy.demo.watching import Json, StoryError
from deploy.stack.ports import HOST, free_ports
from deploy.stack.processes import Processes, Record
from deploy.stack.services import PROJECT
from deploy.stack.stack import Stack

CUSTOMER = "trial"
WECHAT_TEMPLATE = "T1"
A_DAY_IS_MINUTES = 10_000
"""Limits count in real time, in which a day of the demo lasts some minutes: so many a day, or a minute, are enough."""
ASK_SECONDS = 10.0


@dataclass(frozen=True)
class Beside:
    """Where they listen, and what they share with the services."""

    providers_port: int
    mail_port: int
    receiver_port: int
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    callback_key: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    group_key: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)
    """Of the chat group of those on duty."""

    @classmethod
    def anew(cls) -> Self:
        """On ports that nobody holds."""
        providers, mail, receiver = free_ports(3)
        return cls(providers, mail, receiver)

    @property
    def providers_url(self) -> str:
        """What came lies at ``/held``; ``/reply`` writes back (docs/channels.md)."""
        return f"http://{HOST}:{self.providers_port}"

    @property
    def hook(self) -> str:
        """Where the other system takes webhooks; what came lies at ``/heard`` (docs/webhooks.md)."""
        return f"http://{HOST}:{self.receiver_port}/hook"

    def settings(self) -> dict[str, Any]:
        """By which the services find them."""
        url = self.providers_url
        return {
            "sms_url": url,
            "sms_key_id": CUSTOMER,
            "sms_key_secret": Secret(self.secret),
            "sms_sign_name": "石榴里",
            "sms_templates": ("*:zh-CN=SMS_1/body+number", "*=SMS_2/body"),
            "sms_callback_key": Secret(self.callback_key),
            "sms_per_person_a_day": A_DAY_IS_MINUTES,
            "wechat_url": url,
            "wechat_app_id": CUSTOMER,
            "wechat_app_secret": Secret(self.secret),
            "wechat_templates": (f"*={WECHAT_TEMPLATE}/thing1:title+character_string2:number",),
            "mail_url": f"smtp+plain://{HOST}:{self.mail_port}",
            "mail_from": "shiliu@example.org",
            "mail_per_minute": A_DAY_IS_MINUTES,
            "wecom_url": url,
            "dingtalk_url": url,
            "robot_per_minute": A_DAY_IS_MINUTES,
            "outgoing_loopback": True,
        }

    def start(self, stack: Stack) -> Sequence[Record]:
        """Start them; nobody waits here until they listen."""
        callback = f"{stack.http_url}/api/v1/callbacks/sms/{self.callback_key}"
        env = {**stack.plan.env, "SHILIU_PROVIDERS_SECRET": self.secret, "SHILIU_PROVIDERS_CALLBACK": callback}
        ports = ("--port", str(self.providers_port), "--mail-port", str(self.mail_port))
        processes = Processes.of(stack.root)

        def run(name: str, port: int, ready: str, *arguments: str) -> Record:
            command = [sys.executable, "-m", "deploy.cli", name, *arguments]
            url = f"http://{HOST}:{port}{ready}"
            return processes.start(name, command, env, cwd=PROJECT, port=port, ready_url=url)

        return (
            run("providers", self.providers_port, "/held", *ports),
            run("receiver", self.receiver_port, "/heard", "--port", str(self.receiver_port)),
        )

    async def held(self) -> Json:
        """What the providers were given, by way."""
        return await _asked("GET", f"{self.providers_url}/held")

    async def reply(self, phone: str, words: str) -> int:
        """Somebody writes back to an SMS; the status with which the platform took it."""
        said = {"phone": phone, "content": words}
        return int((await _asked("POST", f"{self.providers_url}/reply", said))["status"])

    async def heard(self) -> Json:
        """What the other system took, and how much of what came was not rightly signed."""
        return await _asked("GET", f"http://{HOST}:{self.receiver_port}/heard")

    async def verify_by(self, secret: str) -> None:
        """The other system knows by which secret it is told."""
        await _asked("POST", f"http://{HOST}:{self.receiver_port}/secrets", {"secrets": [secret]})


async def _asked(method: str, url: str, said: Json | None = None) -> Json:
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=ASK_SECONDS)) as http,
            http.request(method, url, json=said, raise_for_status=True) as answer,
        ):
            found: Json = await answer.json()
            return found
    except (ClientError, TimeoutError) as problem:
        raise StoryError(f"what is played beside the stack does not answer: {problem}") from problem
