"""The guard at every route: who asks, and does a role of theirs carry the permission?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from typing import Any

from flask import g, request

from contracts.typed import UNKEEPABLE, is_clean
from contracts.words import Text
from gateway.api.desk import desk
from gateway.api.door import knocks, welcome
from gateway.api.field_errors import FieldError
from gateway.api.marks import FILES, FORM, MARK, View, takes_files
from gateway.api.problems import Problem
from gateway.api.rates import count_account
from gateway.identity.permissions import Permission, allowed
from gateway.identity.tokens import BadToken, Bearer

__all__ = ["FILES", "MARK", "requires", "takes_files"]

_BODIES = frozenset({"POST", "PUT", "PATCH"})
LONGEST_ID = 200
_JSON = "application/json"
_PLAIN = "identity"

OVER = Text("登录已失效,请重新登录", "this token is not valid (any more): please sign in again")
_NONE_TAKEN = Text("这个地址不接受查询参数", "this address takes no query parameters")


def requires(permission: Permission) -> Callable[[View], View]:
    """Let nobody in without *permission*: 401 without a valid token, 403 without a role that carries it.

    Stands below ``route`` and above all others, so that nothing of a request is read for somebody who may not ask.
    """

    def decorate(view: View) -> View:
        takes_query, other = _takes_query(view), getattr(view, FILES, False) or getattr(view, FORM, False)

        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permission is not Permission.OPEN:
                g.bearer = _admit(permission)
                request.environ["shiliu.account"] = g.bearer.actor.account_id
                count_account(g.bearer.actor)
            if request.view_args:
                _check_path(request.view_args.values())
            if request.query_string:
                _check_query(takes_query)
            if request.method in _BODIES:
                _check_kind(other)
            return welcome() if knocks() else view(*args, **kwargs)

        setattr(guarded, MARK, permission)
        return guarded  # type: ignore[return-value]  # same signature, by wraps

    return decorate


def _check_kind(other: bool) -> None:
    """A body is JSON, or a file or form where one may come, and none is packed: the bytes are what they seem to be."""
    if request.headers.get("Content-Encoding", _PLAIN).lower() != _PLAIN:
        unpacked = Text("请不要压缩请求内容", "send the body as it is, not compressed")
        raise Problem(415, "not-compressed", unpacked, headers={"Accept-Encoding": _PLAIN})
    if not other and request.mimetype != _JSON and (knocks() or request.get_data(cache=True)):
        raise Problem(415, "json-needed", Text("请用 application/json 发送", "send application/json"))


def _admit(permission: Permission) -> Bearer:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unknown(Text("请先登录", "please sign in: a bearer token is needed"))
    try:
        bearer = desk().tokens.read(token.strip())
    except BadToken:
        raise _unknown(OVER) from None
    require_standing(bearer)
    if bearer.scopes is not None and permission.value not in bearer.scopes:
        raise Problem(
            403, "out-of-scope", Text("这个接口密钥没有这项权限", f"this client's scopes lack {permission.value}")
        )
    if not allowed(bearer.actor, permission):
        raise Problem(403, "not-permitted", Text("您的角色不能做这件事", "none of your roles permits this"))
    return bearer


def require_standing(bearer: Bearer) -> None:
    """Raises Problem 401 where its session or all tokens of its account were ended."""
    if desk().identity.revocations.holds(bearer):
        raise _unknown(OVER)


def _unknown(sentence: Text) -> Problem:
    return Problem(401, "not-signed-in", sentence, headers={"WWW-Authenticate": 'Bearer realm="shiliu"'})


def _takes_query(view: Any) -> bool:
    documented: Mapping[str, Any] = getattr(view, "_apidoc", {}).get("arguments", {})
    return any(parameter.get("in") == "query" for parameter in documented.get("parameters", ()))


def _check_path(parts: Iterable[Any]) -> None:
    """What is no id of ours is not there; nor is an id with something in it that nobody sees."""
    for part in parts:
        if isinstance(part, str) and (len(part) > LONGEST_ID or UNKEEPABLE.search(part) or not is_clean(part)):
            raise Problem(404, "not-found", Text("没有找到", "there is no such thing, or it is not yours to see"))


def _check_query(takes_query: bool) -> None:
    """Unknown parameters of a route that takes some are its schema's affair; twice the same is nobody's meaning."""
    if not takes_query:
        unknown = Text("没有这个参数", "unknown parameter")
        raise Problem(422, "unknown-parameter", _NONE_TAKEN, tuple(_named(request.args, unknown)))
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        twice = Text("这个参数只能有一个", "this parameter can be given once")
        raise Problem(422, "repeated-parameter", twice, tuple(_named(repeated, twice)))


def _named(names: Iterable[str], sentence: Text) -> Iterator[FieldError]:
    return (FieldError(name, "query", sentence) for name in names)
