"""A member's own record over HTTP: seen, changed with If-Match, and never where others look."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from contracts.decisions import Decided
from services.volunteers.adapters.codecs import MemberCodec
from services.volunteers.adapters.privacy import MemberVault
from services.volunteers.domain.member import Member, Sealed
from tests.builders import a_member_actor, a_meta
from tests.services.permissions.people import DISPATCHER, WORKER, json_of
from tests.services.permissions.town import Town

NAME, PHONE, NEW_PHONE = "马建新", "000-4444-0001", "000-7777-0001"
ME = a_member_actor(WORKER)
URL = "/api/v1/me/profile"


@pytest.fixture(scope="module", autouse=True)
def named(town: Town) -> None:
    """The worker has a name and a phone."""
    resources = town.resources["volunteers"]
    vault = MemberVault(resources.vault)
    sealed = Sealed(
        vault.seal(WORKER, "name", NAME), vault.seal(WORKER, "phone", PHONE), vault.phone_index(PHONE), None
    )

    def decide(member: Member | None) -> Decided[Member]:
        assert member is not None
        return Decided(replace(member, sealed=sealed))

    Aggregates(resources.journal, MemberCodec()).apply(WORKER, a_meta(command_id="name"), decide)


def patch(town: Town, tag: str | None, body: Any) -> Any:
    headers = town.signed(ME) | ({} if tag is None else {"If-Match": tag})
    response = town.app.test_client().patch(URL, json=body, headers=headers)
    town.run()
    return response


def test_a_member_sees_and_changes_what_is_held_of_them(town: Town) -> None:
    seen = town.ask("GET", URL, ME)
    assert (json_of(seen)["name"], json_of(seen)["phone"]) == (NAME, PHONE)
    assert seen.headers["Cache-Control"] == "no-store"
    tag = seen.headers["ETag"]
    body = {"display_name": "马师傅", "phone": NEW_PHONE, "abilities": ["night"], "party": True, "show_party": True}
    changed = patch(town, tag, body)
    assert changed.status_code == 200, changed.text
    assert (json_of(changed)["phone"], json_of(changed)["display_name"]) == (NEW_PHONE, "马师傅")
    assert changed.headers["ETag"] != tag
    assert patch(town, tag, {"capacity": 2}).status_code == 412
    assert patch(town, None, {"capacity": 2}).status_code == 428
    member = json_of(town.ask("GET", f"/api/v1/members/{WORKER}", DISPATCHER))
    assert (member["display_name"], "phone" in member) == ("马师傅", False)
    assert json_of(town.ask("GET", f"/api/v1/members/{WORKER}/badge", DISPATCHER)) == {"badge": "party", "stars": None}
    changed = patch(town, changed.headers["ETag"], {"start": {"lon": 82.2004, "lat": 38.6, "crs": "wgs84"}})
    assert json_of(changed)["start"] == {"lon": 82.2, "lat": 38.6}
    gone = patch(town, changed.headers["ETag"], {"phone": None, "party": None})
    assert (json_of(gone)["phone"], json_of(gone)["party"]) == (None, {"declared": None, "shown": False})


def test_what_is_wrong_is_named_by_its_field(town: Town) -> None:
    tag = town.ask("GET", URL, ME).headers["ETag"]
    wrong: dict[str, Any] = {
        "display_name": NAME,
        "capacity": 99,
        "name": "x",
        "start": {"lon": 1.0, "lat": 2.0, "crs": "gcj02"},
    }
    for field, value in wrong.items():
        refused = patch(town, tag, {field: value})
        assert refused.status_code == 422, refused.text
        assert field in refused.text
        assert NAME not in refused.text


def test_nothing_private_stands_in_the_clear_anywhere(town: Town) -> None:
    tag = town.ask("GET", URL, ME).headers["ETag"]
    assert patch(town, tag, {"phone": NEW_PHONE, "party": True}).status_code == 200
    for resources in town.resources.values():
        for name in resources.db.list_collection_names():
            whole = str(list(resources.db[name].find()))
            for secret in (NAME, PHONE, NEW_PHONE):
                assert secret not in whole, name
