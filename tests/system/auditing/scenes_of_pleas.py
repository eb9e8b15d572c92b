"""Two who wrote by SMS: one who was answered late, and one who waits."""

from dataclasses import replace

from chassis.ids import new_id
from contracts.actor import Role, notify_actor
from contracts.commands.pleas import TakePlea
from tests.builders import COMMUNITY, a_meta, an_actor
from tests.system.auditing.house import House

OFFICER = an_actor(Role.DUTY, account_id="a-grid-officer")


def wrote(house: House, phone: str, text: str) -> str:
    """What came from a phone; the plea that it is."""
    meta = replace(a_meta(notify_actor(COMMUNITY), f"text-{phone}"), created_id=new_id())
    taken = house.call(TakePlea(phone=phone, text=text, sequence=f"s-{phone}", community_id=COMMUNITY), meta)
    house.run()
    return str(taken.result["plea_id"])


def wrote_for_help(house: House) -> None:
    """Nobody answered the one in time, the other came just now."""
    answered = wrote(house, "13800138001", "我摔倒了 起不来")
    house.elapse(minutes=40)
    house.post(OFFICER, f"/pleas/{answered}/handled", {"outcome": "rescue"})
    wrote(house, "13800138002", "请给我打个电话")
