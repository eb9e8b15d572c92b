"""Between two events somebody may no longer hear: the second one never reaches them, on a stream that was open."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.events.masters import MemberPublished
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketStarted
from contracts.events.volunteers import OfferMade
from contracts.hearing import audience
from contracts.recusal import Recusal
from contracts.words import Permit
from gateway.api.app import make_app
from gateway.api.desk import Desk
from gateway.identity.attempts import FREE, TooMany
from gateway.identity.identity import Issued, make_identity
from gateway.identity.sessions import How, Why
from gateway.stream.frames import frame
from gateway.stream.store import StreamStore
from gateway.stream.tail import Tail
from tests.builders import (
    AREA_PATH,
    MEMBER_ID,
    a_demand_snapshot,
    a_member_snapshot,
    a_ticket_snapshot,
    an_envelope,
    an_offer_change,
    received,
)
from tests.fakes.desk import SETTINGS, PlainSeals, a_desk
from tests.services.gateway.api import Api
from tests.services.gateway.hearing import Ear
from tests.services.gateway.tailing import a_tail
from tests.waiting import wait_until

GRID, OTHER = AREA_PATH[-1], "sll-g2"
ACCOUNT = f"m-{MEMBER_ID}"


@pytest.fixture
def store(db: Any) -> StreamStore:
    return StreamStore(db["stream"], db["tickets"])


@pytest.fixture(autouse=True)
def tail(db: Any, desk: Desk) -> Iterator[Tail]:
    loop = a_tail(db, desk)
    loop.start()
    assert loop.wait_ready(30)
    yield loop
    loop.stop()


def published(desk: Desk, version: int, member_id: str = MEMBER_ID, **changes: Any) -> None:
    """What volunteers say of the member now."""
    snapshot = a_member_snapshot(id=member_id, **changes)
    desk.accounts.keep([received(MemberPublished(), snapshot, version)])


def signed_in(desk: Desk, account_id: str = ACCOUNT) -> Issued:
    account = desk.accounts.by_id(account_id)
    assert account is not None
    return desk.identity.begin(account, How.PASSWORD, "here")


@pytest.fixture
def officer(desk: Desk) -> Issued:
    """A member who is on duty in the grid."""
    published(desk, 1, roles=("duty",), charge_area=GRID)
    return signed_in(desk)


def happen(store: StreamStore, id: str, **snapshot: Any) -> None:
    store.add([an_envelope(TicketStarted(), a_ticket_snapshot(**{"requester_id": "a-who", **snapshot}), id=id)])


@pytest.fixture
def ear(api: Api, officer: Issued, store: StreamStore) -> Ear:
    """The officer's stream, on which they heard one event of the grid."""
    listening = Ear(api, officer.access)
    happen(store, "before")
    assert listening.next().id == "before"
    return listening


def ended(ear: Ear, code: str) -> None:
    """It ends, with a sentence in both languages, and with nothing that came after."""
    (last,) = ear.rest()
    assert (last.name, last.data["code"]) == ("end", code)
    assert last.data["detail"]
    assert last.data["detail_en"]


def test_a_role_that_was_taken_away(desk: Desk, store: StreamStore, ear: Ear, api: Api, officer: Issued) -> None:
    published(desk, 2, roles=(), charge_area=None)
    happen(store, "after")
    ended(ear, "not-permitted")
    headers = {"Authorization": f"Bearer {officer.access}"}
    for path in ("/stream", "/events?wait=0", "/events?wait=0&after=before"):
        again = api.client.get(f"/api/v1{path}", headers=headers)
        assert (again.status_code, again.json["code"]) == (403, "not-permitted"), "nor on a new one, by the old token"


def test_a_role_of_two(desk: Desk, store: StreamStore, ear: Ear) -> None:
    published(desk, 2, roles=("member",), charge_area=None)
    happen(store, "of the grid")
    happen(store, "own", requester_id=ACCOUNT)
    assert ear.ids(1) == ["own"], "it goes on under what they still are"


def test_another_area(desk: Desk, store: StreamStore, ear: Ear) -> None:
    published(desk, 2, roles=("duty",), charge_area=OTHER)
    happen(store, "old")
    happen(store, "new", area_path=(*AREA_PATH[:-1], OTHER))
    assert ear.ids(1) == ["new"]


def test_a_token_of_before_opens_a_stream_of_now(desk: Desk, store: StreamStore, api: Api, officer: Issued) -> None:
    published(desk, 2, roles=("duty",), charge_area=OTHER)
    happen(store, "old")
    late = Ear(api, officer.access, "?last_event_id=@1000")
    happen(store, "new", area_path=(*AREA_PATH[:-1], OTHER))
    assert late.ids(1) == ["new"]


def test_a_session_that_was_ended_here(desk: Desk, store: StreamStore, ear: Ear, officer: Issued) -> None:
    desk.identity.end(officer.session.id, Why.SIGNED_OUT)
    happen(store, "after")
    ended(ear, "not-signed-in")


def test_all_tokens_that_were_ended_at_another_gateway(db: Any, desk: Desk, store: StreamStore, ear: Ear) -> None:
    a_desk(db).identity.end_everywhere(ACCOUNT, Why.ENDED_BY_STAFF)
    happen(store, "after")
    ended(ear, "not-signed-in")


def test_a_session_that_was_ended_at_another_gateway(db: Any, store: StreamStore, ear: Ear, officer: Issued) -> None:
    a_desk(db).identity.end(officer.session.id, Why.SIGNED_OUT)
    happen(store, "after")
    ended(ear, "not-signed-in")


def test_another_session_of_the_same_account_goes_on(
    desk: Desk, store: StreamStore, ear: Ear, api: Api, officer: Issued
) -> None:
    other = Ear(api, signed_in(desk).access)
    desk.identity.end(officer.session.id, Why.SIGNED_OUT)
    happen(store, "after")
    ended(ear, "not-signed-in")
    assert other.next().id == "after"


def test_an_account_that_was_closed_for_good(desk: Desk, store: StreamStore, ear: Ear) -> None:
    desk.identity.close(ACCOUNT)
    happen(store, "after")
    ended(ear, "not-signed-in")


def test_too_many_failed_sign_ins_end_nothing_that_is_open(desk: Desk, store: StreamStore, ear: Ear) -> None:
    """Else whoever knows a login could cut its owner off by guessing."""
    attempts = desk.identity.attempts
    for _ in range(FREE):
        attempts.begin(f"login:{ACCOUNT}", "somewhere")
    with pytest.raises(TooMany):
        attempts.begin(f"login:{ACCOUNT}", "somewhere")
    happen(store, "after")
    assert ear.next().id == "after"


def test_an_owner_who_died(db: Any, desk: Desk, store: StreamStore, ear: Ear) -> None:
    db["people"].insert_one({"_id": "p", "person": {"account_id": ACCOUNT, "deceased": True}})
    desk.identity.rest(ACCOUNT)
    happen(store, "after")
    ended(ear, "not-signed-in")


def test_a_token_that_ran_out(db: Any) -> None:
    wall = {"now": 1_800_000_000.0}
    identity = make_identity(
        db, SETTINGS, rpc=a_desk(db).rpc, seals=PlainSeals, now=lambda: wall["now"], spawn=lambda work, *args: None
    )
    desk = a_desk(db, now=lambda: wall["now"], identity=identity)
    from_app = Api(_client(desk), desk)
    published(desk, 1, roles=("duty",), charge_area=GRID)
    listening = Ear(from_app, signed_in(desk).access)
    desk.fanout.deliver(_stored("before"))
    assert listening.next().id == "before"
    wall["now"] += SETTINGS.token_minutes * 60
    desk.fanout.deliver(_stored("after"))
    ended(listening, "token-over")


def test_a_delegate_whose_grant_ended(desk: Desk, store: StreamStore, api: Api) -> None:
    published(desk, 1, roles=("member",), charge_area=None)
    listening = Ear(api, signed_in(desk).access)
    told = (TicketDelegate(ACCOUNT, (Permit.SEE, Permit.BE_TOLD)),)
    happen(store, "granted", delegates=told)
    happen(store, "ended", delegates=())
    happen(store, "again", delegates=told)
    assert listening.ids(2) == ["granted", "again"]


def test_a_lead_whose_team_has_another_one(desk: Desk, store: StreamStore, api: Api) -> None:
    published(desk, 1, roles=("member",), charge_area=None)
    listening = Ear(api, signed_in(desk).access)
    for id, lead in (("asked", MEMBER_ID), ("successor", "m-other"), ("back", MEMBER_ID)):
        offer = OfferMade(offers=(an_offer_change(member_id=lead),))
        store.add([an_envelope(offer, a_demand_snapshot(holders=()), id=id)])
    assert listening.ids(2) == ["asked", "back"]


def test_whoever_a_complaint_is_about(store: StreamStore, ear: Ear) -> None:
    happen(store, "complaint", recused=Recusal(members=(MEMBER_ID,)))
    happen(store, "area", recused=Recusal(areas=(GRID,)))
    happen(store, "staff", recused=Recusal(staff=(ACCOUNT,)))
    happen(store, "other")
    assert ear.ids(1) == ["other"]


def test_a_tail_that_begins_anew_asks_who_everybody_is_now(db: Any, desk: Desk, store: StreamStore, tail: Tail) -> None:
    published(desk, 1, roles=("duty",), charge_area=GRID)
    account = desk.accounts.by_id(ACCOUNT)
    assert account is not None
    listening = desk.fanout.subscribe(account.actor)
    tail.stop()
    published(desk, 2, roles=("duty",), charge_area=OTHER)
    anew = a_tail(db, desk)
    anew.start()
    try:
        assert anew.wait_ready(30)
        happen(store, "old")
        happen(store, "new", area_path=(*AREA_PATH[:-1], OTHER))
        told = wait_until(lambda: listening.take(0)[1])
        assert [one.id for one in told] == ["new"]
    finally:
        anew.stop()


def test_an_account_that_this_version_cannot_read_hears_nothing_and_all_others_go_on(
    db: Any, desk: Desk, store: StreamStore, ear: Ear, api: Api
) -> None:
    published(desk, 1, member_id="m-other", roles=("duty",), charge_area=GRID)
    other = Ear(api, signed_in(desk, "m-m-other").access)
    db["accounts"].update_one({"_id": ACCOUNT}, {"$set": {"own.grants": [{"role": "of tomorrow", "area_id": None}]}})
    happen(store, "after")
    ended(ear, "not-permitted")
    assert other.next().id == "after"


def test_a_change_that_nobody_understands_does_not_silence_what_comes_after_it(
    db: Any, store: StreamStore, ear: Ear
) -> None:
    db["stream"].insert_one({"_id": "no event at all"})
    happen(store, "after")
    assert ear.next().id == "after"


def test_nothing_is_read_for_an_event(
    desk: Desk, store: StreamStore, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: Any) -> Any:
        raise AssertionError("an account was read")

    monkeypatch.setattr(type(desk.accounts), "by_id", read)
    monkeypatch.setattr(type(desk.accounts), "by_ids", read)
    happen(store, "after")
    assert ear.next().id == "after"


def _client(desk: Desk) -> Any:
    return make_app(desk).test_client()


def _stored(id: str) -> dict[str, Any]:
    event = an_envelope(TicketStarted(), a_ticket_snapshot(requester_id="a-who"), id=id)
    return {"_id": id, "community_id": event.communityid, "audience": audience(event, {}), "frame": frame(event)}
