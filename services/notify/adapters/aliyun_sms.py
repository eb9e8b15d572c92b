"""Short messages by Aliyun's SMS service: SendSms of the API 2017-05-25, one number at a time.

Source: https://help.aliyun.com/document_detail/55284.html. The provider knows no idempotence: what was tried again
after a time-out may arrive twice. What is sent is a template that it approved, filled with values.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Protocol

from chassis.outgoing import Answer, Failure
from chassis.settings import SettingsError
from chassis.target import read_target
from services.notify.adapters.aliyun_answers import WAY, judged
from services.notify.adapters.aliyun_signature import authorization, canonical_query
from services.notify.adapters.verdicts import never, no_answer
from services.notify.application.sending_ports import Address, Letter, Sent
from services.notify.domain.variables import VARIABLES

ACTION, VERSION = "SendSms", "2017-05-25"
ANY = "*"
SAYABLE = frozenset(VARIABLES) | {"title", "body", "number", "code"}
"""What the template of a provider may ask for: the words, and what words may say; ``code`` is a one-time code."""
_SIGN = re.compile(r"^【[^】]*】")


class Exchange(Protocol):
    """The house's HTTP client."""

    def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer | Failure:
        """One request and what came of it."""


@dataclass(frozen=True)
class Approved:
    """A template that the provider approved: its code, and the variables that stand in it."""

    code: str
    variables: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Access:
    """An account at the provider."""

    url: str
    key_id: str
    key_secret: str = field(repr=False)
    sign_name: str


class AliyunSms:
    """A ``Post``. ``now`` is real time, ``nonce`` gives something new each time."""

    def __init__(
        self,
        http: Exchange,
        access: Access,
        templates: Mapping[tuple[str, str], Approved],
        now: Callable[[], datetime],
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._http = http
        self._access = access
        self._templates = templates
        self._now = now
        self._nonce = nonce

    @cached_property
    def _host(self) -> str:
        target = read_target(self._access.url, any_port=True)
        return "" if target is None else target.host_header

    @property
    def way(self) -> str:
        """See ``Post``."""
        return WAY

    def send(self, letter: Letter, address: Address) -> Sent:
        """See ``Post``."""
        filled = self._filled(letter)
        if filled is None:
            return never("sms-no-template").sent()
        code, values = filled
        query = canonical_query(
            {
                "PhoneNumbers": phone_number(address.value),
                "SignName": self._access.sign_name,
                "TemplateCode": code,
                "TemplateParam": json.dumps(values, ensure_ascii=False),
                "OutId": letter.template,
            }
        )
        url = f"{self._access.url.rstrip('/')}/?{query}"
        answer = self._http.exchange("POST", url, self._headers(query))
        if isinstance(answer, Failure):
            return no_answer(answer)
        return judged(answer.json(), answer.status, answer.retry_after)

    def _headers(self, query: str) -> Mapping[str, str]:
        signed = {
            "host": self._host,
            "x-acs-action": ACTION,
            "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
            "x-acs-date": f"{self._now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "x-acs-signature-nonce": self._nonce(),
            "x-acs-version": VERSION,
        }
        proof = authorization(self._access.key_id, self._access.key_secret, "POST", query, signed)
        # The client itself says to which host it speaks.
        return {**{name: value for name, value in signed.items() if name != "host"}, "Authorization": proof}

    def _filled(self, letter: Letter) -> tuple[str, Mapping[str, str]] | None:
        """The closest approved template all of whose variables have a value."""
        said = values_of(letter)
        for name in (letter.template, ANY):
            for locale in (letter.locale, ANY):
                approved = self._templates.get((name, locale))
                if approved is not None and all(said.get(one) for one in approved.variables):
                    return approved.code, {one: said[one] for one in approved.variables}
        return None


def values_of(letter: Letter) -> Mapping[str, str]:
    """What a template of a provider may say of a letter: its words, its number, its coded values in its language.

    The provider puts its own sign before the words.
    """
    language = "zh" if letter.locale.startswith("zh") else "en"
    said = {name: _in_words(value, language) for name, value in letter.params.items()}
    body = _SIGN.sub("", letter.body)
    return {**said, "title": letter.title, "body": body, "number": letter.number}


def _in_words(value: Any, language: str) -> str:
    if isinstance(value, Mapping):
        return str(value.get(language) or "")
    if isinstance(value, list | tuple):
        return ("、" if language == "zh" else ", ").join(_in_words(one, language) for one in value)
    return "" if value is None else str(value)


def phone_number(written: str) -> str:
    """A number as the provider wants it, however it is written: digits, a mainland one without its country's code."""
    digits = "".join(char for char in written if char.isascii() and char.isdecimal())
    for country, length in (("86", 13), ("0086", 15)):
        if len(digits) == length and digits.startswith(f"{country}1"):
            return digits.removeprefix(country)
    return digits


def read_templates(pairs: Sequence[str]) -> Mapping[tuple[str, str], Approved]:
    """``please-help:zh-CN=SMS_1/local+item`` for each; raises SettingsError where one is of another form, or asks for
    what no message says: by such a one nothing could ever be sent.
    """
    found = {}
    for pair in pairs:
        which, _, what = pair.partition("=")
        name, _, locale = which.partition(":")
        code, _, variables = what.partition("/")
        if not name or not code:
            raise SettingsError(
                "SHILIU_SMS_TEMPLATES:要像 please-help:zh-CN=SMS_1234/local+item / has to look like that"
            )
        asked = tuple(part for part in variables.split("+") if part)
        check_sayable("SHILIU_SMS_TEMPLATES", asked)
        found[name, locale or ANY] = Approved(code, asked)
    return found


def check_sayable(variable: str, asked: Sequence[str]) -> None:
    """Raises SettingsError, naming the setting and the first of *asked* that no message ever says."""
    for one in asked:
        if one not in SAYABLE:
            known = ", ".join(sorted(SAYABLE))
            raise SettingsError(f"{variable}:没有变量 {one},能用的有 / no message says {one}; known are: {known}")
