"""Suspected harm: reported quietly, by whoever was there; seen by a small circle; what nobody does goes higher."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from contracts.actor import Actor, Grant, Role
from contracts.commands import Call
from contracts.commands import harm as commands
from contracts.commands.tickets import NewPerson
from contracts.decisions import Decided, Due
from contracts.errors import Invalid, NotFound, Refused
from contracts.events import Event
from contracts.events.harm import HarmClosed, HarmRaised, HarmReceived
from contracts.harm import HarmAuthority, HarmKind, HarmPart, HarmResult, HarmSilence, HarmState
from contracts.lifecycle import IllegalTransition, advance
from contracts.recusal import Recusal, Subject
from contracts.schemas.wire import event_data
from contracts.standing import standing_of
from contracts.words import Given, Permit, SubjectKind
from services.tickets.application.complaints import Complaints
from services.tickets.application.harm import Harm
from services.tickets.application.harm_about import AtWhom
from services.tickets.application.known_people import KnownPeople
from services.tickets.domain import harm as rules
from services.tickets.domain.harm import HARM, HarmAction, HarmReport
from services.tickets.domain.person import Person
from tests.builders import AREA_PATH, COMMUNITY, NOON, TICKET_ID, a_member_actor, a_meta, an_actor
from tests.unit.tickets.builders import a_ticket, holder_number
from tests.unit.tickets.fakes import FakeTickets
from tests.unit.tickets.house import House

VISITOR, OFFICER = replace(a_member_actor("m-1"), account_id="m-m-1"), an_actor(Role.DUTY, account_id="a-officer")
SECRETARY = an_actor(Role.SECRETARY, account_id="a-secretary")
PROTECTOR = an_actor(Role.PROTECTOR, account_id="a-protector")
DISTRICT = an_actor(Role.DISTRICT_CONTACT, account_id="a-district")
ID = "01KAJ5ZX00000000000000HARM"
LOOK = "要去看"
S, A = HarmState, HarmAction
PICTURE = """
             acknowledge  tell explain   close
received     acknowledged told .         .
acknowledged .            told explained .
told         .            told .         closed
explained    .            told .         closed
closed       .            .    .         .
"""


class Reports(FakeTickets):
    """The reports of a community, newest first; it keeps each as an order's fake keeps orders."""

    rows: dict[str, Any]

    def of(self, community_id: str, before: str | None, open_only: bool, limit: int) -> Sequence[HarmReport]:
        known = sorted((row for row in self.rows.values() if not before or row.id < before), key=lambda row: row.id)
        shown = [row for row in reversed(known) if not open_only or row.state is not S.CLOSED]
        return [row for row in shown if row.community_id == community_id][:limit]


@dataclass
class Before:
    """Who had a seat once."""

    seats: set[tuple[str, str]] = field(default_factory=set)

    def were_there(self, ticket_id: str, member_id: str) -> bool:
        return (ticket_id, member_id) in self.seats


@dataclass
class World:
    """An order of a resident for her mother, whose daughter acts for her; one seat is m-1's."""

    house: House = field(default_factory=House)
    reports: Reports = field(default_factory=Reports)
    before: Before = field(default_factory=Before)

    def __post_init__(self) -> None:
        house = self.house
        house.place(an_actor(account_id="a-resident"), beneficiary=NewPerson(name="买买提", phone="000-1"))
        placed = house.tickets.rows[TICKET_ID]
        person = Person(id=str(placed.beneficiary_id), community_id=COMMUNITY, area_path=AREA_PATH)
        granted = person.grant("a-daughter", (Permit.SEE,), Given.CALL, "a-officer", NOON)
        house.people.rows[person.id] = granted.aggregate
        house.tickets.holding(
            a_ticket(
                private=placed.private,
                beneficiary_id=placed.beneficiary_id,
                requester_id="a-resident",
                holders=(holder_number(1),),
            )
        )
        house.crews.members = {"m-1", "m-bad", "m-mate"}
        house.crews.teams = {"t1": ("m-bad", "m-mate")}
        known = KnownPeople(house.people, house.persons, house.tickets)
        at_whom = AtWhom(house.tickets, known, house.persons, self.before, house.sealing)
        complaints = Complaints(house.crews)
        self.harm = Harm(self.reports, at_whom, complaints, house.reveals, house.vault, house.clock)  # type: ignore[arg-type]

    def report(self, actor: Actor = VISITOR, key: str = ID, **changes: Any) -> Any:
        if "person_id" not in changes:
            changes.setdefault("ticket_id", TICKET_ID)
        command = commands.ReportHarm(**{"kind": HarmKind.NEGLECT, "note": "家里没有吃的", **changes})
        return self.harm.report(Call(command, a_meta(actor, command_id=f"c-{key}", created_id=key))).result

    def does(self, name: str, actor: Actor, command: Any, key: str = "c") -> Any:
        return getattr(self.harm, name)(Call(command, a_meta(actor, command_id=f"{name}-{key}"))).result

    def seen_by(self, actor: Actor) -> list[str]:
        return [one["id"] for one in self.does("read", actor, commands.ReadHarmReports())["items"]]

    def passes(self, **time: float) -> None:
        """So much time passes; whatever is due is done, once."""
        self.house.clock.advance(**time)
        for due in self.one.deadlines():
            if due.at <= self.house.clock.now():
                self.harm.fire(ID, due)

    @property
    def one(self) -> HarmReport:
        found = self.reports.rows[ID]
        assert isinstance(found, HarmReport)
        return found

    @property
    def events(self) -> list[Event]:
        return self.reports.events


def cells() -> list[tuple[str, str, str]]:
    head, *lines = [line.split() for line in PICTURE.strip().splitlines()]
    return [(line[0], action, to) for line in lines for action, to in zip(head, line[1:], strict=True)]


@pytest.mark.parametrize(("status", "action", "to"), cells())
def test_every_state_meets_every_action(status: str, action: str, to: str) -> None:
    if to == ".":
        with pytest.raises(IllegalTransition):
            advance(HARM, S(status), A(action))
    else:
        assert advance(HARM, S(status), A(action)) is S(to)


def test_the_picture_is_the_whole_cross_product() -> None:
    assert {(status, action) for status, action, _ in cells()} == {(s.value, a.value) for s, a in product(S, A)}


def test_whoever_reports_learns_that_it_was_received_and_nothing_else() -> None:
    world = World()
    assert set(world.report()) == {"received_at"}
    assert world.report() == world.report()
    assert world.house.tickets.writes == 1, "the order was placed, and never touched again"
    assert [type(event) for event in world.events] == [HarmReceived], "the same key again is one report"
    assert world.seen_by(VISITOR) == []
    with pytest.raises(NotFound):
        world.does("acknowledge", VISITOR, commands.AcknowledgeHarm(report_id=ID))


def test_an_event_says_nothing_of_the_case() -> None:
    world = World()
    world.report()
    snapshot = world.one.snapshot()
    said = json.dumps(event_data(world.events[0], snapshot), ensure_ascii=False, default=str)
    for secret in (TICKET_ID, "m-1", "a-resident", "neglect", "吃的", "买买提", *AREA_PATH[-1:]):
        assert secret not in said
    standing = standing_of(OFFICER, snapshot)
    assert (standing.role, standing.area_id) == ("system", None), "nor as whom somebody reported"
    assert set(json.loads(said)["snapshot"]) == {"id", "community_id", "state", "circle", "district", "area_path"}


def test_who_was_there_reports_who_was_not_finds_nothing() -> None:
    world = World()
    for stranger in (a_member_actor("m-9"), an_actor(account_id="a-resident"), an_actor(account_id="a-daughter")):
        with pytest.raises(NotFound):
            world.report(stranger)
    with pytest.raises(NotFound):
        world.report(replace(OFFICER, grants=(Grant(Role.DUTY, "elsewhere"),)))
    world.before.seats.add((TICKET_ID, "m-9"))
    world.report(a_member_actor("m-9"))
    assert world.one.reporter == "a-m-9", "who gave the seat back was there too"


def test_staff_report_of_a_person_without_an_order_nobody_else_does() -> None:
    world = World()
    person = world.house.tickets.rows[TICKET_ID].beneficiary_id
    world.report(OFFICER, person_id=person)
    assert (world.one.person_id, world.one.ticket_id) == (person, None)
    with pytest.raises(NotFound):
        world.report(VISITOR, "other", person_id=person)
    for both in ({"ticket_id": TICKET_ID, "person_id": person}, {"ticket_id": None}):
        with pytest.raises(Invalid, match="about-one"):
            world.report(OFFICER, "other", **both)


def test_the_circle_sees_it_and_no_other_staff() -> None:
    world = World()
    world.report()
    assert (world.seen_by(SECRETARY), world.seen_by(PROTECTOR)) == ([ID], [ID])
    others = [an_actor(role) for role in Role if role not in (Role.SECRETARY, Role.PROTECTOR)]
    assert [world.seen_by(one) for one in others] == [[]] * len(others), "the district's contact not yet"
    assert world.seen_by(replace(SECRETARY, community_id="elsewhere")) == []


@pytest.mark.parametrize("account", ["a-resident", "a-daughter"])
def test_the_household_sees_nothing_whatever_their_office(account: str) -> None:
    world = World()
    world.report()
    theirs = replace(SECRETARY, account_id=account)
    assert world.seen_by(theirs) == []
    with pytest.raises(NotFound):
        world.does("reveal", theirs, commands.RevealHarm(report_id=ID, part=HarmPart.WORDS, reason=LOOK))


def test_about_one_of_ours_it_begins_with_the_district_and_their_team_never_sees_it() -> None:
    world = World()
    world.report(subject_kind=SubjectKind.MEMBER, subject_id="m-bad")
    assert (world.one.circle, world.one.district) == (False, True)
    assert (world.seen_by(DISTRICT), world.seen_by(SECRETARY)) == ([ID], [])
    for _ in range(rules.ALONE):
        world.passes(hours=1)
    assert world.seen_by(SECRETARY) == [ID], "where the district's contact stays silent"
    for member in ("m-bad", "m-mate"):
        assert world.seen_by(replace(PROTECTOR, member_id=member)) == []
    joined = replace(PROTECTOR, member_id="m-1")
    assert world.seen_by(joined) == [ID]
    world.house.crews.teams = {"t1": ("m-bad", "m-mate", "m-1")}
    assert world.seen_by(joined) == [], "who joined their team since"


def test_the_words_are_sealed_by_the_reports_own_key_and_read_with_a_reason_that_is_logged() -> None:
    world = World()
    world.report()
    assert set(world.house.vault.sealed_for[-2:]) == {ID}
    ask = commands.RevealHarm(report_id=ID, part=HarmPart.WORDS, reason=LOOK)
    with pytest.raises(Refused, match="reason-needed"):
        world.does("reveal", PROTECTOR, replace(ask, reason="  "))
    shown = world.does("reveal", PROTECTOR, ask)
    assert (shown["note"], shown["who"]["name"], shown["who"]["area_id"]) == ("家里没有吃的", "买买提", "heping-1")
    [row] = world.house.reveals.rows
    assert (row.ticket_id, row.account_id, row.reason, row.concerns) == (ID, "a-protector", LOOK, ())
    assert "account_id" not in shown, "who reported it is another part"
    reporter = world.does("reveal", PROTECTOR, replace(ask, part=HarmPart.REPORTER), "r")
    assert reporter == {"account_id": "m-m-1", "member_id": "m-1"}
    assert [one.part for one in world.house.reveals.rows] == ["harm.words", "harm.reporter"]


def test_what_is_too_long_is_refused_by_name_and_nothing_is_ever_cut() -> None:
    world = World()
    person = str(world.house.tickets.rows[TICKET_ID].beneficiary_id)
    named = world.house.persons.rows[person]
    long = "石榴路" * 1_000
    world.house.persons.rows[person] = replace(named, details=replace(named.details, address=long))
    with pytest.raises(Invalid) as refused:
        world.report(note="长" * 2_001)
    assert (refused.value.code, refused.value.field) == ("too-long", "note")
    world.report(note="长" * 2_000)
    shown = world.does("reveal", SECRETARY, commands.RevealHarm(report_id=ID, part=HarmPart.WORDS, reason=LOOK))
    assert (len(shown["note"]), shown["who"]["address"]) == (2_000, long)


def test_an_erasure_of_whom_it_is_about_leaves_it_whole() -> None:
    world = World()
    world.report()
    world.house.vault.erased |= {str(world.one.person_id), "a-resident", TICKET_ID}
    shown = world.does("reveal", SECRETARY, commands.RevealHarm(report_id=ID, part=HarmPart.WORDS, reason=LOOK))
    assert (shown["note"], shown["who"]["name"]) == ("家里没有吃的", "买买提")


def test_silence_goes_higher_and_is_told_again_until_somebody_has_it() -> None:
    world = World()
    world.report()
    world.passes(minutes=14)
    assert world.seen_by(DISTRICT) == []
    world.passes(minutes=1)
    assert world.seen_by(DISTRICT) == [ID]
    world.passes(minutes=59)
    world.passes(minutes=1)
    raised = [event for event in world.events if isinstance(event, HarmRaised)]
    assert [(one.reason, one.times) for one in raised] == [(HarmSilence.UNACKNOWLEDGED, n) for n in (1, 2)]
    world.does("acknowledge", DISTRICT, commands.AcknowledgeHarm(report_id=ID))
    world.passes(hours=22)
    assert len(world.events) == 4, "received, raised twice, acknowledged"
    world.passes(hours=1)
    assert world.events[-1] == HarmRaised(reason=HarmSilence.NOBODY_TOLD, times=1)


def test_what_nobody_closes_goes_up_each_week_and_a_second_authority_gives_no_more_time() -> None:
    world = World()
    world.report()
    told = commands.NoteHarmTold(report_id=ID, whom=HarmAuthority.POLICE)
    world.does("tell", PROTECTOR, told, "1")
    world.passes(days=6, hours=23)
    assert world.seen_by(DISTRICT) == []
    world.does("tell", PROTECTOR, replace(told, whom=HarmAuthority.CIVIL_AFFAIRS), "2")
    world.passes(hours=1)
    assert world.seen_by(DISTRICT) == [ID]
    assert world.events[-1] == HarmRaised(reason=HarmSilence.NOT_CLOSED, times=1)
    world.harm.fire(ID, Due("close:0", NOON))
    world.passes(days=7)
    raised = [event.times for event in world.events if isinstance(event, HarmRaised)]
    assert (raised, world.one.raised) == ([1, 2], 2), "again, and each time once"
    world.does("close", DISTRICT, commands.CloseHarm(report_id=ID, result=HarmResult.TAKEN_OVER))
    assert world.one.deadlines() == ()


def test_what_is_explained_is_closed_in_time_too() -> None:
    world = World()
    world.report()
    world.does("acknowledge", SECRETARY, commands.AcknowledgeHarm(report_id=ID))
    world.does("explain", SECRETARY, commands.ExplainHarm(report_id=ID, words="上门看过,是误会"))
    world.passes(days=7)
    assert world.events[-1] == HarmRaised(reason=HarmSilence.NOT_CLOSED, times=1)


def test_about_one_of_ours_the_circle_hears_where_the_contact_has_it_and_tells_nobody() -> None:
    world = World()
    world.report(subject_kind=SubjectKind.MEMBER, subject_id="m-bad")
    world.does("acknowledge", DISTRICT, commands.AcknowledgeHarm(report_id=ID))
    for _ in range(rules.ALONE):
        assert world.seen_by(SECRETARY) == []
        world.passes(days=1)
    assert world.seen_by(SECRETARY) == [ID]


def test_a_deadline_fires_once_and_not_before_its_time() -> None:
    world = World()
    world.report()
    world.harm.fire(ID, Due("acknowledge:0", NOON))
    assert len(world.events) == 1, "not yet"
    world.passes(minutes=15)
    world.harm.fire(ID, Due("acknowledge:0", NOON))
    world.harm.fire("nobody", Due("acknowledge:0", NOON))
    assert len(world.events) == 2


def test_an_authority_is_told_with_its_number_and_then_it_can_be_closed() -> None:
    world = World()
    world.report()
    close = commands.CloseHarm(report_id=ID, result=HarmResult.TAKEN_OVER, note="派出所已到")
    with pytest.raises(IllegalTransition):
        world.does("close", PROTECTOR, close)
    told = commands.NoteHarmTold(report_id=ID, whom=HarmAuthority.POLICE, number="接警 0042")
    with pytest.raises(Invalid, match="not-yet"):
        world.does("tell", PROTECTOR, replace(told, at=NOON + timedelta(days=1)))
    assert world.does("tell", PROTECTOR, told, "1") == {"id": ID, "state": "told"}
    [due] = world.one.deadlines()
    assert (due.key, due.at) == ("close:0", NOON + rules.CLOSE_WITHIN), "what came of it is due next"
    world.does("tell", PROTECTOR, replace(told, whom=HarmAuthority.CIVIL_AFFAIRS, number=None), "2")
    world.does("close", PROTECTOR, close, "again")
    assert isinstance(world.events[-1], HarmClosed)
    shown = world.does("reveal", SECRETARY, commands.RevealHarm(report_id=ID, part=HarmPart.WORDS, reason=LOOK))
    assert [one["number"] for one in shown["numbers"]] == ["接警 0042", None]
    assert shown["closing"] == "派出所已到"
    assert world.does("read", SECRETARY, commands.ReadHarmReports(open_only=True), "o")["items"] == []


def test_why_nobody_is_told_needs_words_and_nobody_took_it_over_then() -> None:
    world = World()
    world.report()
    world.does("acknowledge", SECRETARY, commands.AcknowledgeHarm(report_id=ID))
    with pytest.raises(Invalid, match="words-needed"):
        world.does("explain", SECRETARY, commands.ExplainHarm(report_id=ID, words=" "))
    world.does("explain", SECRETARY, commands.ExplainHarm(report_id=ID, words="上门看过,是误会"), "1")
    with pytest.raises(Invalid, match="nobody-told"):
        world.does("close", SECRETARY, commands.CloseHarm(report_id=ID, result=HarmResult.TAKEN_OVER))
    world.does("close", SECRETARY, commands.CloseHarm(report_id=ID, result=HarmResult.UNFOUNDED), "1")


def test_pages_go_on_after_the_last_one_also_where_some_are_not_for_the_reader() -> None:
    world = World()
    for number in range(3):
        world.report(key=f"0{number}")
    page = world.does("read", SECRETARY, commands.ReadHarmReports(limit=2))
    assert ([one["id"] for one in page["items"]], page["next"]) == (["02", "01"], "01")
    rest = world.does("read", SECRETARY, commands.ReadHarmReports(limit=2, cursor="01"), "n")
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (["00"], None)


def test_a_recusal_of_nobody_keeps_nobody() -> None:
    report = HarmReport(
        id=ID,
        community_id=COMMUNITY,
        kind=HarmKind.OTHER,
        received_at=NOON,
        reporter=None,
        acknowledge_by=NOON,
        tell_by=NOON,
        circle=True,
        district=False,
    )
    assert report.is_known_to(SECRETARY, Recusal())
    assert not rules.begins_above(None)
    assert not rules.begins_above(Subject(SubjectKind.OTHER))
    assert isinstance(Decided(*rules.received(report)).aggregate, HarmReport)
