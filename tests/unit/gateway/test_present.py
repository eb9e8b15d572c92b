"""What of an order is shown to whom."""

import pytest

from contracts.actor import Actor, Role
from contracts.upstream import UpstreamCallback
from contracts.words import Answer
from gateway.views import present
from tests.builders import AREA_PATH, COMMUNITY, MEMBER_ID, NOON, TICKET_ID, a_member_actor, an_actor, an_envelope
from tests.builders import a_ticket_snapshot as a_snapshot
from tests.builders_of_upstream import UPSTREAM_BODIES, a_ticket_external

HEARD = UpstreamCallback(answer=Answer.UNSATISFIED, solved=False, at=NOON)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (a_member_actor(MEMBER_ID), False),
        (an_actor(account_id="a-resident"), True),
        (an_actor(Role.DUTY), True),
    ],
)
def test_what_upstream_heard_of_the_work_is_not_for_who_did_it(who: Actor, sees: bool) -> None:
    snapshot = a_snapshot(external=a_ticket_external(callback=HEARD))
    told = an_envelope(UPSTREAM_BODIES[0], snapshot).to_wire()["data"]["snapshot"]
    doc = {
        "_id": TICKET_ID,
        "community_id": COMMUNITY,
        "area_path": list(AREA_PATH),
        "ticket": {**told, "v": 3},
    }
    external = present.ticket(doc, who)["external"]
    assert external["system"] == told["external"]["system"]
    assert (external["callback"] is not None) is sees


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (a_member_actor(MEMBER_ID), None),
        (an_actor(account_id="a-resident"), None),
        (an_actor(Role.DUTY), "a-clerk"),
    ],
)
def test_who_owns_it_is_an_account_to_staff_alone_and_who_had_a_part_in_it_to_nobody(
    who: Actor, sees: str | None
) -> None:
    snapshot = a_snapshot(owner="a-clerk", handlers=("a-clerk", "a-before"), handled_in=("sll-g1",))
    told = an_envelope(UPSTREAM_BODIES[0], snapshot).to_wire()["data"]["snapshot"]
    doc = {"_id": TICKET_ID, "community_id": COMMUNITY, "area_path": list(AREA_PATH), "ticket": {**told, "v": 3}}
    shown = present.ticket(doc, who)
    assert (shown["owner"], shown["owner_office"]) == (sees, None)
    assert not {"handlers", "handled_in"} & shown.keys()
