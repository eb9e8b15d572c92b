"""Two reports of suspected harm: one seen through, one that somebody has."""

from contracts.actor import Role
from tests.builders import an_actor
from tests.system.auditing.house import House

OFFICER = an_actor(Role.DUTY, account_id="a-grid-officer")
PROTECTOR = an_actor(Role.PROTECTOR, account_id="a-protector")


def reported(house: House, order: str) -> None:
    """At an order, by an officer of its grid."""
    for kind in ("neglect", "injury"):
        house.post(OFFICER, "/harm-reports", {"kind": kind, "ticket_id": order, "note": "不放心"})
    by_kind = {one["kind"]: one["id"] for one in house.get(PROTECTOR, "/harm-reports")["items"]}
    house.post(PROTECTOR, f"/harm-reports/{by_kind['neglect']}/told", {"whom": "civil_affairs", "number": "0042"})
    house.post(PROTECTOR, f"/harm-reports/{by_kind['neglect']}/close", {"result": "helped"})
    house.post(PROTECTOR, f"/harm-reports/{by_kind['injury']}/acknowledge")
