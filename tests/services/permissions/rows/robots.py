"""Robots of chat groups, and the card of an order for a group that has none."""

from dataclasses import replace
from typing import Any

from contracts.actor import Role
from tests.builders import an_actor
from tests.services.permissions.people import GRID, Case
from tests.services.permissions.row import DONE, Row, listed
from tests.services.permissions.rows.orders import placed
from tests.services.permissions.town import Town

ONE = "/api/v1/robots/<robot_id>"
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary-of-robots")


def _new(_: Town, **body: Any) -> Case:
    said = {"kind": "wecom", "label": "一网格群", "area_id": GRID, "audience": "staff", "key": "k-1", **body}
    return Case(body=said, area=GRID)


def _there(town: Town) -> Case:
    robot = town.do(SECRETARY, "/robots", _new(town).body)
    return Case(path={"robot_id": robot["id"]}, area=GRID, found=robot["id"])


def _seen(town: Town) -> Case:
    return replace(_there(town), body={"label": "新名字"})


ROWS = (
    Row("POST /api/v1/robots", _new, outside=403),
    listed("GET /api/v1/robots", _there),
    Row(f"GET {ONE}", _there),
    Row(f"PATCH {ONE}", _seen, done=DONE | {412}),
    Row(f"DELETE {ONE}", _there),
    Row(f"POST {ONE}/test", _there),
    Row("GET /api/v1/tickets/<ticket_id>/card", placed),
)
