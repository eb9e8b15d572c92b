"""Speaks to the gateway as anybody, plants marks on the way, and remembers every answer that anybody got."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.system.canary.marks import Marks
from tests.system.canary.routes import Json, Operation, operations

TRIES = 12
REFERENCE = ("_id", "_ids", "_no", "[]", "hidden_from", "account_ids")
"""How fields are called that name something else: what is planted there is no such thing."""


@dataclass(frozen=True)
class Answer:
    """What somebody was answered."""

    operation: str
    permission: str
    who: str
    status: int
    text: str
    day: str = ""
    """The part of the day in which it was."""

    @property
    def body(self) -> Any:
        """As JSON, {} where it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return {}


@dataclass
class Witness:
    """One gateway, and everybody's tokens by name ("" is nobody)."""

    url: str
    marks: Marks
    callback_key: str = ""
    """By which the provider of short messages is known."""
    tokens: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    day: str = ""
    entered: set[str] = field(default_factory=set)
    """Places whose marks came in: the request that held them was done."""
    known: dict[str, Operation] = field(default_factory=dict)

    def learn(self) -> None:
        """Read the description of the API."""
        description = json.loads(self.raw("", "GET", "/openapi.json").text)
        self.known = {one.name: one for one in operations(description)}

    def do(self, who: str, route: str, path: Mapping[str, str] | None = None, **given: Any) -> Answer:
        """Send a command that has to work, with a mark in every text field that is not given.

        What is refused by name is sent as a phone number, then left out; what is refused as a whole, without what names
        other things. Fields of objects are given as ``beneficiary__name``.
        """
        named = {name.replace("__", "."): value for name, value in given.items()}
        phones: set[str] = set()
        out: set[str] = set()
        for _ in range(TRIES):
            answer, places = self.send(who, route, path, named, phones, frozenset(out))
            if answer.status < 300:
                self.entered |= set(places.values())
                return answer
            refused = {error["field"].removesuffix("[]") for error in answer.body.get("errors", ())} & places.keys()
            out |= refused & phones
            phones |= refused
            if not refused:
                doubtful = {name for name in places.keys() - out if name.endswith(REFERENCE)}
                assert doubtful, f"{route} as {who}: {answer.status} {answer.text}"
                out |= doubtful
        raise AssertionError(f"{route} as {who} is refused again and again: {answer.text}")

    def send(
        self,
        who: str,
        route: str,
        path: Mapping[str, str] | None,
        given: Mapping[str, Any],
        phones: set[str] | frozenset[str] = frozenset(),
        out: frozenset[str] = frozenset(),
        query: str = "",
    ) -> tuple[Answer, dict[str, str]]:
        """Send it once; the answer, and the place of the mark in each planted field."""
        operation = self.known[route]
        places: dict[str, str] = {}

        def say(name: str) -> str:
            places[name] = f"{route} {name}"
            return self.marks.phone(places[name], who) if name in phones else self.marks.word(places[name], who)

        body = operation.filled(given, say, out)
        address = operation.path
        for name in operation.in_path:
            value = (path or {}).get(name) or self.marks.word(f"{route} {name}", who)
            address = address.replace(f"{{{name}}}", urllib.parse.quote(value, safe=""))
        content = None if operation.method in ("GET", "DELETE") else json.dumps(body).encode()
        answer = self.raw(who, operation.method, address + query, content, operation=operation)
        return answer, places

    def raw(
        self,
        who: str,
        method: str,
        address: str,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        operation: Operation | None = None,
    ) -> Answer:
        """One request, as it is."""
        sent = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"} | dict(headers or {})
        if who:
            sent["Authorization"] = f"Bearer {self.tokens[who]}"
        request = urllib.request.Request(self.url + address, content, sent, method=method)  # noqa: S310  our own gateway
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                status, text = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        name = operation.name if operation else f"{method} {address}"
        permission = operation.permission if operation else ""
        answer = Answer(name, permission, who, status, text.decode("utf-8", "replace"), self.day)
        self.answers.append(answer)
        return answer

    def read(self, who: str, route: str, **path: str) -> Json:
        """Read something that has to be there."""
        answer, _ = self.send(who, route, path, {})
        assert answer.status == 200, f"{route} as {who}: {answer.status} {answer.text}"
        found: Json = answer.body
        return found
