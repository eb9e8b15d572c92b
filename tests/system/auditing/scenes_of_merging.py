"""Two neighbours, one tap: one order is done for both, and one of them is not content."""

from collections.abc import Callable

from contracts.actor import Actor, Role
from tests.builders import an_actor
from tests.system.auditing.house import House

NEIGHBOUR = an_actor(Role.RESIDENT, account_id="a-neighbour")
DISPATCHER = an_actor(Role.DISPATCHER)
HAPPY = {"answer": "satisfied", "solved": True}


def one_for_two(house: House, place: Callable[[Actor], str], take: Callable[[str], Actor]) -> dict[str, str]:
    """*place* orders, *take* has a member accept: both to their end; gives their ids."""
    requester = an_actor(Role.RESIDENT)
    primary, merged, apart = place(requester), place(NEIGHBOUR), place(NEIGHBOUR)
    member = take(primary)
    for order in (merged, apart):
        house.post(DISPATCHER, f"/tickets/{order}/merge", {"into": primary})
    house.post(DISPATCHER, f"/tickets/{apart}/split")
    house.post(NEIGHBOUR, f"/tickets/{apart}/cancel", {"reason_code": "no_longer_needed"})
    house.post(member, f"/tickets/{primary}/complete", {"result": "solved"})
    house.post(requester, f"/tickets/{primary}/confirm", HAPPY)
    house.post(NEIGHBOUR, f"/tickets/{merged}/rework", {"note": "还在滴"})
    house.post(member, f"/tickets/{primary}/complete", {"result": "solved"})
    house.post(NEIGHBOUR, f"/tickets/{merged}/confirm", HAPPY)
    return {"primary": primary, "merged": merged, "apart": apart}
