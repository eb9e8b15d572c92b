"""Who else hears of danger: the group of those on duty, whoever is called, another system; each what is theirs."""

import re

from contracts.events.tickets import TicketAccepted, TicketAssigned, TicketClosed, TicketCompleted
from contracts.groups import GroupAudience, RobotKind
from contracts.words import Text
from deploy.demo.arrived import at_the_other_system, in_the_group, members_by_phone, sms
from deploy.demo.scenes import Theatre
from deploy.demo.watching import Json, StoryError

WHERE = "sll"
HEARD = (TicketAccepted, TicketAssigned, TicketCompleted, TicketClosed)
"""What the other system wants to hear of orders."""
_MARKUP = re.compile(r"<[^>]*>")


async def set_up(theatre: Theatre) -> None:
    """The secretary enters a robot of the group and the address of the other system, in place of earlier ones."""
    script, tell = theatre.script["danger"], theatre.teller
    secretary, beside = theatre.person(script["steps_in"]), theatre.beside
    group, system = Text(**script["group"]), Text(**script["other_system"])
    for path, name, mine in (("/robots", "label", group.zh), ("/webhooks", "description", system.zh)):
        for one in (await secretary.get(path))["items"]:
            if one[name] == mine:
                await secretary.api.send("DELETE", f"{path}/{one['id']}", headers=secretary.headers)
    robot = {"kind": RobotKind.WECOM.value, "audience": GroupAudience.STAFF.value, "categories": ["alarm"]}
    await secretary.post("/robots", {**robot, "label": group.zh, "area_id": WHERE, "key": beside.group_key})
    wanted = {"url": beside.hook, "event_types": [one.TYPE for one in HEARD], "description": system.zh}
    await beside.verify_by(str((await secretary.post("/webhooks", wanted))["secret"]))
    await tell.say(
        f"书记登记过「{group.zh}」的机器人,也给{system.zh}登记过推送地址(密钥只显示一次)",
        f"the secretary has entered the robot of {group.en}, and where {system.en} is told (its secret is shown once)",
    )


async def they_hear(theatre: Theatre, ticket: Json) -> None:
    """Each as much as is theirs; raises StoryError where one of them learns whose house it is, or what was typed."""
    script, tell = theatre.script["danger"], theatre.teller
    ticket_id, number = str(ticket["id"]), str(ticket["number"])
    group, system = Text(**script["group"]), Text(**script["other_system"])
    read = await in_the_group(theatre, number)
    _masked(theatre, group.zh, read)
    await tell.say(
        f"「{group.zh}」里机器人响了:只有事项、网格、单号",
        f"the robot in {group.en} rings: the item, the grid, the number, and nothing else",
        number,
    )
    await tell.quote(Text(_MARKUP.sub("", read).replace("\n", " "), "urgent: smell of gas, the grid, the number"))
    called = await sms(theatre, "you-are-called", number)
    name = members_by_phone()[called["phone"]]
    await tell.say(
        f"燃气公司的 {name} 手机响了,是短信:急事不等安静时段",
        f"{name} of the gas company gets an SMS: what is urgent waits for no quiet hours",
        number,
    )
    told = await at_the_other_system(theatre, ticket_id)
    _masked(theatre, system.zh, str(told))
    await tell.say(
        f"{system.zh}收到签名的推送,用公开的 standardwebhooks 验过:只有单号和链接",
        f"{system.en} is told, signed; checked by the public standardwebhooks: a number and a link",
        number,
    )


def _masked(theatre: Theatre, reader: str, read: str) -> None:
    script = theatre.script["danger"]
    if any(word in read for word in (script["words"]["zh"], script["area"], script["compound"])):
        raise StoryError(f"{reader} reads more than the item, the grid and the number")
