"""Rotating keys: under load, stopped at any place and run again, without a text lost or an erased one coming back."""

import base64
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import eventlet
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from chassis import mongo as mongo_waits
from chassis.cipher import Cipher
from chassis.migrations import migrate
from chassis.rotation import BATCH, IS_RETIRED, Resealed, Rotation
from chassis.sealed import SealedCollection, SealedField
from chassis.settings import Settings
from chassis.vault import KEYS, SEALING_SECONDS, SECRETS, VAULT_INDEXES, Erased, Vault, VaultError
from tests.rooms import MASTER_KEY

NEXT_KEY = base64.b64encode(sha256(b"the next master").digest()).decode()
STRANGE_KEY = base64.b64encode(sha256(b"nobody's master").digest()).decode()
MANY = 2 * BATCH + 7

Db = Database[dict[str, Any]]


class Stop(Exception):
    """Whoever runs it pulls the plug."""


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Db:
    db = mongo[f"{settings.db_prefix}rotation"]
    for name in (KEYS, SECRETS):
        db[name].delete_many({})
    migrate(db, VAULT_INDEXES)
    return db


@pytest.fixture
def open_vault(mongo: MongoClient[dict[str, Any]], db: Db) -> Callable[..., Vault]:
    return lambda *masters: Vault(mongo, db, *(masters or (MASTER_KEY,)))


def notes(vault: Vault) -> SealedCollection:
    """What a service would say of its collection."""

    def fields(row: dict[str, Any]) -> Iterator[SealedField]:
        if row.get("text") is not None:
            index = ("index", lambda text: vault.index(text, "notes"))
            yield SealedField(
                path="text", blob=row["text"], context=f"notes/{row['_id']}", person=row["person"], index=index
            )
        for place, line in enumerate(row.get("lines", [])):
            context = f"notes/{row['_id']}/{place}"
            yield SealedField(path=f"lines.{place}.blob", blob=line["blob"], context=context, person=row["person"])

    return SealedCollection(collection="notes", paths=("text", "lines.blob"), fields=fields)


def rotation(db: Db, vault: Vault, **options: Any) -> Rotation:
    options.setdefault("pause", lambda _: None)
    return Rotation(db, vault, [notes(vault)], lambda: datetime.now(UTC), **options)


def write(db: Db, seal: Callable[[str, str, str], bytes], count: int = MANY) -> None:
    rows = [
        {
            "_id": f"n{n:04}",
            "person": f"p{n % 5}",
            "rev": 1,
            "text": seal(f"p{n % 5}", f"words {n}", f"notes/n{n:04}"),
            "lines": [{"blob": seal(f"p{n % 5}", f"line {n}", f"notes/n{n:04}/0")}],
        }
        for n in range(count)
    ]
    db["notes"].insert_many(rows)


def read(db: Db, vault: Vault) -> list[str]:
    found = []
    for row in db["notes"].find().sort("_id", 1):
        found.append(vault.open(row["text"], f"notes/{row['_id']}"))
        found += [vault.open(one["blob"], f"notes/{row['_id']}/{place}") for place, one in enumerate(row["lines"])]
    return found


def expected(count: int = MANY) -> list[str]:
    return [text for n in range(count) for text in (f"words {n}", f"line {n}")]


def test_a_new_master_wraps_every_key_and_the_old_one_can_go(db: Db, open_vault: Callable[..., Vault]) -> None:
    write(db, open_vault().seal)
    index = open_vault().index("13800000000", "notes")
    both = open_vault(NEXT_KEY, MASTER_KEY)
    before = rotation(db, both).status()
    assert (before.by_master.get(before.master, 0), before.unknown) == (0, 0)
    assert rotation(db, both).rewrap() == 6
    assert rotation(db, both).rewrap() == 0
    alone = open_vault(NEXT_KEY)
    assert read(db, alone) == expected()
    assert alone.index("13800000000", "notes") == index
    after = rotation(db, alone).status()
    assert after.is_sound
    assert after.by_master == {after.master: 6}
    with pytest.raises(VaultError, match="SHILIU_MASTER_KEYS_RETIRED"):
        read(db, open_vault())


def test_keys_that_no_known_master_wraps_are_told_and_left_alone(db: Db, open_vault: Callable[..., Vault]) -> None:
    open_vault(STRANGE_KEY).seal("p0", "x", "c")
    open_vault().seal("p1", "x", "c")
    work = rotation(db, open_vault(NEXT_KEY, MASTER_KEY))
    assert work.rewrap() == 1
    assert (work.status().unknown, work.status().is_sound) == (1, False)


def test_a_key_that_is_destroyed_while_it_is_wrapped_anew_does_not_come_back(
    db: Db, open_vault: Callable[..., Vault]
) -> None:
    write(db, open_vault().seal, 5)
    both = open_vault(NEXT_KEY, MASTER_KEY)
    ids = [row["_id"] for row in db[KEYS].find()]
    blob = db["notes"].find_one({"person": "p3"})
    assert blob is not None
    pool = eventlet.GreenPool()
    for _ in range(10):
        pool.spawn(both.rewrap, ids)
    pool.spawn(open_vault().destroy, "p3")
    pool.waitall()
    assert db[KEYS].count_documents({"keyAltNames": "p3"}) == 0
    with pytest.raises(Erased):
        open_vault(NEXT_KEY, MASTER_KEY).open(blob["text"], "notes/n0003")


def test_what_the_first_format_sealed_is_sealed_by_each_persons_key(db: Db, open_vault: Callable[..., Vault]) -> None:
    old = Cipher(MASTER_KEY)
    write(db, lambda _person, text, context: old.encrypt(text, context))
    vault = open_vault()
    assert read(db, vault) == expected()
    done = rotation(db, vault).reencrypt()
    assert (done.sealed, done.mute, done.unreadable) == (2 * MANY, 0, 0)
    assert all(row["text"][0] == 2 and row["rev"] == 2 for row in db["notes"].find())
    assert db["notes"].find_one({"index": vault.index("words 7", "notes")}, {"_id": 1}) == {"_id": "n0007"}
    assert read(db, open_vault()) == expected()
    again = rotation(db, open_vault()).reencrypt()
    assert again.sealed == 0
    assert {row["rev"] for row in db["notes"].find()} == {2}


def test_everything_gets_a_new_key_and_the_old_ones_are_destroyed(db: Db, open_vault: Callable[..., Vault]) -> None:
    vault = open_vault()
    write(db, vault.seal)
    index = vault.index("13800000000", "notes")
    before = {row["_id"] for row in db[KEYS].find()}
    taken = db["notes"].find_one({"_id": "n0000"}) or {}
    done = rotation(db, vault).reencrypt(new_keys=True)
    assert done.sealed == 2 * MANY + 1
    after = {row["_id"] for row in db[KEYS].find()}
    assert len(after) == len(before) == 6
    assert not before & after
    fresh = open_vault()
    assert read(db, fresh) == expected()
    assert fresh.index("13800000000", "notes") == index
    with pytest.raises(VaultError):
        fresh.open(taken["text"], "notes/n0000")


@pytest.mark.parametrize("stops", [1, 3, 6, 8, 11])
def test_it_goes_on_wherever_it_was_stopped(db: Db, open_vault: Callable[..., Vault], stops: int) -> None:
    write(db, open_vault().seal)
    before = {row["_id"] for row in db[KEYS].find()}
    left = [stops]

    def pause(_: float) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Stop

    for _ in range(2):
        left[0] = stops
        try:
            rotation(db, open_vault(), pause=pause).reencrypt(new_keys=True)
        except Stop:
            assert read(db, open_vault()) == expected()
    done = rotation(db, open_vault()).reencrypt(new_keys=True)
    assert isinstance(done, Resealed)
    state = rotation(db, open_vault()).status()
    assert (state.retired_keys, state.run and state.run["done"]) == (0, True)
    assert not before & {row["_id"] for row in db[KEYS].find({"keyAltNames": "p0"})}
    assert read(db, open_vault()) == expected()


def test_who_writes_meanwhile_loses_nothing(db: Db, open_vault: Callable[..., Vault]) -> None:
    """Another process goes on sealing, with the keys that it remembers, and changes what was read a moment ago."""
    write(db, open_vault().seal)
    busy, written = open_vault(), [0]

    def one_more(_: float) -> None:
        n = written[0]
        if n < 60:
            written[0] += 1
            text = busy.seal(f"p{n % 5}", f"words {n} again", f"notes/n{n:04}")
            db["notes"].update_one({"_id": f"n{n:04}"}, {"$set": {"text": text}, "$inc": {"rev": 1}})

    done = rotation(db, open_vault(), pause=one_more).reencrypt(new_keys=True)
    assert done.unreadable == 0
    texts = read(db, open_vault())
    assert [texts[2 * n] for n in range(written[0])] == [f"words {n} again" for n in range(written[0])]
    assert texts[2 * written[0] :] == expected()[2 * written[0] :]
    assert written[0] > 5


def test_what_changes_between_reading_and_writing_is_left_for_the_next_pass(
    db: Db, open_vault: Callable[..., Vault]
) -> None:
    vault = open_vault()
    old = Cipher(MASTER_KEY)
    write(db, lambda _person, text, context: old.encrypt(text, context), 3)
    seal, changed = vault.seal, []

    def slow(person: str, text: str, context: str) -> bytes:
        if not changed:
            changed.append(context)
            newer = old.encrypt("newer words", "notes/n0000")
            db["notes"].update_one({"_id": "n0000"}, {"$set": {"text": newer}})
        return seal(person, text, context)

    vault.seal = slow  # type: ignore[method-assign]
    done = rotation(db, vault).reencrypt()
    assert done.raced == 1
    assert read(db, open_vault())[0] == "newer words"
    assert all(row["text"][0] == 2 for row in db["notes"].find())


def test_an_erased_person_stays_mute_also_where_no_key_of_theirs_had_sealed(
    db: Db, open_vault: Callable[..., Vault]
) -> None:
    old, vault = Cipher(MASTER_KEY), open_vault()
    write(db, lambda _person, text, context: old.encrypt(text, context), 5)
    vault.destroy("p3")
    done = rotation(db, vault).reencrypt()
    row = db["notes"].find_one({"_id": "n0003"}) or {}
    for blob, context in ((row["text"], "notes/n0003"), (row["lines"][0]["blob"], "notes/n0003/0")):
        with pytest.raises(Erased):
            open_vault().open(blob, context)
    assert row["index"] is None
    assert done.unreadable == 0


def test_nothing_is_destroyed_while_something_does_not_open(db: Db, open_vault: Callable[..., Vault]) -> None:
    vault = open_vault()
    write(db, vault.seal, 5)
    db["notes"].update_one({"_id": "n0001"}, {"$set": {"text": Cipher(STRANGE_KEY).encrypt("x", "notes/n0001")}})
    with pytest.raises(VaultError, match="1 sealed fields do not open"):
        rotation(db, vault).reencrypt(new_keys=True)
    assert rotation(db, vault).status().retired_keys > 0
    db["notes"].delete_one({"_id": "n0001"})
    rotation(db, vault).reencrypt(new_keys=True)
    assert rotation(db, vault).status().retired_keys == 0
    assert len(read(db, open_vault())) == 8


def test_new_keys_that_were_asked_for_are_made_also_where_another_run_was_cut_off(
    db: Db, open_vault: Callable[..., Vault]
) -> None:
    write(db, open_vault().seal)
    before = {row["_id"] for row in db[KEYS].find()}

    def cut(_: float) -> None:
        raise Stop

    with pytest.raises(Stop):
        rotation(db, open_vault(), pause=cut).reencrypt()
    rotation(db, open_vault()).reencrypt(new_keys=True)
    assert not before & {row["_id"] for row in db[KEYS].find()}
    assert read(db, open_vault()) == expected()


def test_whose_key_was_made_by_a_machine_that_is_ahead_of_time_gets_a_new_one_too(
    db: Db, open_vault: Callable[..., Vault]
) -> None:
    """A key says when it was made by the clock of whoever made it."""
    write(db, open_vault().seal, 5)
    db[KEYS].update_many({"keyAltNames": "p3"}, {"$set": {"creationDate": datetime(2126, 1, 1, tzinfo=UTC)}})
    before = {row["_id"] for row in db[KEYS].find()}
    rotation(db, open_vault()).reencrypt(new_keys=True)
    assert not before & {row["_id"] for row in db[KEYS].find()}


def test_old_keys_are_destroyed_only_when_what_was_sealed_by_them_has_been_written(
    db: Db, open_vault: Callable[..., Vault]
) -> None:
    """A write may wait for the database; what it brings later than that could never be opened."""
    write(db, open_vault().seal, 5)
    waited: list[float] = []
    rotation(db, open_vault(), pause=waited.append).reencrypt(new_keys=True)
    assert max(waited) >= SEALING_SECONDS + (mongo_waits.SOCKET_MS + mongo_waits.SELECTION_MS) / 1000


def test_whoever_has_lost_their_turn_destroys_nothing(db: Db, open_vault: Callable[..., Vault]) -> None:
    """A process that stood still while another one went on with its work."""
    write(db, open_vault().seal, 5)
    turns = iter([True] * 3)
    with pytest.raises(VaultError, match="another"):
        rotation(db, open_vault(), holds=lambda: next(turns, False)).reencrypt(new_keys=True)
    assert db[KEYS].count_documents(IS_RETIRED) > 0
    assert read(db, open_vault()) == expected(5)
    rotation(db, open_vault()).reencrypt(new_keys=True)
    assert db[KEYS].count_documents(IS_RETIRED) == 0
