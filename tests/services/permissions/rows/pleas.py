"""What somebody wrote by SMS: brought by notify, read and answered by staff of the community."""

from typing import Any

from contracts.actor import notify_actor
from contracts.commands import Call
from contracts.commands.pleas import TakePlea
from tests.builders import COMMUNITY, a_meta
from tests.services.permissions.people import Case
from tests.services.permissions.row import Row, listed
from tests.services.permissions.town import Town

ONE = "/api/v1/pleas/<plea_id>"


def _came_in(town: Town, **body: Any) -> Case:
    number = town.number()
    command = TakePlea(phone=f"0000009{number:04d}", text="我妈摔了", sequence=f"push-{number}", community_id=COMMUNITY)
    meta = a_meta(notify_actor(COMMUNITY), command_id=f"plea-{number}", created_id=f"plea-{number}")
    plea = town.parts["tickets"].app.pleas_in.take(Call(command, meta)).result["plea_id"]
    town.run()
    return Case(path={"plea_id": plea}, body=body, found=plea)


ROWS = (
    listed("GET /api/v1/pleas", _came_in),
    Row(f"POST {ONE}/reveals", _came_in),
    Row(f"POST {ONE}/handled", lambda town: _came_in(town, outcome="answered")),
)
