"""The demo from stack to summary: the community, the story, the everyday orders behind it, the audit."""

import asyncio
import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from time import sleep
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from contracts.words import Text
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from deploy.demo import background
from deploy.demo.beside import Beside
from deploy.demo.counter import counter
from deploy.demo.danger import danger
from deploy.demo.how_told import how_told
from deploy.demo.nobody import nobody_takes_it
from deploy.demo.on_the_spot import on_the_spot
from deploy.demo.one_lamp import one_lamp
from deploy.demo.phone_call import next_day_call, phone_call
from deploy.demo.scenes import Theatre, read_script, wish
from deploy.demo.telling import Teller
from deploy.demo.without_a_smartphone import without_a_smartphone
from deploy.simulate.client import Api
from deploy.simulate.crowd import crowd_of
from deploy.simulate.pace import Pace
from deploy.simulate.progress import shown
from deploy.simulate.report import Account, account_for
from deploy.simulate.stage import Cast, NewAccount, Stage, open_accounts
from deploy.simulate.temper import Temper
from deploy.simulate.world import World

DATA = Path(__file__).parent / "data"
COMMUNITY = "shiliuli"
ZONE = "Asia/Shanghai"
OPENS = time(8)
"""The story begins at eight in the morning, local time."""
DESK = "demo-desk"
SECRETARY = "S01"
CHIEF, BLOCK = "zongquzhang", "slc-hs-centre"
"""The chief of all blocks is of the subdistrict: no member of the community, but with an account here."""
MEMBERS = 212
IN_FLIGHT = 60
PATIENCE = 240.0
"""Real seconds without an order placed or ended after which the demo says that it is stuck: a night fits in."""
LOGINS = {"linxiaomei": "老人的女儿 the elder's daughter", "v002": "志愿者 volunteer", "g01": "网格员 grid officer"} | {
    "s01": "书记 secretary"
}

Say = Callable[[Text], None]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the demo was asked for."""

    orders: int
    speed: float
    seed: int
    pauses: bool


def morning_after(now: datetime) -> datetime:
    """Eight in the morning of the community's day that *now* is in, or of the next if that has passed."""
    local = now.astimezone(ZoneInfo(ZONE))
    today = datetime.combine(local.date(), OPENS, local.tzinfo)
    return today if today >= local else today + timedelta(days=1)


def set_stage(stage: Stage, say: Say) -> Cast:
    """The community, its members and its accounts, new or as they were; who acts with which token."""
    say(Text("导入石榴里社区", "importing the community"))
    stage.import_community(DATA, COMMUNITY)
    admin = stage.open_admin(COMMUNITY)
    say(Text("开账号", "opening accounts"))
    cast = stage.badges([], MEMBERS)
    asyncio.run(_open_accounts(stage, admin, cast))
    return stage.badges([*_residents(), DESK, CHIEF], MEMBERS)


def play(
    stage: Stage, cast: Cast, beside: Beside, wanted: Wanted, morning: datetime, console: Console
) -> tuple[Account, World]:
    """From *morning* on the story, then the everyday orders; counted from the databases. Raises StoryError, Stuck."""
    sleep(max(0.0, (morning - stage.business_now()).total_seconds() / wanted.speed))
    since = stage.business_now()
    world = asyncio.run(_live(stage, cast, beside, wanted, console))
    settings = stage.stack.settings()
    with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
        return account_for(databases, Scope(COMMUNITY, since), wanted.speed), world


def _residents() -> list[str]:
    with (DATA / "residents.csv").open(encoding="utf-8", newline="") as file:
        return [row["login"] for row in csv.DictReader(file)]


async def _open_accounts(stage: Stage, admin: str, cast: Cast) -> None:
    member_ids = {name: badge.member_id for name, badge in cast.members.items() if badge.member_id is not None}
    wanted = [NewAccount(DESK, ("dispatcher",)), NewAccount(CHIEF, ("chief_of_blocks",), area_id=BLOCK)]
    for login in _residents():
        wanted.append(NewAccount(login, password=stage.password(login) if login in LOGINS else None))
    for login in LOGINS:
        if login.upper() in member_ids:
            wanted.append(NewAccount(login, (), stage.password(login), login.upper()))
    async with Api(stage.stack.http_url) as api:
        await open_accounts(await api.sign_in(admin, stage.password(admin)), wanted, member_ids)


async def told_of(stage: Stage, cast: Cast, beside: Beside) -> Table:
    """How people and systems were told, as the platform says it to the secretary."""
    async with Api(stage.stack.http_url) as api:
        return await how_told(cast.caller(api, SECRETARY), beside)


async def _live(stage: Stage, cast: Cast, beside: Beside, wanted: Wanted, console: Console) -> World:
    pace = Pace(wanted.speed)
    teller = Teller(console, stage.business_now, ZONE, pauses=wanted.pauses)
    async with Api(stage.stack.http_url) as api:
        theatre = Theatre(api, cast, teller, pace, read_script(), beside)
        world = World(api, pace, Temper(), wanted.seed, attention=10 / MEMBERS)
        called = await phone_call(theatre)
        world.called_by_others.add(called)
        await without_a_smartphone(theatre)
        await wish(theatre)
        await on_the_spot(theatre)
        await one_lamp(theatre)
        await counter(theatre)
        await danger(theatre)
        await nobody_takes_it(theatre)
        await teller.title("平常的一天", "An ordinary day")
        callback = asyncio.create_task(next_day_call(theatre, called))
        try:
            await _ordinary_day(stage, world, cast, wanted)
            await callback
        finally:
            callback.cancel()
        return world


async def _ordinary_day(stage: Stage, world: World, cast: Cast, wanted: Wanted) -> None:
    crowd = crowd_of(world, cast, DESK)
    names = [resident.name for resident in crowd.residents]
    homes = {home.login: home for home in background.homes(DATA / "residents.csv")}
    at_home = [homes[name] for name in names if name in homes]
    crowd.residents = [resident for resident in crowd.residents if resident.name in homes]
    run = stage.business_now().strftime("%y%m%d%H%M")
    choice = background.offers(DATA / "catalogue.yaml")
    with shown(world.track, wanted.orders):
        back = (stage.business_now() + timedelta(days=7)).date()
        orders = background.orders(run, wanted.orders, wanted.seed, at_home, choice, back)
        await crowd.run(orders, in_flight=IN_FLIGHT, patience=PATIENCE)
