"""Rules as data: who hears of each event, in which words."""

from pathlib import Path

import pytest

from contracts.catalogue import PictureAsked
from contracts.events import EVENTS
from contracts.events.tickets import TicketAccepted, TicketCancelled, TicketRejected
from contracts.events.volunteers import AssignmentMade, AssignmentReleased, OfferDeclined, OfferMade
from contracts.ladder import EscalationReason, Rung, WhistleStep
from contracts.ledger import RequestKind
from contracts.topology import TOPOLOGY
from contracts.words import DelegationEnd, OfferStatus, ReleaseReason, ResultCode, Text, Urgency
from services.notify.adapters.packaged import BrokenData, read_words
from services.notify.adapters.rules import check_rules, read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.planning import messages_for
from tests.builders import (
    ASSIGNMENT_ID,
    SAMPLE_BODIES,
    a_ticket_holder,
    a_ticket_snapshot,
    an_offer_change,
    received,
    some_terms,
)
from tests.builders_of_ladder import a_whistle

RULES = read_rules()
TEMPLATES = YamlTemplates()
HEARD = sorted({row.event for row in TOPOLOGY if (row.service, row.handler) == ("notify", "notify")})


def told(body, snapshot=None) -> set[tuple[str, str]]:
    return {(message.rule, message.recipient) for message in messages_for(RULES, received(body, snapshot))}


def test_every_template_has_its_rule_and_every_rule_its_template() -> None:
    check_rules(RULES, read_words(RULES)[0])


def test_notify_has_a_rule_for_every_event_it_hears() -> None:
    assert {rule.event for rule in RULES} | {"shiliu.assignment.released.v1"} == set(HEARD)


@pytest.mark.parametrize("body", [body for body in SAMPLE_BODIES if body.TYPE in HEARD], ids=lambda body: body.TYPE)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_message_of_every_event_can_be_said(body, locale: str) -> None:
    for message in messages_for(RULES, received(body)):
        rendered = TEMPLATES.render(message.template, locale, message.params)

        assert rendered.title
        assert "None" not in rendered.body
        if body.AGGREGATE == "person":
            assert not {"ended", "lapsed", "given_up"} & set(rendered.body.replace(".", " ").split()) or locale == "en"
            continue
        if body.AGGREGATE in ("harm_report", "plea"):
            assert message.params.keys() <= {"grid", "groups"}, "nothing of the case, no word of what somebody wrote"
            continue
        if body.AGGREGATE == "roster":
            assert "2026-11-22" in rendered.body
            continue
        unnumbered = message.template in ("please-help", "offer-withdrawn") or body.AGGREGATE == "hours"
        assert "NC-261121-0042" in rendered.body or unnumbered
        assert ("水电小修" in rendered.body) is (locale == "zh-CN")


def test_the_requester_hears_that_the_order_is_in() -> None:
    assert told(TicketAccepted(terms=some_terms())) == {("order-received", "account:a-resident")}


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_first_news_of_an_order_asks_for_the_picture_that_it_wants(locale: str) -> None:
    asked = (PictureAsked(question="photo", label=Text("拍一张龙头", "the tap")),)
    wanted = asked[0].label.zh if locale == "zh-CN" else asked[0].label.en
    bodies = []
    for version in (1, 2):
        event = received(TicketAccepted(terms=some_terms()), a_ticket_snapshot(pictures_asked=asked), version)
        (message,) = [one for one in messages_for(RULES, event) if one.rule == "order-received"]
        bodies.append(wanted in TEMPLATES.render(message.template, locale, message.params).body)
    assert bodies == [True, False], "later the picture may be there"


def test_an_order_without_account_tells_nobody_but_is_no_error() -> None:
    assert told(TicketAccepted(terms=some_terms()), a_ticket_snapshot(requester_id=None)) == set()


def test_dispatchers_hear_of_an_emergency_at_once() -> None:
    snapshot = a_ticket_snapshot(urgency=Urgency.EMERGENCY)

    assert ("emergency-order", "dispatchers:shiliuli") in told(TicketAccepted(terms=some_terms()), snapshot)


def test_only_those_whose_offer_is_open_are_asked() -> None:
    body = OfferMade(
        offers=(
            an_offer_change(member_id="m-1"),
            an_offer_change(id="o-2", member_id="m-2", status=OfferStatus.WITHDRAWN),
        )
    )

    assert told(body) == {("please-help", "member:m-1"), ("offer-withdrawn", "member:m-2")}


def test_why_one_was_asked_is_said_to_that_one_only() -> None:
    near, skilled = Text("走路10分钟以内", "within 10 minutes' walk"), Text("会水电小修", "can do small repairs")
    body = OfferMade(
        offers=(an_offer_change(member_id="m-1", why=(near,)), an_offer_change(member_id="m-2", why=(skilled,)))
    )
    words = {
        message.recipient: TEMPLATES.render(message.template, "zh-CN", message.params).body
        for message in messages_for(RULES, received(body))
    }

    assert near.zh in words["member:m-1"]
    assert skilled.zh not in words["member:m-1"]


def test_nobody_hears_who_declined() -> None:
    assert told(OfferDeclined(offers=(an_offer_change(status=OfferStatus.DECLINED),))) == set()


def test_those_who_lost_the_seat_are_told_kindly() -> None:
    lost = an_offer_change(id="o-2", member_id="m-2", status=OfferStatus.WITHDRAWN)
    body = AssignmentMade(assignment_id="s1", member_id="m-1", offer_id="o-1", offers=(lost,))

    assert told(body) == {("you-have-it", "member:m-1"), ("offer-taken-by-others", "member:m-2")}


@pytest.mark.parametrize(("by_role", "hears"), [("resident", False), ("staff", True)])
def test_a_requester_is_told_of_a_cancellation_by_staff_only(by_role: str, hears: bool) -> None:
    body = TicketCancelled(
        by_role=by_role, reason_code="nobody_free", go_to="property", released=(a_ticket_holder(member_id="m-1"),)
    )

    assert ("cancelled-by-staff", "account:a-resident") in told(body) or not hears
    assert (("cancelled-by-staff", "account:a-resident") in told(body)) is hears
    assert ("cancelled-for-crew", "member:m-1") in told(body)


@pytest.mark.parametrize(("reason", "hears"), [(ReleaseReason.BUSY, True), (ReleaseReason.GAVE_BACK, False)])
def test_who_loses_a_seat_for_being_busy_is_told_not_to_go(reason: ReleaseReason, hears: bool) -> None:
    """They heard that everybody goes once more."""
    body = AssignmentReleased(assignment_id=ASSIGNMENT_ID, member_id="m-1", reason=reason)

    assert (("your-seat-was-given-on", "member:m-1") in told(body)) is hears


def test_a_minor_whose_adult_cannot_come_is_told_and_so_are_dispatchers() -> None:
    body = AssignmentReleased(assignment_id=ASSIGNMENT_ID, member_id="m-1", reason=ReleaseReason.ALONE)
    assert told(body) == {("adult-cannot-come", "member:m-1"), ("seat-free-again", "dispatchers:shiliuli")}


def test_the_same_event_gives_the_same_message_ids() -> None:
    event = received(TicketAccepted(terms=some_terms()))

    assert [m.id for m in messages_for(RULES, event)] == [m.id for m in messages_for(RULES, event)]


def test_in_app_is_delivered_by_being_stored_and_the_rest_is_queued() -> None:
    event = received(TicketAccepted(terms=some_terms()), a_ticket_snapshot(urgency=Urgency.EMERGENCY))
    statuses = {(message.channel, message.status) for message in messages_for(RULES, event)}

    assert statuses == {("in_app", DeliveryStatus.DELIVERED), ("group", DeliveryStatus.QUEUED)}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("event: shiliu.ticket.vanished.v1, audience: requester, template: t, category: order", "vanished"),
        ("event: shiliu.ticket.closed.v1, audience: anybody, template: t, category: order", "anybody"),
        ("event: shiliu.ticket.closed.v1, audience: requester, category: order", "template"),
        ("event: shiliu.ticket.closed.v1, audience: requester, template: t", "category"),
        ("event: shiliu.ticket.closed.v1, audience: requester, template: t, category: weather", "weather"),
        ("event: shiliu.ticket.started.v1, audience: requester, template: t, category: order", "does not hear"),
        ("event: shiliu.ticket.closed.v1, audience: dispatchers, template: t, category: duty, reach: 1", "many people"),
        ("event: shiliu.ticket.closed.v1, audience: requester, template: t, category: order, cancels: [b]", "no rule"),
        ("event: shiliu.ticket.closed.v1, audience: everyone", "cancels nothing"),
    ],
)
def test_a_broken_rule_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(f"rules:\n  - {{id: a, {line}}}\n", encoding="utf-8")

    with pytest.raises(BrokenData, match=complaint):
        read_rules(path)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [("{{ phone }}", "phone"), ("{{ number", "t"), ("{{ ''.__class__.__mro__ }}{{ secret }}", "secret")],
)
def test_a_broken_template_is_named(tmp_path: Path, body: str, complaint: str) -> None:
    path = tmp_path / "templates.yaml"
    path.write_text(
        "codes: {}\ntemplates:\n  t:\n    variables: [number]\n"
        f'    zh-CN: {{title: "a", body: "{body}"}}\n    en: {{title: "a", body: "b"}}\n',
        encoding="utf-8",
    )

    with pytest.raises(BrokenData, match=complaint):
        YamlTemplates(path)


def test_every_event_type_of_a_rule_exists() -> None:
    assert {rule.event for rule in RULES} <= set(EVENTS)


@pytest.mark.parametrize(
    "body",
    [
        TicketRejected(reason_code="not_ours", go_to="gas_company"),
        TicketCancelled(by_role="staff", reason_code="not_ours", go_to="gas_company", released=()),
    ],
    ids=lambda body: body.TYPE,
)
def test_a_department_that_was_called_hears_that_it_need_not_go(body) -> None:
    heard = [
        recipient for rule, recipient in told(body, a_ticket_snapshot(whistles=(a_whistle(),))) if "no-more" in rule
    ]
    assert sorted(heard) == ["member:m-q01", "member:m-q02"]


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_danger_that_was_dealt_with_is_told_as_danger(locale: str) -> None:
    told = TEMPLATES.render("danger-handled", locale, {"number": "NC-1", "item": {"zh": "燃气", "en": "Gas"}})
    assert "120 / 119 / 110" in told.body


def test_a_callback_that_was_drawn_is_not_said_to_be_for_somebody_without_an_account() -> None:
    told = TEMPLATES.render("callback-due", "zh-CN", {"number": "NC-1", "item": {"zh": "燃气", "en": "Gas"}})
    assert "没有账号" not in told.body


def test_a_template_that_says_the_same_language_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "templates.yaml"
    words = '{title: "a", body: "b"}'
    path.write_text(
        f"codes: {{}}\ntemplates:\n  t:\n    variables: []\n    zh-CN: {words}\n    en: {words}\n    en: {words}\n",
        encoding="utf-8",
    )
    with pytest.raises(BrokenData, match="'en' 写了两次"):
        YamlTemplates(path)


CODED = (EscalationReason, WhistleStep, RequestKind, Rung, ResultCode, DelegationEnd)


@pytest.mark.parametrize("code", sorted({code.value for words in CODED for code in words}))
def test_every_coded_word_that_a_message_may_say_has_its_words(code: str) -> None:
    said = TEMPLATES.codes[code]
    assert said["zh"]
    assert said["en"]
