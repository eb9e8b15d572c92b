"""``keys`` on a real service: what it keeps sealed goes through a rotation, whole, and says so at the terminal."""

import base64
import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from pymongo import MongoClient

from chassis import keys_verb, rotation
from chassis.cipher import Cipher
from chassis.keys_verb import operate
from chassis.lease import Leases
from chassis.migrations import migrate
from chassis.settings import Secret, Settings
from chassis.vault import KEYS, SECRETS, Vault
from contracts.commands.tickets import NewPerson
from services.tickets.adapters.indexes import INDEXES
from services.tickets.adapters.mongo import MongoPersons, MongoReveals
from services.tickets.application.ports import Person
from services.tickets.service import NAME, build
from tests.builders import COMMUNITY, NOON, TICKET_ID
from tests.rooms import MASTER_KEY

NEXT = Secret(base64.b64encode(sha256(b"the next master").digest()).decode())
SERVED = NewPerson(name="阿依古丽·买买提", phone="000-1111-2222", address="1号楼", form_of_address="阿姨")


@pytest.fixture
def db(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Any:
    db = mongo[settings.db_prefix + NAME]
    for name in (KEYS, SECRETS):
        db[name].delete_many({})
    migrate(db, INDEXES)
    return db


def an_old_life(db: Any) -> None:
    """An order with everything that is typed about it, as the version before vaults left it."""
    old = Cipher(MASTER_KEY)

    def sealed(text: str, part: str) -> bytes:
        return old.encrypt(text, f"tickets/{TICKET_ID}/{part}")

    notes = [{"action": "complete", "sealed": sealed(f"note {n}", f"note/{n}"), "at": NOON} for n in range(2)]
    private = {"description": sealed("words", "description"), "area": sealed("b-1", "area"), "notes": notes}
    order = {"_id": TICKET_ID, "rev": 3, "beneficiary_id": "p-1", "requester_id": "a-1", "community_id": COMMUNITY}
    db["tickets"].insert_one({**order, "number": "N-1", "private": {**private, "door_word": None}})
    row = {"community_id": COMMUNITY, "ticket_id": TICKET_ID, "at": NOON, "account_id": "a-2", "role": "staff"}
    reason = old.encrypt("why", "reveals/r-1/reason")
    db["reveals"].insert_one({**row, "_id": "r-1", "schema": 1, "reason": reason})
    fields = {field: old.encrypt(text, f"persons/p-1/{field}") for field, text in vars(SERVED).items()}
    db["persons"].insert_one({"_id": "p-1", "community_id": COMMUNITY, "known_to": "a-1", "created_at": NOON, **fields})


def run(settings: Settings, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    code = operate(settings, NAME, build, [*arguments, "--json"])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def texts(db: Any, vault: Vault) -> list[str | None]:
    private = db["tickets"].find_one({"_id": TICKET_ID})["private"]
    bound = f"tickets/{TICKET_ID}"
    notes = [vault.open(note["sealed"], f"{bound}/note/{n}") for n, note in enumerate(private["notes"])]
    return [
        vault.open(private["description"], f"{bound}/description"),
        vault.open(private["area"], f"{bound}/area"),
        *notes,
        *(row.reason for row in MongoReveals(db, vault).of(COMMUNITY, TICKET_ID)),
    ]


def test_an_older_database_is_sealed_anew_for_each_person_and_then_by_a_new_master(
    settings: Settings, db: Any, mongo: MongoClient[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    an_old_life(db)
    code, (done, status) = run(settings, capsys, "reencrypt")
    assert (code, done["sealed"], done["unreadable"], status["run"]["done"]) == (0, 9, 0, True)
    blobs = db["tickets"].find_one({"_id": TICKET_ID})["private"]
    assert {blobs["description"][0], blobs["notes"][1]["sealed"][0]} == {2}
    rotated = replace(settings, master_key=NEXT, master_keys_retired=(MASTER_KEY,))
    code, (done, status) = run(rotated, capsys, "rewrap")
    assert (code, done["rewrapped"], list(status["by_master"])) == (0, 1, [status["master"]])
    vault = Vault(mongo, db, NEXT)
    assert texts(db, vault) == ["words", "b-1", "note 0", "note 1", "why"]
    assert MongoPersons(db, vault).get("p-1") == Person(
        id="p-1", community_id=COMMUNITY, known_to="a-1", details=SERVED
    )
    (about,) = MongoReveals(db, vault).about(COMMUNITY, ["a-1"], None, 5)
    assert (about[1].reason, about[1].sealed_for, about[1].concerns) == ("why", "p-1", ("p-1", "a-1"))
    vault.destroy("p-1")
    assert MongoPersons(db, vault).get("p-1") is None


def test_new_keys_for_everybody(
    settings: Settings,
    db: Any,
    mongo: MongoClient[dict[str, Any]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotation, "SEALING_SECONDS", 0)
    monkeypatch.setattr(rotation, "WRITING_SECONDS", 0)
    an_old_life(db)
    run(settings, capsys, "reencrypt")
    before = {row["_id"] for row in db[KEYS].find()}
    code, (done, status) = run(settings, capsys, "reencrypt", "--new-keys")
    assert (code, done["sealed"], status["retired_keys"]) == (0, 9, 0)
    assert before.isdisjoint(row["_id"] for row in db[KEYS].find())
    assert texts(db, Vault(mongo, db, settings.master_key)) == ["words", "b-1", "note 0", "note 1", "why"]


def test_of_two_at_once_the_second_waits_and_says_so(
    settings: Settings, db: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_verb, "LEASE_SECONDS", 0.0)
    an_old_life(db)
    fence = Leases(db, "another").acquire(keys_verb.LEASE, 60.0)
    assert fence is not None
    assert operate(settings, NAME, build, ["reencrypt"]) == 1
    assert "another process seals anew" in capsys.readouterr().err
    assert db["tickets"].find_one({"_id": TICKET_ID})["private"]["description"][0] == 1
    Leases(db, "another").release(keys_verb.LEASE, fence)
    assert run(settings, capsys, "reencrypt")[0] == 0


def test_what_a_killed_process_held_runs_out_and_the_next_goes_on(
    settings: Settings, db: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys_verb, "LOOK_EVERY", 0.05)
    an_old_life(db)
    assert Leases(db, "killed").acquire(keys_verb.LEASE, 0.3) is not None
    assert run(settings, capsys, "reencrypt")[0] == 0
    assert db["tickets"].find_one({"_id": TICKET_ID})["private"]["description"][0] == 2


def test_a_master_key_that_is_missing_is_told_by_the_exit_code(
    settings: Settings, db: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    an_old_life(db)
    run(settings, capsys, "reencrypt")
    code, (status,) = run(replace(settings, master_key=NEXT), capsys, "status")
    assert (code, status["unknown"]) == (1, 1)
    assert operate(replace(settings, master_key=NEXT), NAME, build, ["status"]) == 1
    assert "unknown masters 1" in capsys.readouterr().out
