"""A person's messages, rendered when they are read, in their language."""

from typing import Any

from flask import request

from contracts.commands.notify import Acknowledge, MarkRead, ReadInbox
from gateway.api import schemas
from gateway.api.answers import answer
from gateway.api.bodies import InboxQuery, body_of, resource
from gateway.api.commanding import ask, perform
from gateway.api.gate import requires
from gateway.identity.permissions import Permission

blueprint = resource("inbox", "消息 / messages")

DEFAULT_LOCALE = "zh-CN"
MOST_LOCALES, LONGEST_LOCALE = 5, 35


def reader_locale() -> str:
    """The languages in which whoever asks reads, the dearest first, between commas: notify knows what it has."""
    wanted = [tag for tag in request.accept_languages.values() if len(tag) <= LONGEST_LOCALE]
    return ",".join(wanted[:MOST_LOCALES]) or DEFAULT_LOCALE


@blueprint.route("/inbox", methods=["GET"])
@requires(Permission.READ_INBOX)
@blueprint.arguments(InboxQuery, location="query")
@blueprint.response(200, schemas.INBOX)
def read(query: dict[str, Any]) -> Any:
    """Your messages, newest first; in the language that you said (``/me/preferences``), else of ``Accept-Language``,
    else zh-CN; ``dir`` says which way it runs.
    """
    return answer(ask(ReadInbox(cursor=query["cursor"], limit=query["limit"], locale=reader_locale())).result)


@blueprint.route("/inbox/<message_id>/read", methods=["POST"])
@requires(Permission.READ_INBOX)
@blueprint.arguments(body_of(MarkRead, "message_id"))
@blueprint.response(200, schemas.READ)
def mark_read(body: dict[str, Any], message_id: str) -> Any:
    """You have read it."""
    return answer(perform(MarkRead(message_id=message_id, **body)).result)


@blueprint.route("/inbox/<message_id>/acknowledge", methods=["POST"])
@requires(Permission.READ_INBOX)
@blueprint.arguments(body_of(Acknowledge, "message_id"))
@blueprint.response(200, schemas.ACKNOWLEDGED)
def acknowledge(body: dict[str, Any], message_id: str) -> Any:
    """You know: more than having seen it, and reading it, too. Whoever answers for the order sees when, never who."""
    return answer(perform(Acknowledge(message_id=message_id, **body)).result)
