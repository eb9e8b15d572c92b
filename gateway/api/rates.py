"""Rate limits at the door: every request counts for its address, and for the account once that is known.

Headers: draft-ietf-httpapi-ratelimit-headers-10 (RateLimit-Policy, RateLimit), RFC 9110 (Retry-After), RFC 6585 (429).
"""

from collections.abc import Mapping

from flask import Flask, Response, current_app, g, request

from contracts.actor import Actor
from contracts.words import Text
from gateway.api.desk import desk
from gateway.api.marks import CLASS, FILES, MARK
from gateway.api.problems import Problem
from gateway.identity.permissions import Permission
from gateway.limits.limiter import Key
from gateway.limits.policy import Quota, Quotas, RouteClass
from gateway.limits.window import Standing

_ASKS = frozenset({"GET", "HEAD", "OPTIONS"})
COUNTED = "shiliu.rates"
"""In the environ of a request that was counted already, when it asked whether its body may come: how it stood."""
_WORDS = Text("请求太频繁了,请稍后再试", "too many requests: please try again later")


def class_of(app: Flask, endpoint: str | None, method: str) -> RouteClass | None:
    """The class of a route; None for those without limit (is this process well?)."""
    view = None if endpoint is None else app.view_functions.get(endpoint)
    given = getattr(view, CLASS, None)
    if given is not None:
        return RouteClass(given) if given else None
    if method in _ASKS:
        return RouteClass.READ
    if getattr(view, FILES, False):
        return RouteClass.UPLOAD
    return RouteClass.SIGN_IN if getattr(view, MARK, None) is Permission.OPEN else RouteClass.WRITE


def count_address() -> None:
    """One request from this address; raises Problem 429 when it is one too many."""
    g.rates = request.environ.get(COUNTED, [])
    if COUNTED in request.environ:
        return
    g.rate_class = kind = class_of(current_app, request.endpoint, request.method)
    address: str = request.environ.get("shiliu.address", "")
    if kind is not None and address and not request.environ.get("shiliu.free"):
        _count("address", kind, ("address", address), desk().limits.address)


def count_account(who: Actor) -> None:
    """One request of this account."""
    kind = g.get("rate_class")
    if kind is not None and not request.environ.get("shiliu.free"):
        _count("account", kind, ("account", who.community_id, who.account_id), desk().limits.account)


def count_place(who: Actor, area_id: str) -> None:
    """One more place about which this account asks what is known there; one it has asked about lately is none.

    Raises Problem 429 where that is one too many.
    """
    kind, limits = RouteClass.PLACES, desk().limits
    quota = limits.account.get(kind)
    if quota is None or request.environ.get("shiliu.free"):
        return
    account, once = (who.community_id, who.account_id), Quota(1, quota.seconds)
    place = ("place", *account, area_id)
    if not limits.limiter.hit(kind, place, once).allowed:
        return
    try:
        _count("account", kind, ("account", *account), limits.account)
    except Problem:
        limits.limiter.take_back(kind, place, once)
        raise


def tell(response: Response) -> Response:
    """Say in the answer how much is left; of several limits the one that is nearest."""
    standings: list[tuple[str, Standing]] = g.get("rates", [])
    if standings:
        response.headers.update(_headers(standings))
    return response


def _count(whose: str, kind: RouteClass, key: Key, quotas: Quotas) -> None:
    quota = quotas.get(kind)
    if quota is None:
        return
    standing = desk().limits.limiter.hit(kind, key, quota)
    g.rates.append((f"{kind.value}-{whose}", standing))
    if not standing.allowed:
        raise Problem(429, "rate-limited", _WORDS, headers={"Retry-After": str(standing.reset)})


def _headers(standings: list[tuple[str, Standing]]) -> Mapping[str, str]:
    name, nearest = min(standings, key=lambda pair: (pair[1].allowed, pair[1].remaining))
    policies = (f'"{named}";q={one.quota.requests};w={one.quota.seconds}' for named, one in standings)
    return {
        "RateLimit-Policy": ", ".join(policies),
        "RateLimit": f'"{name}";r={nearest.remaining};t={nearest.reset}',
    }
