"""`./shiliu person` through all four services: everything of one person in one file, then nothing of them, for good.

The services' own verbs run in this process, on real databases: nothing of it needs a running service.
"""

import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
from pymongo import MongoClient

from chassis import person_verb
from chassis.aggregates import Aggregates
from chassis.gear import offline
from chassis.process import gear_of, migrate_service
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.actor import Grant, Role, system_actor
from contracts.commands import Call, Meta
from contracts.commands.tickets import PlaceTicket
from contracts.decisions import Decided
from contracts.events.masters import MemberPublished
from contracts.words import NAMELESS, Text
from deploy.person import commands, restored
from deploy.person.asking import SERVICES, Operator, Services
from deploy.person.erasures import Erasures
from deploy.person.labels import LABELS
from deploy.stack.failure import StackError
from deploy.stack.services import PROJECT
from deploy.stack.stack import Stack
from gateway.identity.accounts import Accounts, NewAccount
from services.tickets.service import build as build_tickets
from services.tickets.service import import_masters
from services.volunteers.adapters.codecs import MemberCodec
from services.volunteers.domain.member import Member, Sealed
from services.volunteers.service import build as build_volunteers
from tests.brokers import Rabbit
from tests.builders import a_meta, an_actor
from tests.services.tickets.kit import demo_files
from tests.unit.volunteers.builders import a_member

pytestmark = pytest.mark.slow

COMMUNITY = "shiliuli"
WORDS, NAME, LOGIN, NUMBER = "我妈瘫痪在床", "何桂芳", "daughter-01", "V-0815"


@dataclass
class InProcess:
    """A stack whose verbs run here."""

    given: Settings
    root: Path

    def settings(self) -> Settings:
        """As a stack has them."""
        return self.given

    def run(self, module: str, *args: str, stdin: str = "", capture: bool = False) -> subprocess.CompletedProcess[str]:
        """As the runner would."""
        service, out = import_module(module).SERVICE, io.StringIO()
        before, sys.stdin = sys.stdin, io.StringIO(stdin)
        try:
            with redirect_stdout(out):
                code = person_verb.operate(self.given, service.name, gear_of(service).build, args[1:])
        finally:
            sys.stdin = before
        # In a process of its own the log goes elsewhere.
        return subprocess.CompletedProcess(args, code, out.getvalue().rpartition("\n")[2], "")


@pytest.fixture
def stack(settings: Settings, amqp: Rabbit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InProcess:
    for module in SERVICES.values():
        migrate_service(import_module(module).SERVICE, settings)
    assert import_masters(settings, [str(demo_files(tmp_path))]) == 0
    made = InProcess(settings, tmp_path)
    monkeypatch.setattr(commands, "await_arrival", lambda _: None)
    for module in (commands, restored):
        monkeypatch.setattr(module, "erasures", lambda _: Erasures(tmp_path / "apart" / "erasures.jsonl"))
    monkeypatch.setattr(commands, "_services", lambda why: Services(cast(Stack, made), Operator("keeper", why.value)))
    return made


@pytest.fixture
def account(stack: InProcess, mongo: MongoClient[Any]) -> str:
    """Somebody who ordered."""
    db = mongo[stack.given.db_prefix + "gateway"]
    new = NewAccount(community_id=COMMUNITY, login=LOGIN, grants=(Grant(Role.RESIDENT),), password="argon2-hash")
    account_id = Accounts(db["accounts"]).open(new).id
    actor = an_actor(Role.RESIDENT, account_id=account_id, community_id=COMMUNITY)
    with offline(build_tickets, stack.given, "tickets") as (_, parts):
        order = PlaceTicket(item_id="tap-and-lamp", area_id="heping-1", description=WORDS)
        parts.app.placing.place(Call(order, a_meta(actor, command_id="order-1", created_id="0" * 26)))
    return account_id


@pytest.fixture
def member(stack: InProcess, mongo: MongoClient[Any]) -> str:
    """Somebody who serves."""
    with offline(build_volunteers, stack.given, "volunteers") as (resources, _):
        vault: Vault = resources.vault
        sealed = Sealed(vault.seal("m1", NAME, "members/m1/name"))
        one = a_member("m1", community_id=COMMUNITY, external_no=NUMBER, display_name="何姐", sealed=sealed)
        meta = Meta(actor=system_actor(COMMUNITY), command_id="import", correlation_id="import")

        def decide(_: Member | None) -> Decided[Member]:
            return Decided(one, (MemberPublished(),))

        Aggregates(resources.journal, MemberCodec()).apply("m1", meta, decide)
    return "m1"


def everything(stack: InProcess, mongo: MongoClient[Any]) -> str:
    """All documents of all services, as text."""
    databases = [mongo[stack.given.db_prefix + service] for service in SERVICES]
    docs = [doc for db in databases for name in db.list_collection_names() if name != "operator_log"
            for doc in db[name].find()]  # fmt: skip
    return json.dumps(docs, default=str, ensure_ascii=False)


def exported(stack: InProcess, name: str) -> tuple[Any, str]:
    out = stack.root / f"out-{name}"
    commands.export([name], commands.Why.REQUEST, out)
    (file,), (page,) = out.glob("*.json"), out.glob("*.html")
    assert file.stat().st_mode & 0o777 == page.stat().st_mode & 0o777 == 0o600
    return json.loads(file.read_text(encoding="utf-8")), page.read_text(encoding="utf-8")


def words_without_chinese(held: Any) -> set[str]:
    """Keys that a page would show to a person in English alone."""
    if isinstance(held, list):
        return set().union(*map(words_without_chinese, held))
    if not isinstance(held, dict) or set(held) == {"zh", "en"}:
        return set()
    return (set(held) - LABELS.keys()).union(*map(words_without_chinese, held.values()))


def test_everything_of_one_person_is_in_one_file_and_on_one_page(stack: InProcess, account: str, member: str) -> None:
    held, page = exported(stack, LOGIN)
    assert held["ids"] == {"accounts": [account], "members": [], "persons": []}
    assert [one["description"] for one in held["tickets"]["orders"]] == [WORDS]
    assert held["gateway"]["accounts"][0]["login"] == LOGIN
    assert WORDS in page
    assert NAME not in str(held) + page
    assert words_without_chinese(held) == set()
    held, page = exported(stack, NUMBER)
    assert held["ids"] == {"accounts": [f"m-{member}"], "members": [member], "persons": []}
    assert held["volunteers"]["members"][0]["name"] == NAME
    assert words_without_chinese(held) == set()
    assert WORDS not in str(held) + page


def test_whoever_is_erased_is_nowhere_and_a_restored_backup_is_made_to_forget(
    stack: InProcess, account: str, member: str, mongo: MongoClient[Any]
) -> None:
    databases = {service: mongo[stack.given.db_prefix + service] for service in SERVICES}
    backup = {(service, name): list(db[name].find()) for service, db in databases.items()
              for name in db.list_collection_names() if name != "leases"}  # fmt: skip
    for name in (LOGIN, NUMBER):
        commands.erase([name], commands.Why.REQUEST, yes=True)
    for mark in (LOGIN, NUMBER, "何姐", "argon2-hash"):
        assert mark not in everything(stack, mongo), mark
    order = databases["tickets"]["tickets"].find_one({"requester_id": account}) or {}
    assert (order["status"], order["private"]["description"]) == ("cancelled", None)
    assert (databases["volunteers"]["members"].find_one({"_id": member}) or {})["display_name"] == NAMELESS
    for service, db in databases.items():
        assert {row["did"] for row in db["operator_log"].find()} == {"person.erase"}, service
    rows = Erasures(stack.root / "apart" / "erasures.jsonl")
    assert rows.everybody() == {"accounts": [account, f"m-{member}"], "members": [member], "persons": []}
    assert not any(rows.unfinished().values())
    for name in (LOGIN, NUMBER):
        with pytest.raises(StackError):
            commands.find([name])

    for (service, name), docs in backup.items():
        databases[service][name].delete_many({})
        if docs:
            databases[service][name].insert_many(docs)
    assert LOGIN in everything(stack, mongo)
    told: list[Text] = []
    restored.forget_again(cast(Stack, stack), told.append)
    assert "a backup" in told[0].en
    for mark in (LOGIN, NUMBER, "何姐", "argon2-hash"):
        assert mark not in everything(stack, mongo), mark
    restored.forget_again(cast(Stack, stack), told.append)
    assert len(told) == 1, "where nobody is back nothing is done"


def test_an_erasure_that_was_cut_off_is_known_and_done_by_the_next(
    stack: InProcess, account: str, mongo: MongoClient[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = InProcess.run

    def dying(self: InProcess, module: str, *args: str, **kwargs: Any) -> Any:
        if module == SERVICES["gateway"] and "erase" in args:
            raise KeyboardInterrupt
        return whole(self, module, *args, **kwargs)

    monkeypatch.setattr(InProcess, "run", dying)
    with pytest.raises(KeyboardInterrupt):
        commands.erase([LOGIN], commands.Why.REQUEST, yes=True)
    rows = Erasures(stack.root / "apart" / "erasures.jsonl")
    assert rows.unfinished()["accounts"] == [account]
    monkeypatch.setattr(InProcess, "run", whole)
    commands.erase([account], commands.Why.REQUEST, yes=True)
    assert not any(rows.unfinished().values())
    assert LOGIN not in everything(stack, mongo)


def test_an_erasure_that_was_cut_off_near_its_end_is_gone_on_with_by_the_name_that_is_gone_already(
    stack: InProcess, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_: Settings) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power:
        power.setattr(commands, "await_arrival", cut)
        with pytest.raises(KeyboardInterrupt):
            commands.erase([LOGIN], commands.Why.REQUEST, yes=True)
    rows = Erasures(stack.root / "apart" / "erasures.jsonl")
    assert rows.unfinished()["accounts"] == [account]
    with pytest.raises(StackError, match="just finished"):
        commands.erase([LOGIN], commands.Why.REQUEST, yes=True)
    assert not any(rows.unfinished().values())


def test_the_runner_knows_the_verb(stack: InProcess, account: str) -> None:
    env = stack.given.to_env() | {"PATH": "", "PYTHONPATH": str(PROJECT)}
    asked = json.dumps({"names": [LOGIN]})
    done = subprocess.run(
        [sys.executable, "-m", "chassis.runner", SERVICES["gateway"], "person", "find"],
        cwd=PROJECT, env=env, input=asked, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert json.loads(done.stdout)["accounts"] == [account], done.stderr
