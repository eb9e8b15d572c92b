"""A member's rights in volunteers: all of theirs handed over; or their seat free for another, and nobody by name."""

import json
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from pymongo.database import Database

from chassis.aggregates import Aggregates
from chassis.gear import offline
from chassis.journal import Journal
from chassis.mongo import Document
from chassis.person import NAMELESS, Whom
from chassis.settings import Settings
from chassis.vault import Vault
from contracts.actor import Role
from contracts.commands.hands_on import FreezeSearch
from contracts.commands.volunteers import AcceptOffer
from contracts.decisions import Decided
from contracts.events.masters import MemberPublished
from contracts.hands_on import SteeringReason
from contracts.words import Given, OfferStatus, ReleaseReason
from services.volunteers.adapters.codecs import TeamCodec
from services.volunteers.adapters.reveals import MongoMemberReveals
from services.volunteers.adapters.sealed import member_context
from services.volunteers.application.erasing import Erasing
from services.volunteers.application.reveals import MemberReveal
from services.volunteers.domain.member import Guardian, Member, Sealed
from services.volunteers.domain.team import Team
from services.volunteers.service import NAME, build
from tests.builders import NOON, TICKET_ID, a_meta, an_actor
from tests.fakes.clock import FixedClock
from tests.rooms import MASTER_KEY
from tests.services.volunteers.conftest import Service
from tests.unit.volunteers.builders import a_member, accepted
from tests.waiting import wait_until

HER = Whom(accounts=("m-m1",), members=("m1",))


def of(settings: Settings, verb: str, whom: Whom = HER) -> Any:
    with offline(build, settings, NAME) as (_, parts):
        more = ("keeper",) if verb == "export" else ()
        return json.loads(json.dumps(getattr(parts.person, verb)(whom, *more)))


@pytest.fixture
def vault(db: Database[Document]) -> Vault:
    return Vault(db.client, db, MASTER_KEY)


@pytest.fixture
def sealed(vault: Vault) -> Sealed:
    name, phone = vault.seal("m1", "何桂芳", "members/m1/name"), vault.seal("m1", "000", "members/m1/phone")
    return Sealed(name, phone, vault.index("000", "members/phone"))


def published(service: Service, member: Member) -> None:
    """As an import leaves them, told to the others."""

    def decide(member: Member, _: Member | None) -> Decided[Member]:
        return Decided(member, (MemberPublished(),))

    service.members.apply(member.id, a_meta(command_id=f"import {member.id}"), partial(decide, member))


def test_a_member_is_found_by_number_id_and_account(service: Service, settings: Settings) -> None:
    service.add(a_member("m1", external_no="V009"))
    with offline(build, settings, NAME) as (_, parts):
        assert parts.person is not None
        for name in ("V009", "m1", "m-m1"):
            assert parts.person.known(Whom(), [name]) == HER
        assert parts.person.known(Whom(accounts=("m-m1",)), []) == HER
        assert parts.person.known(Whom(), ["V010"]) == Whom()


def test_a_member_gets_all_of_theirs_and_nothing_of_others(
    service: Service, settings: Settings, sealed: Sealed
) -> None:
    service.add(a_member("m1", sealed=sealed), a_member("m2", display_name="别人"))
    service.tell(accepted(seats=2))
    offers = {offer.member_id: offer for offer in service.wait(lambda demand: len(demand.offers) == 2).offers}
    service.call(AcceptOffer(offer_id=offers["m1"].id), "m1")
    held = of(settings, "export")
    assert (held["members"][0]["name"], held["members"][0]["phone"]) == ("何桂芳", "000")
    assert [(row["role"], row["account_id"]) for row in held["read_by_others"]] == [("operator", "operator:keeper")]
    assert [offer["status"] for offer in held["offers"]] == ["accepted"]
    assert [seat["status"] for seat in held["seats"]] == ["taken"]
    assert "别人" not in str(held)
    assert "m2" not in str(held)


def test_staff_get_what_they_wrote_when_they_stepped_in_and_nobody_else_does(
    service: Service, settings: Settings, vault: Vault
) -> None:
    service.add(a_member("m1"))
    service.tell(accepted())
    service.wait(lambda demand: demand.offers)
    desk = an_actor(Role.DISPATCHER, account_id="a-desk")
    freeze = FreezeSearch(demand_id=TICKET_ID, reason=SteeringReason.WAITS, note="等配件")
    service.rpc.call(freeze, a_meta(desk, "freeze"))
    [row] = of(settings, "export", Whom(accounts=("a-desk",)))["stepped_in"]
    assert (row["step"], row["reason"], row["note"]) == ("freeze", "waits", "等配件")
    assert of(settings, "export")["stepped_in"] == []
    of(settings, "erase", Whom(accounts=("a-desk",)))
    [hand] = service.demand().steering.hands
    assert hand.note is not None
    assert vault.try_open(hand.note, f"members/a-desk/hands/{TICKET_ID}/1") is None, "erased: mute for ever"


def test_an_erased_member_frees_their_seat_and_is_named_nowhere(
    service: Service, db: Database[Document], settings: Settings, sealed: Sealed, vault: Vault
) -> None:
    her = a_member("m1", external_no="V009", display_name="何姐", sealed=sealed)
    published(service, her)
    teams = Aggregates(Journal(db, FixedClock()), TeamCodec())
    team = Team(id="t1", community_id=her.community_id, name=accepted().snapshot.item_name, kind="team", area="g",
                lead="m1", member_ids=("m1", "m2"))  # fmt: skip
    teams.apply("t1", a_meta(command_id="team"), lambda _: Decided(team))
    service.tell(accepted())
    [offer] = service.wait(lambda demand: demand.offers).offers
    service.call(AcceptOffer(offer_id=offer.id), "m1")
    service.add(replace(a_member("m2"), display_name="别人"))
    wait_until(lambda: db["events"].count_documents({}) >= 3)

    done = of(settings, "erase")

    assert (done["let_go"], done["members"]) == (1, 1)
    demand = service.demand()
    assert [take.released for take in demand.takes] == [ReleaseReason.GAVE_BACK]
    assert [one.member_id for one in demand.offers if one.status is OfferStatus.OPEN] == ["m2"], "the next is asked"
    member = service.members.get("m1")
    assert member is not None
    empty: Any = {"capacity": 0, "on_duty": False, "serving": False, "erased": True, "employment": her.employment}
    nobody = {"external_no": "erased-m1", "display_name": NAMELESS, **empty}
    assert member == Member(id="m1", community_id=her.community_id, **nobody)
    assert teams.get("t1") == replace(team, lead=None, member_ids=("m2",))
    wait_until(lambda: not any(db[name].find_one({"pending": True}) for name in ("members", "demands", "teams")))
    of(settings, "erase")
    everything = json.dumps([list(db[name].find()) for name in ("members", "demands", "teams", "events")], default=str)
    assert "何姐" not in everything
    assert "V009" not in everything
    assert vault.try_open(sealed.name, "members/m1/name") is None
    assert set(of(settings, "erase").values()) == {0}


def test_whoever_was_asked_is_asked_no_more(service: Service, settings: Settings) -> None:
    service.add(a_member("m1"))
    service.tell(accepted())
    service.wait(lambda demand: demand.offers)
    assert of(settings, "erase")["let_go"] == 1
    assert service.demand(TICKET_ID).open_offers == ()


def test_nor_is_there_an_offer_left_that_came_while_they_were_erased(
    service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.add(a_member("m1"))
    forget = Erasing.forget

    def asked_meanwhile(erasing: Erasing, member_id: str) -> bool:
        service.tell(accepted())
        service.wait(lambda demand: demand.offers)
        return forget(erasing, member_id)

    monkeypatch.setattr(Erasing, "forget", asked_meanwhile)
    assert of(settings, "erase")["let_go"] == 1
    assert service.demand(TICKET_ID).open_offers == ()


def test_a_minor_gets_who_answers_for_them_and_a_member_who_has_read_what_is_theirs(
    service: Service, settings: Settings, vault: Vault
) -> None:
    guardian = Guardian(
        name=vault.seal("m1", "何建国", member_context("m1", "guardian.name")),
        phone=vault.seal("m1", "000-9", member_context("m1", "guardian.phone")),
        agreed_on=date(2026, 9, 1),
        how=Given.SIGNATURE,
        text_version="minor-1",
    )
    service.add(replace(a_member("m1"), guardian=guardian))
    read = MemberReveal(
        community_id=a_member("m1").community_id,
        member_id="m1",
        at=NOON,
        account_id="a-duty",
        reason="核对电话",
        part="contact",
    )
    MongoMemberReveals(vault.keys.database, vault).add("k-1", [read, replace(read, member_id="m2")])
    held = of(settings, "export")
    assert (held["members"][0]["guardian"]["name"], held["members"][0]["guardian"]["phone"]) == ("何建国", "000-9")
    others = [row for row in held["read_by_others"] if row["role"] != "operator"]
    assert [(row["account_id"], row["reason"]) for row in others] == [("a-duty", "核对电话")]
