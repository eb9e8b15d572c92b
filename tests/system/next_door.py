"""Two small communities beside the demo's: no members, one counter item each, and a block over parts of two."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from chassis.yaml_text import read_yaml
from deploy.demo.play import DATA
from deploy.demo.watching import until
from deploy.simulate.client import Api, Caller, Refusal
from deploy.simulate.stage import Badge, NewAccount, Stage, open_accounts
from deploy.stack.operators import TICKETS
from tests.services.tickets.kit import MOMENT_IN_DAYS

DEMO_GRID, DEMO_HOME = "sll-g3", "xueyuan-1-2"
"""The part of the demo's community that the block covers, and a home in it."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A community: its words, who has an account in it, and what it says other than the demo's."""

    id: str
    prefix: str
    area: str
    zh: str
    en: str
    figures: Mapping[str, Any]
    block: str | None = None

    @property
    def grid(self) -> str:
        """Its only grid."""
        return f"{self.area}-g1"

    @property
    def home(self) -> str:
        """Its only building."""
        return f"{self.area}-1"

    @property
    def item(self) -> str:
        """Its only item."""
        return f"{self.area}-counter"

    def login(self, who: str) -> str:
        """The login of its resident, clerk, colleague or chief."""
        return f"{self.area}-{who}"

    def order(self, description: str) -> dict[str, Any]:
        """Its item, at its building."""
        return {"item_id": self.item, "area_id": self.home, "description": description}


ASKING = Neighbour(
    id="liuyinli",
    prefix="LY",
    area="lyl",
    zh="柳荫里社区",
    en="Liuyinli Community",
    figures={"callbacks": {"ratio": 1.0, "reopen_days": 15}},
    block="slc-hs-east",
)
"""Every order is drawn for an independent callback."""
IMPATIENT = Neighbour(
    id="tonghuali",
    prefix="TH",
    area="thl",
    zh="桐花里社区",
    en="Tonghuali Community",
    figures={
        "callbacks": {"ratio": 0.0, "reopen_days": 15},
        "silence_days": MOMENT_IN_DAYS,
        "callback_days": MOMENT_IN_DAYS,
    },
)
"""Silence confirms, and a call is late, as soon as an order is completed; none is drawn."""
NEIGHBOURS = (ASKING, IMPATIENT)


def move_in(stage: Stage, folder: Path) -> Mapping[str, Badge]:
    """Import both as the demo's community was, and open their accounts; who they are to the API."""
    for one in NEIGHBOURS:
        _write(one, folder / one.id)
    with ThreadPoolExecutor() as side_by_side:
        imports = [side_by_side.submit(_import, stage, folder / one.id) for one in NEIGHBOURS]
        admins = [stage.open_admin(one.id) for one in NEIGHBOURS]
        for done in imports:
            done.result()
    wanted = [_accounts(one) for one in NEIGHBOURS]
    asyncio.run(_open(stage, dict(zip(admins, wanted, strict=True))))
    return stage.badges([account.login for some in wanted for account in some], 0).accounts


def _import(stage: Stage, folder: Path) -> None:
    done = stage.stack.run(TICKETS, "import", str(folder), capture=True)
    assert done.returncode == 0, done.stderr


def _write(one: Neighbour, folder: Path) -> None:
    """Its three files, made of the demo's."""
    folder.mkdir()
    named = {"zh": one.zh, "en": one.en}
    figures = read_yaml((DATA / "community.yaml").read_text(encoding="utf-8")) | one.figures
    figures |= {"id": one.id, "name": named, "prefix": one.prefix, "area": one.area}
    catalogue = read_yaml((DATA / "catalogue.yaml").read_text(encoding="utf-8"))
    (item,) = (item for item in catalogue["items"] if item["id"] == "one-stop-counter")
    item |= {"id": one.item, "questions": [], "businesses": [], "skills": []}
    areas = [_area(one.area, "slc-hs", "community", named)]
    areas += [_area(one.grid, one.area, "grid", named), _area(one.home, one.grid, "building", named)]
    if one.block is not None:
        areas.append(_area(one.block, "slc-hs", "block", named, covers=[DEMO_GRID, one.grid]))
    files = {
        "community.yaml": figures,
        "areas.geojson": {"type": "FeatureCollection", "features": areas},
        "catalogue.yaml": catalogue | {"items": [item]},
    }
    for name, data in files.items():
        text = yaml.safe_dump(data, allow_unicode=True) if name.endswith("yaml") else json.dumps(data)
        (folder / name).write_text(text, encoding="utf-8")


def _area(id: str, parent: str, kind: str, name: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"id": id, "parent": parent, "kind": kind, "name": name, **more},
        "geometry": None,
    }


def _accounts(one: Neighbour) -> Sequence[NewAccount]:
    """A resident, two at the desk, and where there is a block its chief."""
    wanted = [NewAccount(one.login("resident"))]
    wanted += [NewAccount(one.login(who), ("dispatcher",)) for who in ("clerk", "colleague")]
    chief = [] if one.block is None else [NewAccount(one.login("chief"), ("block_chief",), area_id=one.block)]
    return wanted + chief


async def _open(stage: Stage, wanted: Mapping[str, Sequence[NewAccount]]) -> None:
    """Each community's admin opens its accounts, once the block is known where accounts are kept."""
    async with Api(stage.stack.http_url) as api:
        for admin, accounts in wanted.items():
            caller = await api.sign_in(admin, stage.password(admin))
            await until(partial(_opened, caller, accounts), f"the accounts that {admin} opens")


async def _opened(admin: Caller, wanted: Sequence[NewAccount]) -> bool:
    try:
        await open_accounts(admin, wanted, {})
    except Refusal as refusal:
        if refusal.code != "no-such-area":
            raise
        return False
    return True
