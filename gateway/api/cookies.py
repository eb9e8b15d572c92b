"""The refresh token in a cookie, for browsers: no script reads it, no other site sends it, no form of others' uses it.

The cookie is HttpOnly and SameSite=Strict and goes only to the session routes. Against a page of a neighbouring site
(SameSite knows no ports and no sub-domains) what it does also needs a token in a header that only our own pages can
read (double submit; it is bound to the session), and an ``Origin``, where one is sent, that is our own.
"""

import hmac
from urllib.parse import urlsplit

from flask import Response, request

from contracts.words import Text
from gateway.api.desk import desk
from gateway.api.problems import Problem
from gateway.identity.identity import Issued
from gateway.identity.tokens import BadToken

REFRESH, FORM = "shiliu_refresh", "shiliu_csrf"
HEADER = "X-CSRF-Token"
PATH = "/api/v1/sessions"


def put(response: Response, issued: Issued) -> None:
    """Send the session's cookies with *response*."""
    seconds = max(0, round(issued.session.ends_at.timestamp() - desk().now()))
    form = desk().tokens.form_token(issued.session.id)
    _set(response, REFRESH, issued.refresh, seconds, PATH, httponly=True)
    _set(response, FORM, form, seconds, "/", httponly=False)


def clear(response: Response) -> None:
    """Take the cookies away, where the browser sent one."""
    if REFRESH in request.cookies or FORM in request.cookies:
        _set(response, REFRESH, "", 0, PATH, httponly=True)
        _set(response, FORM, "", 0, "/", httponly=False)


def refresh_token() -> str | None:
    """The refresh token in the request's cookie, None without one.

    Raises Problem 403 where the request did not come from a page of ours.
    """
    token = request.cookies.get(REFRESH)
    if token is None:
        return None
    if not _is_ours(token):
        raise Problem(
            403,
            "csrf",
            Text(f"缺少或不对的 {HEADER} 请求头", f"the header {HEADER} is missing or wrong, or the page is not ours"),
        )
    return token


def _is_ours(token: str) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None and not _is_here(origin):
        return False
    try:
        session = desk().tokens.read_refresh(token).session
    except BadToken:
        return True  # not a session of ours any more: that is what the answer will say
    offered = request.headers.get(HEADER, "")
    return hmac.compare_digest(offered.encode(), desk().tokens.form_token(session).encode())


def _is_here(origin: str) -> bool:
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def _set(response: Response, name: str, value: str, seconds: int, path: str, *, httponly: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=desk().settings.cookie_secure,
        httponly=httponly,
        samesite="Strict",
    )
