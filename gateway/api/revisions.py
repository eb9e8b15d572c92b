"""Changes to what somebody read before: If-Match says which revision they saw."""

from collections.abc import Callable
from typing import Any

from flask import request

from contracts.errors import Conflict
from contracts.words import Text
from gateway.api.field_errors import FieldError
from gateway.api.problems import Problem

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "您看到的那一版(ETag)/ the ETag of what you saw",
}
_CHANGED = "changed-meanwhile"


def etag(revision: object) -> dict[str, str]:
    """The header that says which revision an answer is."""
    return {"ETag": f'"{revision}"'}


def if_match() -> str:
    """The one revision that the request names; raises Problem 428 where it names none."""
    tags = request.if_match.as_set()
    if len(tags) != 1:
        sentence = Text(
            "请加上请求头 If-Match:您看到的那一版的 ETag", "the header If-Match is needed: the ETag of what you saw"
        )
        raise Problem(428, "if-match-needed", sentence, (FieldError("If-Match", "header", sentence),))
    return str(next(iter(tags)))


def if_match_number() -> int:
    """The same where revisions are numbers; a tag that is none is of no revision that ever was."""
    tag = if_match()
    return int(tag) if tag.isascii() and tag.isdigit() and len(tag) < len(str(2**63)) else -1


def guarded(change: Callable[[], Any]) -> Any:
    """What *change* gives; 412 where what it changes is no longer as it was seen."""
    try:
        return change()
    except Conflict as conflict:
        if conflict.code == _CHANGED:
            raise Problem(412, conflict.code, conflict.sentence) from None
        raise
