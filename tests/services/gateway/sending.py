"""Pictures as a telephone sends them."""

from io import BytesIO
from typing import Any

from PIL import Image

from contracts.actor import Actor
from tests.builders import TICKET_ID
from tests.fakes.rpc import FakeRpc
from tests.services.gateway.api import Api


def a_jpeg(colour: str = "red", size: tuple[int, int] = (9, 6), **options: Any) -> bytes:
    """A picture of one colour."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG", **options)
    return written.getvalue()


def send_picture(api: Api, rpc: FakeRpc, who: Actor, kind: str, more: str = "") -> str:
    """Tickets admits it as one of the crew, and it is kept; its id."""
    rpc.will("tickets.admit_picture", {"relation": "assignee", "subject": "p-chen"})
    path = f"/api/v1/tickets/{TICKET_ID}/pictures?kind={kind}{more}"
    sent = api.client.post(path, headers=api.headers(who), data=a_jpeg(), content_type="image/jpeg")
    assert sent.status_code == 201, sent.text
    return str(sent.json["id"])
