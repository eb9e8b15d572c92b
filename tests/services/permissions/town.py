"""The whole house in this process for the walk: a small town, and requests to it as anybody."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pymongo import MongoClient

from chassis.migrations import migrate
from chassis.settings import Settings
from contracts.actor import Actor
from contracts.decisions import Decided
from contracts.events.masters import (
    AreaPublished,
    CatalogueItemPublished,
    CommunityPublished,
    MemberPublished,
    TeamPublished,
)
from contracts.words import Text
from deploy.simulate.journal import Journal
from services.tickets.adapters.codecs import AreaCodec, CommunityCodec, ItemCodec
from services.volunteers.adapters.codecs import MemberCodec, TeamCodec
from services.volunteers.domain.team import Team
from tests.builders import COMMUNITY, a_meta
from tests.services.permissions.people import BLOCK, GAS, GASMAN, GRID, OTHER_GRID, WORKER, Case, items, members
from tests.system.auditing.house import BUILD, House
from tests.unit.tickets.builders import a_building, a_community, a_grid, a_street

Document = dict[str, Any]

OWNED = {
    "tickets": None,
    "volunteers": None,
    "notify": None,
    "gateway": (
        "accounts",
        "tickets",
        "offers",
        "areas",
        "items",
        "members",
        "teams",
        "people",
        "stream",
        "pictures",
        "attachments.files",
    ),
}
"""Where a refused request must leave no trace: whole databases, or these collections of one."""

ENOUGH = 10_000
"""Offers a day: here the same few are asked again and again."""


class Town(House):
    """The services in this process; ``ask`` is one request, as anybody or signed out."""

    def __init__(self, settings: Settings, journal: Journal) -> None:
        super().__init__(settings, journal)
        self._numbers = 0
        self.kept: dict[str, Case] = {}
        """What was made once, by the route that is asked about it."""

    @property
    def app(self) -> Any:
        """The gateway's application."""
        return self.parts["gateway"].wsgi

    def settle(self) -> None:
        """Indexes, places, things that can be ordered, people."""
        for name, parts in self.parts.items():
            migrate(self.resources[name].db, parts.all_indexes)
        self.publish("tickets", CommunityCodec(), a_community(offers_per_day=ENOUGH), CommunityPublished())
        beside = (*a_grid().path[:-1], OTHER_GRID)
        other = replace(a_grid(), id=OTHER_GRID, path=beside, grid_path=beside)
        block = replace(a_street(), id=BLOCK, kind="block", path=(BLOCK,), parent=None, covers=(GRID,))
        for area in (a_street(), a_grid(), other, a_building(), block):
            self.publish("tickets", AreaCodec(), area, AreaPublished())
        for item in items():
            self.publish("tickets", ItemCodec(), item, CatalogueItemPublished())
        for member in members():
            self.publish("volunteers", MemberCodec(), member, MemberPublished())
        team = Team(id="t1", community_id=COMMUNITY, name=Text("一队", "First"), kind="team", area=GRID, lead=WORKER)
        self.publish("volunteers", TeamCodec(), replace(team, member_ids=(WORKER,)), TeamPublished())
        gas = replace(team, id=GAS, kind="property", lead=GASMAN, member_ids=(GASMAN,))
        self.publish("volunteers", TeamCodec(), gas, TeamPublished())

    def keep_team(self, team: Team) -> None:
        """A team as it is from now on."""
        target = SimpleNamespace(collection=self.resources["volunteers"].db["teams"], codec=TeamCodec())
        meta = a_meta(command_id=f"team-{self.number()}", correlation_id="import")
        decided = Decided(team, (TeamPublished(),))
        self.resources["volunteers"].journal.apply_one(meta, target, team.id, lambda _: decided)
        self.run()

    def number(self) -> int:
        """A number that was never given."""
        self._numbers += 1
        return self._numbers

    def ask(self, method: str, path: str, who: Actor | None, body: Any = None, token: str | None = None) -> Any:
        """The response, whatever it is; everybody has heard of what it did."""
        headers = {"Idempotency-Key": f"walk-{self.number()}"}
        if who is not None:
            headers |= self.signed(who)
        elif token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if method in ("PATCH", "PUT"):
            headers["If-Match"] = '"as-it-was-long-ago"'
        sent: dict[str, Any] = {} if method == "GET" else {"json": {} if body is None else body}
        if isinstance(body, bytes):
            sent = {"data": body, "content_type": "image/jpeg"}
        response = self._client.open(path, method=method, headers=headers, **sent)
        self.run()
        return response

    def do(self, who: Actor, path: str, body: Any = None) -> Any:
        """A command that has to work; its answer."""
        return self.post(who, path, body)

    def signed(self, who: Actor) -> dict[str, str]:
        """The header of somebody who has signed in."""
        token, _ = self._tokens.issue(who)
        return {"Authorization": f"Bearer {token}"}

    def limited(self, who: Actor, scopes: Iterable[str]) -> str:
        """A token of somebody that is good for these permissions alone."""
        return str(self._tokens.issue(who, scopes=scopes)[0])

    def account(self, who: Actor) -> Actor:
        """Somebody with an account, as if it had been opened."""
        own = {"login": who.account_id, "grants": [{"role": g.role.value, "area_id": g.area_id} for g in who.grants]}
        rows = self.resources["gateway"].db["accounts"]
        rows.update_one({"_id": who.account_id}, {"$set": {"community_id": who.community_id, "own": own}}, upsert=True)
        return who

    def traces(self) -> list[Any]:
        """What is stored now, in short: the same before and after a request that did nothing."""
        return [self._hash(service, names) for service, names in OWNED.items()]

    def _hash(self, service: str, names: Sequence[str] | None) -> Any:
        # What the database itself removes in its time goes whenever it likes, whatever is asked.
        passing = {one.collection for one in self.parts[service].all_indexes if "expireAfterSeconds" in one.options}
        only = {"collections": list(names)} if names else {}
        hashes = self.resources[service].db.command("dbHash", **only)["collections"]
        return {name: value for name, value in hashes.items() if names or name not in passing}


@contextmanager
def a_town(settings: Settings, folder: Path, prefix: str = "walk_") -> Iterator[Town]:
    """The town, in databases of its own that are dropped afterwards."""
    # A few people ask for everything that there is, one after the other: limits are tried elsewhere.
    own = replace(settings, db_prefix=f"{prefix}{settings.db_prefix}", rate_account="off", rate_address="off")
    with MongoClient[Document](own.mongo_url, tz_aware=True, serverSelectionTimeoutMS=5000) as client:
        _drop(client, own.db_prefix)
        with Journal(folder / "journal.jsonl") as journal:
            town = Town(own, journal)
            town.settle()
            yield town
            town.close()
        _drop(client, own.db_prefix)


def _drop(client: MongoClient[Document], prefix: str) -> None:
    for service in BUILD:
        client.drop_database(f"{prefix}{service}")
