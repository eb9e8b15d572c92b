"""The vault on a real database: one key for each person, a blob for one place, and an end that stays an end."""

import base64
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import eventlet
import pytest
from pymongo import MongoClient, monitoring
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from chassis.cipher import Cipher
from chassis.migrations import migrate
from chassis.settings import Settings
from chassis.vault import ERASED, KEYS, SECRETS, VAULT_INDEXES, Erased, Vault, VaultError
from tests.rooms import MASTER_KEY

OTHER_KEY = base64.b64encode(sha256(b"another master").digest()).decode()
CONTEXT = "tickets/t-1/description"
TEXT = "我妈瘫痪在床,3号楼502 · مەدىنە"

Db = Database[dict[str, Any]]


@pytest.fixture
def db(mongo: MongoClient[dict[str, Any]], settings: Settings) -> Db:
    db = mongo[f"{settings.db_prefix}vault"]
    db[KEYS].delete_many({})
    db[SECRETS].delete_many({})
    return db


@pytest.fixture
def open_vault(mongo: MongoClient[dict[str, Any]], db: Db) -> Callable[..., Vault]:
    """Each call is another process: nothing is remembered between them."""
    migrate(db, VAULT_INDEXES)
    return lambda *masters: Vault(mongo, db, *(masters or (MASTER_KEY,)))


@pytest.fixture
def vault(open_vault: Callable[..., Vault]) -> Vault:
    return open_vault()


def test_a_text_comes_back_in_any_process_and_shows_nothing(vault: Vault, open_vault: Callable[..., Vault]) -> None:
    blob = vault.seal("p-1", TEXT, CONTEXT)
    assert isinstance(blob, bytes)
    assert "瘫痪".encode() not in blob
    assert vault.open(blob, CONTEXT) == open_vault().open(blob, CONTEXT) == TEXT
    assert blob != vault.seal("p-1", TEXT, CONTEXT)


def test_bytes_come_back(vault: Vault) -> None:
    picture = bytes(range(256)) * 4_000
    assert vault.open_bytes(vault.seal_bytes("p-1", picture, CONTEXT), CONTEXT) == picture


def test_each_person_has_one_key_however_many_ask_at_once(open_vault: Callable[..., Vault], db: Db) -> None:
    vaults = [open_vault() for _ in range(4)]
    pool = eventlet.GreenPool(20)
    blobs = list(pool.imap(lambda n: vaults[n % 4].seal(f"p-{n % 2}", str(n), CONTEXT), range(20)))
    assert [vaults[0].open(blob, CONTEXT) for blob in blobs] == [str(n) for n in range(20)]
    assert sorted(row["keyAltNames"] for row in db[KEYS].find()) == [["p-0"], ["p-1"]]


def test_a_blob_opens_only_in_its_place(vault: Vault) -> None:
    blob = vault.seal("p-1", TEXT, CONTEXT)
    with pytest.raises(VaultError, match="does not belong to tickets/t-2/description"):
        vault.open(blob, "tickets/t-2/description")


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_changed_blob_does_not_open(vault: Vault, place: int) -> None:
    blob = bytearray(vault.seal("p-1", TEXT, CONTEXT))
    blob[place] ^= 1
    with pytest.raises(VaultError):
        vault.open(bytes(blob), CONTEXT)


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01" + bytes(60), b"\x02", b"\x02" + bytes(80), "灯不亮了".encode()])
def test_what_was_never_sealed_is_refused(vault: Vault, blob: bytes) -> None:
    with pytest.raises(VaultError) as refused:
        vault.open(blob, CONTEXT)
    assert not isinstance(refused.value, Erased)


@pytest.mark.parametrize("person", ["", "~p", "a/b"])
def test_nothing_is_sealed_for_a_name_that_is_nobodys(vault: Vault, person: str) -> None:
    with pytest.raises(VaultError):
        vault.seal(person, TEXT, CONTEXT)


def test_after_the_key_is_destroyed_nothing_opens_and_nothing_is_sealed(
    vault: Vault, open_vault: Callable[..., Vault]
) -> None:
    mine, theirs = vault.seal("p-1", TEXT, CONTEXT), vault.seal("p-2", TEXT, CONTEXT)
    other = open_vault()
    assert vault.destroy("p-1") is True
    for one in (vault, other):
        with pytest.raises(Erased):
            one.open(mine, CONTEXT)
        with pytest.raises(Erased):
            one.seal("p-1", TEXT, CONTEXT)
        assert one.open(theirs, CONTEXT) == TEXT
    assert vault.is_erased("p-1")
    assert not vault.is_erased("p-2")
    assert vault.destroy("p-1") is False


def test_one_who_never_had_a_key_gets_none_after_the_erasure(vault: Vault, db: Db) -> None:
    assert vault.destroy("p-1") is True
    with pytest.raises(Erased):
        vault.seal("p-1", TEXT, CONTEXT)
    assert db[KEYS].count_documents({}) == 0


def test_a_process_that_has_just_opened_does_not_open_much_longer(
    vault: Vault, open_vault: Callable[..., Vault]
) -> None:
    blob = vault.seal("p-1", TEXT, CONTEXT)
    other = open_vault()
    assert other.open(blob, CONTEXT) == TEXT
    vault.destroy("p-1")
    eventlet.sleep(1.1)
    with pytest.raises(Erased):
        other.open(blob, CONTEXT)


def test_a_key_that_a_backup_brought_back_is_destroyed_again(vault: Vault, db: Db) -> None:
    blob = vault.seal("p-1", TEXT, CONTEXT)
    backup = list(db[KEYS].find())
    vault.destroy("p-1")
    db[KEYS].insert_many(backup)
    assert vault.destroy_again() == 1
    assert vault.destroy_again() == 0
    with pytest.raises(Erased):
        vault.open(blob, CONTEXT)


def test_a_whole_backup_is_erased_again_by_the_same_command(vault: Vault, db: Db) -> None:
    blob = vault.seal("p-1", TEXT, CONTEXT)
    backup = list(db[KEYS].find())
    vault.destroy("p-1")
    db[ERASED].delete_many({})
    db[KEYS].insert_many(backup)
    assert vault.destroy("p-1") is True
    with pytest.raises(Erased):
        vault.open(blob, CONTEXT)


def test_a_retired_key_still_opens_and_is_destroyed_with_its_person(vault: Vault, db: Db) -> None:
    old = vault.seal("p-1", TEXT, CONTEXT)
    neighbour = vault.seal("p-12", TEXT, CONTEXT)
    vault.retire("p-1", db[KEYS].find_one({"keyAltNames": "p-1"})["_id"].as_uuid())  # type: ignore[index]
    new = vault.seal("p-1", TEXT, CONTEXT)
    assert old[1:17] != new[1:17]
    assert vault.open(old, CONTEXT) == vault.open(new, CONTEXT) == TEXT
    vault.destroy("p-1")
    for blob in (old, new):
        with pytest.raises(Erased):
            vault.open(blob, CONTEXT)
    assert vault.open(neighbour, CONTEXT) == TEXT


def test_another_master_key_is_named_as_the_reason(vault: Vault, open_vault: Callable[..., Vault]) -> None:
    blob = vault.seal("p-1", TEXT, CONTEXT)
    stranger = open_vault(OTHER_KEY)
    with pytest.raises(VaultError, match="SHILIU_MASTER_KEYS_RETIRED"):
        stranger.open(blob, CONTEXT)
    with pytest.raises(VaultError, match="SHILIU_MASTER_KEYS_RETIRED"):
        stranger.seal("p-1", TEXT, CONTEXT)
    assert open_vault(OTHER_KEY, MASTER_KEY).open(blob, CONTEXT) == TEXT


def test_what_the_first_format_sealed_still_opens_under_each_master_we_know(open_vault: Callable[..., Vault]) -> None:
    blob = Cipher(MASTER_KEY).encrypt(TEXT, CONTEXT)
    assert open_vault().open(blob, CONTEXT) == open_vault(OTHER_KEY, MASTER_KEY).open(blob, CONTEXT) == TEXT
    with pytest.raises(VaultError, match="another master key"):
        open_vault(OTHER_KEY).open(blob, CONTEXT)


def test_an_index_finds_equals_of_one_context_and_outlives_the_master_key(open_vault: Callable[..., Vault]) -> None:
    index = open_vault().index("13800000000", "members/phone")
    assert index == open_vault(OTHER_KEY, MASTER_KEY).index("13800000000", "members/phone")
    vault = open_vault()
    others = [
        vault.index("13800000001", "members/phone"),
        vault.index("13800000000", "persons/phone"),
        vault.index("e13800000000", "members/phon"),
    ]
    assert index not in others
    assert len(index) == 64


def test_processes_that_need_an_index_at_once_agree(open_vault: Callable[..., Vault]) -> None:
    vaults = [open_vault() for _ in range(5)]
    pool = eventlet.GreenPool(5)
    assert len(set(pool.imap(lambda vault: vault.index("13800000000", "members/phone"), vaults))) == 1


class _Asked(monitoring.CommandListener):
    def __init__(self) -> None:
        self.count = 0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.count += 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


def test_sealing_for_a_known_person_asks_the_database_nothing(site: Any, db: Db) -> None:
    asked = _Asked()
    with MongoClient[dict[str, Any]](site.mongo_url, event_listeners=[asked]) as client:
        vault = Vault(client, client[db.name], MASTER_KEY)
        vault.seal("p-1", TEXT, CONTEXT)
        before = asked.count
        for _ in range(10):
            vault.seal("p-1", TEXT, CONTEXT)
        assert asked.count == before
        vault.seal("p-2", TEXT, CONTEXT)
        assert asked.count - before <= 4


def test_a_database_that_is_away_is_an_outage_and_no_fault_of_the_text() -> None:
    with MongoClient[dict[str, Any]]("mongodb://127.0.0.1:1/", serverSelectionTimeoutMS=50) as client:
        vault = Vault(client, client["nowhere"], MASTER_KEY)
        with pytest.raises(AutoReconnect):
            vault.seal("p-1", TEXT, CONTEXT)
        with pytest.raises(AutoReconnect):
            vault.open(b"\x02" + bytes(80), CONTEXT)
