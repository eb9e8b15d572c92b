"""Apprise writes the requests; the house's own client carries them.

Apprise's services open connections by themselves, by ``requests``: at whatever address their host's name has at that
moment, through the proxies of the environment, with checks of certificates that an address can switch off. So each
service that is let in is given this in place of ``requests``: it resolves, checks and connects as everything that goes
to somebody else's server does (``chassis.outgoing``), and follows nothing. Outside of ``carried_by``
it carries nothing.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from apprise.manager_plugins import NotificationManager
from requests.structures import CaseInsensitiveDict

from chassis.outgoing import Failure, Outgoing

_CLIENT: ContextVar[Outgoing] = ContextVar("apprise_client")
_NAME = "requests"
"""What a service of Apprise calls it by, in its own module."""
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
"""Headers of the client's own; an address of Apprise may name headers, but none of these."""


class NotCarried(requests.RequestException):
    """Nothing came back; services of Apprise take it for what it is to them, an error of ``requests``."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)


class Carrier:
    """As much of ``requests`` as services of Apprise use. Whatever they say of proxies, redirects, certificates and
    time is not listened to: that is the client's to know."""

    codes = requests.codes
    RequestException = requests.RequestException

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Any = None,
        data: Any = None,
        auth: Any = None,
        files: Any = None,
        **_not_listened_to: Any,
    ) -> requests.Response:
        """One request. Raises NotCarried, and RequestException for one that cannot be written."""
        asked = requests.Request(method, url, headers=headers, params=params, data=data, auth=auth, files=files)
        written = asked.prepare()
        body = written.body.encode() if isinstance(written.body, str) else written.body or b""
        client = _CLIENT.get(None)
        if client is None or not written.method or not written.url or not isinstance(body, bytes):
            raise NotCarried(Failure.BAD_URL)
        named = {str(name): str(value) for name, value in written.headers.items() if str(name).lower() not in _OURS}
        answer = client.exchange(written.method, written.url, named, body)
        if isinstance(answer, Failure):
            raise NotCarried(answer)
        return _response(answer.status, answer.headers, answer.body)

    def post(self, url: str, **how: Any) -> requests.Response:
        """See ``request``."""
        return self.request("POST", url, **how)

    def get(self, url: str, **how: Any) -> requests.Response:
        """See ``request``."""
        return self.request("GET", url, **how)


_CARRIER = Carrier()


def hand_over(schemes: Iterable[str]) -> None:
    """From now on the services of these schemes send by the carrier alone. Raises RuntimeError for one that cannot."""
    known = NotificationManager()  # type: ignore[no-untyped-call]  # as Apprise has it
    for scheme in schemes:
        module = sys.modules[known[scheme].__module__]
        if getattr(module, _NAME, None) not in (requests, _CARRIER):
            raise RuntimeError(f"Apprise's service for {scheme} sends in a way that is not known here")
        setattr(module, _NAME, _CARRIER)


@contextmanager
def carried_by(client: Outgoing) -> Iterator[None]:
    """Within, services of Apprise send by *client*, in this greenlet."""
    before = _CLIENT.set(client)
    try:
        yield
    finally:
        _CLIENT.reset(before)


def _response(status: int, headers: Mapping[str, str], body: bytes) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.headers = CaseInsensitiveDict(headers)
    response.encoding = "utf-8"
    response._content = body  # the one way to make a Response without a connection; requests' own tests do so
    return response
