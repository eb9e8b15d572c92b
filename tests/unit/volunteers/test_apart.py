"""Who is not sent to whom is known to whoever said it, and to nobody else, whatever they look at."""

from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands.members import EndApart, KeepApart, ReadApart
from contracts.dispatch import ApartReason
from contracts.errors import Conflict, Invalid, NotFound
from contracts.events import AnyReceived
from contracts.events.ticket_snapshot import TicketDelegate
from contracts.events.tickets import TicketDelegatesChanged
from contracts.recusal import Recusal
from contracts.words import Permit
from services.volunteers.application.apart import Keeping
from services.volunteers.domain.member import Member
from tests.builders import COMMUNITY, TICKET_ID, a_member_actor, a_meta, a_ticket_snapshot, an_actor, received
from tests.unit.volunteers.builders import a_member, accepted, completed
from tests.unit.volunteers.world import World

REQUESTER, ELDER = "a-orders", "person-of-the-elder"
PERSON = an_actor(Role.RESIDENT, account_id=REQUESTER)
STAFF = Actor(account_id="a-desk", community_id=COMMUNITY, grants=(Grant(Role.DISPATCHER),))
FOR_ELDER = {"requester_id": REQUESTER, "beneficiary_id": ELDER}


class Town:
    """m1 had an order of the elder's; m2 had nothing."""

    def __init__(self) -> None:
        self.world = World(a_member("m1", capacity=5), a_member("m2", on_duty=False))
        self.keeping = Keeping(self.world.members, self.world.demands, self, self.world.areas, self.world.clock)
        self.world.tell(accepted(ticket=FOR_ELDER))
        self.world.say_yes("m1")
        self.calls = 0

    def by(self, community_id: str, account_id: str) -> list[Member]:
        """A ``SaidOf``."""
        found = [self.world.member(id) for id in self.world.members.ids()]
        return [one for one in found if any(apart.by == account_id for apart in one.apart)]

    def keep(self, actor: Actor, member_id: str = "m1", **more: Any) -> str:
        self.calls += 1
        command = KeepApart(ticket_id=TICKET_ID, member_id=member_id, **more)
        return str(self.keeping.keep(Call(command, a_meta(actor, f"keep-{self.calls}"))).result["id"])

    def end(self, actor: Actor, apart_id: str) -> Any:
        self.calls += 1
        return self.keeping.end(Call(EndApart(apart_id=apart_id), a_meta(actor, f"end-{self.calls}"))).result

    def read(self, actor: Actor, member_id: str | None = None) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.keeping.read(
            Call(ReadApart(member_id=member_id), a_meta(actor, "read"))
        ).result["apart"]
        return rows


@pytest.fixture
def town() -> Town:
    return Town()


M1 = a_member_actor("m1")


@pytest.mark.parametrize(("who", "said_by"), [(M1, "member"), (PERSON, "person"), (STAFF, "staff")])
def test_whoever_says_it_is_heard_and_the_next_order_of_the_same_person_goes_to_others(
    town: Town, who: Actor, said_by: str
) -> None:
    id = town.keep(who)
    assert id == f"m1.{TICKET_ID}.{said_by}"
    town.world.tell(completed(2, **FOR_ELDER))
    town.world.set_duty("m2", on_duty=True)
    town.world.tell(accepted(ticket={**FOR_ELDER, "id": "again", "requester_id": "a-sister"}))
    assert [offer.member_id for offer in town.world.demand_of("again").offers] == ["m2"]
    town.world.tell(accepted(ticket={"id": "other", "requester_id": "a-other"}))
    assert [offer.member_id for offer in town.world.demand_of("other").offers] == ["m1"]
    assert town.end(who, id) == {"ended": True}
    assert town.world.member("m1").apart == ()


def delegates_are(version: int, *delegates: TicketDelegate) -> AnyReceived:
    return received(TicketDelegatesChanged(), a_ticket_snapshot(delegates=delegates, **FOR_ELDER), version)


def test_who_confirms_for_the_person_served_says_it_for_them(town: Town) -> None:
    son, daughter, elder = (an_actor(Role.RESIDENT, account_id=id) for id in ("a-son", "a-daughter", ELDER))
    may = {"a-son": (Permit.SEE, Permit.CONFIRM), "a-daughter": (Permit.ORDER, Permit.CONFIRM)}
    town.world.tell(delegates_are(2, *(TicketDelegate(*one) for one in may.items())))
    assert town.keep(son) == town.keep(elder) == f"m1.{TICKET_ID}.person"
    with pytest.raises(NotFound):
        town.keep(daughter)
    assert [one.other for one in town.world.member("m1").apart] == [ELDER, ELDER]
    assert [len(town.read(who)) for who in (son, elder, PERSON)] == [1, 1, 0]
    town.world.tell(delegates_are(3))
    with pytest.raises(NotFound):
        town.keep(son)
    assert town.end(son, f"m1.{TICKET_ID}.person") == {"ended": True}, "their own word they can always take back"


def test_said_twice_is_once(town: Town) -> None:
    assert town.keep(PERSON) == town.keep(PERSON)
    assert len(town.world.member("m1").apart) == 1


def test_each_sees_their_own_word_alone(town: Town) -> None:
    for who in (M1, PERSON, STAFF):
        town.keep(who)
    assert [row["said_by"] for row in town.read(M1)] == ["member"]
    assert [row["said_by"] for row in town.read(PERSON)] == ["person"]
    assert [(row["said_by"], row["reason"]) for row in town.read(STAFF, "m1")] == [("staff", "asked")]
    assert town.read(STAFF) == []
    for who in (M1, PERSON):
        with pytest.raises(NotFound):
            town.read(who, "m1")


def test_nobody_takes_back_what_another_said(town: Town) -> None:
    said = {who.account_id: town.keep(who) for who in (M1, PERSON, STAFF)}
    for who in (M1, PERSON, STAFF):
        for account, id in said.items():
            if account != who.account_id:
                with pytest.raises(NotFound):
                    town.end(who, id)
    assert len(town.world.member("m1").apart) == 3


def test_no_event_no_profile_no_refusal_and_no_count_holds_it(town: Town) -> None:
    """The other side learns nothing: a marked person, and everything that is told, answered and counted."""
    before = len(town.world.journal.envelopes)
    town.keep(PERSON)
    assert len(town.world.journal.envelopes) == before
    assert ELDER not in str(town.world.profiles.shown(town.world.member("m1")))
    assert "apart" not in town.world.profiles.shown(town.world.member("m1"))
    town.world.tell(accepted(ticket={**FOR_ELDER, "id": "again"}, waves=0))
    with pytest.raises(Conflict) as kept:
        town.world.claim("m1", "again")
    assert kept.value.code == "not-qualified"
    assert "apart" not in str([one.data for one in town.world.journal.envelopes])
    assert kept.value.sentence.zh == "这一单要由别的人员来办"


@pytest.mark.parametrize(
    ("who", "member"),
    [
        (a_member_actor("m2"), "m2"),
        (a_member_actor("m2"), "m1"),
        (PERSON, "m2"),
        (an_actor(Role.RESIDENT, account_id="a-stranger"), "m1"),
        (Actor(account_id="a-far", community_id="zaoyuanli", grants=(Grant(Role.DISPATCHER),)), "m1"),
        (STAFF, "nobody"),
    ],
)
def test_who_never_met_finds_nothing(town: Town, who: Actor, member: str) -> None:
    with pytest.raises(NotFound):
        town.keep(who, member)


def test_people_are_asked_for_no_reason(town: Town) -> None:
    with pytest.raises(Invalid):
        town.keep(PERSON, reason=ApartReason.DISPUTE)
    town.keep(STAFF, reason=ApartReason.DISPUTE)


def test_whose_own_case_a_complaint_is_finds_nothing(town: Town) -> None:
    town.world.tell(accepted(5, ticket={**FOR_ELDER, "recused": Recusal(members=("m1",))}))
    with pytest.raises(NotFound):
        town.keep(M1)
