"""Pictures with orders."""

from dataclasses import replace
from io import BytesIO

from PIL import Image

from tests.builders import a_member_actor
from tests.services.permissions.people import WORKER, Case
from tests.services.permissions.row import Row
from tests.services.permissions.rows.orders import REASON, climbed, sent
from tests.services.permissions.town import Town

PICTURES = "/api/v1/tickets/<ticket_id>/pictures"
ONE = f"{PICTURES}/<picture_id>"


def a_jpeg() -> bytes:
    """A small red square."""
    written = BytesIO()
    Image.new("RGB", (8, 8), "red").save(written, "JPEG")
    return written.getvalue()


def _with_one_to_send(town: Town) -> Case:
    return replace(climbed(town), body=a_jpeg(), query="?kind=thing")


def _pictured(town: Town) -> Case:
    """An order of which the worker has sent a picture."""
    case = _with_one_to_send(town)
    path = f"/api/v1/tickets/{case.path['ticket_id']}/pictures{case.query}"
    worker = replace(a_member_actor(WORKER), account_id=f"m-{WORKER}")
    response = town.ask("POST", path, worker, case.body)
    assert response.status_code == 201, response.text
    return replace(case, path={**case.path, "picture_id": response.json["id"]}, body=None, query="")


ROWS = (
    Row(f"POST {PICTURES}", _with_one_to_send),
    Row(f"GET {PICTURES}", _pictured),
    Row(f"GET {ONE}", _pictured),
    Row(f"GET {ONE}/thumbnail", _pictured),
    Row(f"POST {ONE}/reveals", sent(_pictured, REASON)),
    Row(f"POST {ONE}/remove", _pictured),
)
