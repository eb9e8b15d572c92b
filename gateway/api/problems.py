"""Every refusal as a problem document (RFC 9457): in Chinese, with English beside it, naming fields where it can."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from chassis.ids import new_id
from chassis.logging import get_logger
from chassis.outage import come_again, is_outage
from chassis.rpc_client import ServiceFault
from contracts.errors import Busy, Conflict, DomainError, Invalid, KeyReused, NotFound, Refused, TooLate
from contracts.words import Text
from gateway.api.field_errors import FieldError, field_errors

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER = "1"
MOST_ERRORS = 50
"""Told of one request: a small body can be wrong in many thousand ways, and an answer must not grow with them."""
STATUS: Mapping[str, int] = {
    Invalid.kind: 422,
    NotFound.kind: 404,
    Refused.kind: 403,
    Conflict.kind: 409,
    KeyReused.kind: 422,
    Busy.kind: 503,
    TooLate.kind: 504,
}
TITLES: Mapping[int, Text] = {
    400: Text("请求看不懂", "The request cannot be read"),
    401: Text("请先登录", "Please sign in"),
    403: Text("您没有这个权限", "You may not do this"),
    404: Text("没有找到", "Not found"),
    405: Text("这里不能这样做", "This method is not possible here"),
    409: Text("现在办不了", "Not possible in the present state"),
    408: Text("请求发送得太慢", "The request came too slowly"),
    412: Text("内容已经变了", "It was changed meanwhile"),
    413: Text("内容太大", "The request is too large"),
    415: Text("请用 JSON", "JSON is needed"),
    416: Text("没有这一段", "There is no such part"),
    428: Text("请说明您看到的是哪一版", "Say which version you saw"),
    422: Text("请求内容不对", "The request breaks a rule"),
    429: Text("请稍等再试", "Too many tries"),
    500: Text("系统出错了", "Something went wrong here"),
    503: Text("请稍后再试", "Please try again in a moment"),
    504: Text("结果还不知道", "The outcome is unknown"),
}
_CODES = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 413: "too-large", 422: "invalid-request"}

log = get_logger(__name__)


@dataclass
class Problem(Exception):
    """A refusal of the gateway itself."""

    status: int
    code: str
    detail: Text
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def register(app: Flask) -> None:
    """Answer every error of *app* with a problem document."""
    app.register_error_handler(Problem, respond)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ServiceFault, _fault)
    app.register_error_handler(Exception, _unexpected)


def respond(problem: Problem) -> Response:
    """The problem document of one refusal."""
    title = TITLES.get(problem.status, TITLES[400])
    body: dict[str, Any] = {
        "type": f"urn:shiliu:problem:{problem.code}",
        "title": title.zh,
        "title_en": title.en,
        "status": problem.status,
        "detail": problem.detail.zh,
        "detail_en": problem.detail.en,
        "code": problem.code,
    }
    if "correlation_id" in g:
        body["instance"] = f"urn:shiliu:request:{g.correlation_id}"
    if problem.errors:
        body["errors"] = [error.document() for error in problem.errors[:MOST_ERRORS]]
    response = Response(json.dumps(body), problem.status, content_type=CONTENT_TYPE)
    response.headers.update(problem.headers)
    return response


def _refused(error: DomainError) -> Response:
    errors = () if error.field is None else (FieldError(error.field, "body", error.sentence),)
    headers = {"Retry-After": RETRY_AFTER} if isinstance(error, Busy) else {}
    return respond(Problem(STATUS[error.kind], error.code, error.sentence, errors, headers))


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    headers: dict[str, str] = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    errors = tuple(islice(_errors_of(error), MOST_ERRORS))
    code = "bad-json" if status == 400 and errors else _CODES.get(status, "refused")
    return respond(Problem(status, code, TITLES.get(status, TITLES[400]), errors, headers))


def _errors_of(error: HTTPException) -> Iterable[FieldError]:
    data: Mapping[str, Any] = getattr(error, "data", None) or {}
    return field_errors(data.get("messages", {}))


def _fault(error: ServiceFault) -> Response:
    return _internal(error.id)


def _unexpected(error: Exception) -> Response:
    if is_outage(error):
        log.warning("http.database_away", error=type(error).__name__)
        return _refused(come_again())
    fault = new_id()
    log.error("http.failed", fault=fault, exc_info=error)
    return _internal(fault)


def _internal(fault: str) -> Response:
    return respond(Problem(500, "internal", Text(f"编号 {fault},请告诉社区", f"please quote {fault} to the community")))
