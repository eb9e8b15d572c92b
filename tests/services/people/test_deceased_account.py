"""A death stops the person's own account and them as a member; corrected in time, all of it comes back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.envelope import Envelope
from contracts.events.masters import MemberPublished
from contracts.schemas.wire import read_event
from deploy.audit.audit import CLAUSES, audit
from deploy.audit.databases import Databases
from deploy.audit.findings import Scope
from gateway.identity.sessions import Ended, How
from gateway.views.projector import Projector
from services.notify.domain.audience import account as recipient_of
from services.volunteers.adapters.codecs import MemberCodec
from tests.builders import COMMUNITY, a_member_actor, an_actor
from tests.services.people.conftest import ORDER, Family
from tests.services.permissions.people import DISPATCHER, GRID, PLACE
from tests.unit.volunteers.builders import a_member

OFFICER = an_actor(Role.DUTY, account_id="a-officer")


class Owner:
    """Somebody with an account of their own, who may be a member."""

    def __init__(self, family: Family, member: bool = False) -> None:
        self.family, self.town = family, family.town
        number = self.town.number()
        self.member_id = f"dead{number}" if member else None
        who = an_actor(account_id=f"m-{self.member_id}" if member else f"a-own-{number}", member_id=self.member_id)
        if self.member_id is not None:
            plumber = a_member(self.member_id, capacity=9, external_no=self.member_id)
            self.town.publish("volunteers", MemberCodec(), plumber, MemberPublished())
        self.who = self.town.account(who)
        entered = {"name": "陈爷爷", "area_id": PLACE, "account_id": who.account_id}
        self.person_id = str(self.town.do(DISPATCHER, "/people", entered)["person_id"])
        self.identity: Any = self.town.app.extensions["shiliu"].identity

    def die(self, by: Actor = OFFICER) -> Any:
        return self.town.do(by, f"/people/{self.person_id}/deceased", {})

    def restore(self) -> Any:
        return self.town.do(DISPATCHER, f"/people/{self.person_id}/restore", {})

    def account(self) -> Any:
        return self.identity.accounts.by_id(self.who.account_id)

    def sign_in(self) -> Any:
        return self.identity.begin(self.account(), How.PASSWORD, "here")

    def inbox(self) -> list[str]:
        told = self.town.ask("GET", "/api/v1/inbox", None, token=self.sign_in().access).json["items"]
        return [message["title"] for message in told]

    def asks(self, token: str) -> int:
        return int(self.town.ask("GET", "/api/v1/me", None, token=token).status_code)


@pytest.fixture
def owner(family: Family) -> Owner:
    return Owner(family)


def test_nobody_stays_or_comes_in_with_the_account_of_somebody_who_died(owner: Owner) -> None:
    issued = owner.sign_in()
    operators, _ = owner.identity.tokens.issue(owner.who, 60.0, epoch=owner.account().epoch)
    assert [owner.asks(token) for token in (issued.access, operators)] == [200, 200]
    owner.die()
    assert [owner.asks(token) for token in (issued.access, operators)] == [401, 401]
    for way in (owner.sign_in, lambda: owner.identity.refresh(issued.refresh)):
        with pytest.raises(Ended):
            way()
    owner.restore()
    assert owner.asks(issued.access) == 401, "what was ended stays ended"
    assert owner.asks(owner.sign_in().access) == 200


def test_the_right_password_is_answered_like_a_wrong_one(owner: Owner) -> None:
    hashed = owner.identity.passwords.hash("correct horse")
    owner.identity.change_password(owner.who.account_id, hashed)
    body = {"login": owner.who.account_id, "password": "correct horse"}
    assert owner.town.ask("POST", "/api/v1/sessions", None, body).status_code == 201
    owner.die()
    right, wrong = (
        owner.town.ask("POST", "/api/v1/sessions", None, {**body, "password": password})
        for password in ("correct horse", "no such horse")
    )
    assert {right.status_code, wrong.status_code} == {401}
    assert right.json | {"instance": ""} == wrong.json | {"instance": ""}


def test_an_open_stream_ends(owner: Owner) -> None:
    issued = owner.sign_in()
    bearer = owner.identity.tokens.read(issued.access)
    assert not owner.identity.revocations.holds(bearer)
    owner.die()
    assert owner.identity.revocations.holds(bearer), "a stream and a poll look at this each time they go on"


def test_no_code_is_sent_to_them(owner: Owner) -> None:
    told = owner.identity.teller
    whom = type("W", (), {"login": owner.who.account_id, "phone": None, "member_no": None})
    owner.die()
    asked = type("A", (), {"purpose": "sign_in", "place": "here", "locale": "zh-CN"})
    assert told._tell(asked, whom) == "nobody"


def test_as_a_member_nothing_is_asked_of_them_and_their_seat_goes_to_others(family: Family) -> None:
    owner = Owner(family, member=True)
    member, volunteers = owner.member_id, owner.town.resources["volunteers"].db
    offers = owner.town.resources["gateway"].db["offers"]
    ticket = family.town.do(family.son, "/tickets", ORDER)["id"]
    open_offer = {"offer.demand_id": ticket, "offer.status": "open"}
    offer = offers.find_one(open_offer)
    while offer["offer"]["member_id"] != member:
        owner.town.do(a_member_actor(offer["offer"]["member_id"]), f"/offers/{offer['_id']}/decline")
        offer = offers.find_one(open_offer)
    seat = owner.town.do(replace(owner.who, grants=(Grant(Role.MEMBER),)), f"/offers/{offer['_id']}/accept")
    told = family.told(family.son)
    owner.die()
    demand = volunteers["demands"].find_one({"_id": ticket})
    assert [take["released"] for take in demand["takes"]] == ["gave_back"]
    stored = volunteers["members"].find_one({"_id": member})
    assert (stored["on_duty"], stored["holding"]) == (False, [])
    assert owner.town.get(DISPATCHER, f"/tickets/{ticket}")["status"] == "accepted"
    assert not any(word in str(family.told(family.son)[: len(told)]) for word in ("去世", "deceased"))
    assert owner.town.get(DISPATCHER, f"/members/{member}")["on_duty"] is False
    refused = owner.town.ask("POST", f"/api/v1/members/{member}/duty", OFFICER, {"on_duty": True})
    assert refused.status_code == 409, refused.text
    owner.restore()
    assert volunteers["members"].find_one({"_id": member})["on_duty"] is True
    assert seat["id"] not in str(volunteers["members"].find_one({"_id": member})["holding"])
    owner.die()  # so that the tests that follow ask nobody else


def test_what_they_ordered_for_others_goes_on_and_their_silence_says_nothing(owner: Owner, family: Family) -> None:
    ticket = owner.town.do(owner.who, "/tickets", {**ORDER, "beneficiary": {"name": "马大娘"}})["id"]
    family.take(ticket)
    assert owner.die()["stopped"] == []
    owner.town.do(a_member_actor("m1"), f"/tickets/{ticket}/complete", {"result": "solved"})
    owner.town.elapse(days=20)
    assert owner.town.get(DISPATCHER, f"/tickets/{ticket}")["status"] == "completed"
    assert "callback-due" in str(owner.town.get(DISPATCHER, f"/tickets/{ticket}/deliveries"))


def test_nothing_goes_out_to_them_and_the_inbox_is_whole_when_it_was_a_mistake(owner: Owner) -> None:
    town, notify = owner.town, owner.town.resources["notify"].db["messages"]
    ticket = town.do(owner.who, "/tickets", {**ORDER, "beneficiary": {"name": "马大娘"}})["id"]
    before = owner.inbox()
    owner.die()
    to_them = {"thread": ticket, "recipient": recipient_of(owner.who.account_id)}
    pattern = notify.find_one(to_them)
    long_ago = pattern["at"].replace(year=2000)
    outward = {**pattern, "_id": f"{ticket}:out", "channel": "outward", "status": "queued", "tries": 0}
    notify.insert_one({**outward, "try_at": long_ago, "wait_until": long_ago})
    town.deliver()
    kept_back = notify.find_one({"_id": f"{ticket}:out"})
    assert (kept_back["status"], kept_back["reason"]) == ("suppressed", "quiet")
    town.do(DISPATCHER, f"/tickets/{ticket}/cancel", {"reason_code": "not_ours", "go_to": "property"})
    owner.restore()
    assert len(owner.inbox()) == len(before) + 1


def test_an_account_that_is_said_to_be_theirs_after_their_death_rests_too(family: Family) -> None:
    late = family.town.account(an_actor(account_id=f"a-late-{family.town.number()}"))
    family.town.do(OFFICER, f"/people/{family.person_id}/deceased", {})
    family.town.do(DISPATCHER, f"/people/{family.person_id}/details", {"account_id": late.account_id})
    rests = family.town.app.extensions["shiliu"].identity.rests
    assert rests.holds(late.account_id)
    other = family.town.account(an_actor(account_id=f"a-late-{family.town.number()}"))
    assert family.status(DISPATCHER, f"/people/{family.person_id}/details", {"account_id": other.account_id}) == 409
    family.town.do(DISPATCHER, f"/people/{family.person_id}/restore", {})
    assert not rests.holds(late.account_id)


def test_an_officer_shuts_no_colleague_out(family: Family) -> None:
    secretary = family.town.account(an_actor(Role.SECRETARY, account_id=f"a-secretary-{family.town.number()}"))
    theirs = {"name": "书记", "area_id": PLACE, "account_id": secretary.account_id}
    assert family.status(OFFICER, "/people", theirs) == 403
    assert family.status(OFFICER, f"/people/{family.person_id}/details", {"account_id": secretary.account_id}) == 403
    person_id = family.town.do(DISPATCHER, "/people", theirs)["person_id"]
    nearby = an_actor(Role.DISPATCHER, account_id="a-near", grants=(Grant(Role.DISPATCHER, GRID),))
    for who in (OFFICER, nearby):
        assert family.status(who, f"/people/{person_id}/deceased", {}) == 403
    assert family.status(DISPATCHER, f"/people/{person_id}/deceased", {}) == 200


def _history(owner: Owner) -> Sequence[Any]:
    owner.die()
    owner.restore()
    stored = owner.town.resources["tickets"].event_store.collection.find({"thread": owner.person_id})
    return [read_event(Envelope.from_wire(row["wire"]).to_wire()) for row in stored]


def test_told_twice_and_backwards_the_account_is_as_it_is_now(owner: Owner) -> None:
    events = _history(owner)
    issued = owner.sign_in()
    handlers = owner.town.parts["gateway"].handlers
    for event in (*reversed(events), *events):
        for name in ("project", "rest_account"):
            handlers[name]([event])
    assert owner.asks(issued.access) == 200, "a death that comes late signs nobody out"
    people = owner.town.resources["gateway"].db["people"]
    people.delete_one({"_id": owner.person_id})
    for event in (*reversed(events), *events):
        Projector({"people": people}).project([event.envelope])
    assert people.find_one({"_id": owner.person_id})["person"]["deceased"] is False


def test_the_audit_follows(family: Family) -> None:
    owner = Owner(family, member=True)
    owner.die()
    settings = owner.town.resources["tickets"].settings
    people = owner.town.resources["gateway"].db["people"]
    views = {name: clause for name, clause in CLAUSES.items() if name == "views_differ"}

    def found() -> list[str]:
        with Databases(settings.mongo_url, settings.amqp_url, settings.db_prefix) as databases:
            return [str(one) for some in audit(databases, Scope(COMMUNITY), views).values() for one in some]

    assert found() == []
    people.update_one({"_id": owner.person_id}, {"$set": {"person.deceased": False}})
    assert any(owner.person_id in one for one in found())
    people.update_one({"_id": owner.person_id}, {"$set": {"person.deceased": True}})
