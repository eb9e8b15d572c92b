"""Why somebody did, or did not, get a message; and how punctually messages went out."""

from typing import Any

from contracts.commands.notify import ReadMyNotices, ReadPunctuality
from gateway.api.answers import answer
from gateway.api.bodies import resource
from gateway.api.commanding import ask
from gateway.api.gate import requires
from gateway.api.inbox import reader_locale
from gateway.api.notice_schemas import NOTICES, PUNCTUALITY, AboutQuery, DaysQuery
from gateway.identity.permissions import Permission

blueprint = resource("notices", "通知 / notices")


@blueprint.route("/me/notices", methods=["GET"])
@requires(Permission.READ_INBOX)
@blueprint.arguments(AboutQuery, location="query")
@blueprint.response(200, NOTICES)
def list_own(query: dict[str, Any]) -> Any:
    """Why did I, or did I not, get this? One sentence for each of your messages about an order."""
    return answer(ask(ReadMyNotices(ticket_id=query["about"], locale=reader_locale())).result)


@blueprint.route("/notices/punctuality", methods=["GET"])
@requires(Permission.READ_DELIVERIES)
@blueprint.arguments(DaysQuery, location="query")
@blueprint.response(200, PUNCTUALITY)
def punctuality(query: dict[str, Any]) -> Any:
    """The share of messages that went out within ten seconds of being due, by way and day."""
    return answer(ask(ReadPunctuality(days=query["days"])).result)
