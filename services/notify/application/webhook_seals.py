"""What of an endpoint is sealed, each text bound to its place and all of them to the endpoint's owner."""

from contracts.errors import Refused
from contracts.words import Text
from services.notify.application.webhook_ports import Seals
from services.notify.application.webhook_rows import Words
from services.notify.domain.endpoint import Endpoint


def url_context(endpoint_id: str) -> str:
    """What the sealed address is bound to."""
    return f"webhook_endpoints/{endpoint_id}/url"


def secret_context(endpoint_id: str) -> str:
    """What its sealed secrets are bound to."""
    return f"webhook_endpoints/{endpoint_id}/secret"


def description_context(endpoint_id: str) -> str:
    """What its sealed description is bound to."""
    return f"webhook_endpoints/{endpoint_id}/description"


def reason_context(endpoint_id: str) -> str:
    """What the sealed reason of its halt is bound to."""
    return f"webhook_endpoints/{endpoint_id}/halt"


def sealed(seals: Seals, owner: str, text: str, context: str) -> bytes:
    """Raises Refused where the owner was erased."""
    blob = seals.try_seal(owner, text, context)
    if blob is None:
        raise Refused("person-erased", Text("资料已按要求删除", "the data of this account was erased"))
    return blob


def words_of(seals: Seals, endpoint: Endpoint) -> Words:
    """Opened, as far as there is anything to open."""
    reason = None if endpoint.halt is None else endpoint.halt.reason
    return Words(
        url=seals.try_open(endpoint.url, url_context(endpoint.id)),
        description=seals.try_open(endpoint.description, description_context(endpoint.id)),
        reason=seals.try_open(reason, reason_context(endpoint.id)),
    )
