"""Where members can be told a code: for the platform alone."""

from typing import Any

import pytest
from pymongo import MongoClient

from chassis.settings import Settings
from chassis.vault import Vault
from contracts.actor import Role, system_actor
from contracts.commands import Call
from contracts.commands.volunteers import FindByPhone, ReadContact
from contracts.errors import NotFound
from services.volunteers.adapters.phones import PHONE_INDEX, VaultPhones
from services.volunteers.application.contacts import Contacts
from tests.builders import COMMUNITY, a_meta, an_actor

PHONE = "000-1234 5678"


@pytest.fixture
def contacts(settings: Settings, mongo: MongoClient[dict[str, Any]]) -> Contacts:
    db = mongo[settings.db_prefix + "volunteers"]
    vault = Vault(mongo, db, settings.master_key)
    sealed = {
        "phone": vault.seal("m1", PHONE, "members/m1/phone"),
        "phone_index": vault.index("00012345678", PHONE_INDEX),
    }
    rows: list[dict[str, Any]] = [{"_id": "m1", "sealed": sealed}, {"_id": "m2", "sealed": None}, {"_id": "m3"}]
    db["members"].insert_many([{**row, "community_id": COMMUNITY, "external_no": row["_id"]} for row in rows])
    return Contacts(VaultPhones(db, vault))


def read(contacts: Contacts, command: Any, method: str, role: Role | None = None) -> Any:
    actor = system_actor(COMMUNITY) if role is None else an_actor(role)
    return getattr(contacts, method)(Call(command, a_meta(actor))).result


def test_the_platform_reads_a_phone(contacts: Contacts) -> None:
    found = [read(contacts, ReadContact(member_id=member), "read_contact")["phone"] for member in ("m1", "m2", "m3")]
    assert found == [PHONE, None, None]
    assert read(contacts, ReadContact(member_id="nobody"), "read_contact") == {"phone": None}


@pytest.mark.parametrize("written", ["00012345678", "000 1234 5678", PHONE])
def test_a_member_is_found_by_phone_however_it_is_written(contacts: Contacts, written: str) -> None:
    assert read(contacts, FindByPhone(phone=written), "find_by_phone") == {"member_ids": ["m1"]}
    assert read(contacts, FindByPhone(phone="00099999999"), "find_by_phone") == {"member_ids": []}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DUTY, Role.MEMBER, Role.CLIENT])
def test_nobody_else_does(contacts: Contacts, role: Role) -> None:
    with pytest.raises(NotFound):
        read(contacts, ReadContact(member_id="m1"), "read_contact", role)
    with pytest.raises(NotFound):
        read(contacts, FindByPhone(phone=PHONE), "find_by_phone", role)
