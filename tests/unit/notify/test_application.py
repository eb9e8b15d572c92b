"""Telling and reading, on fakes."""

import pytest

from contracts.actor import Grant, Role
from contracts.commands import Call
from contracts.commands.notify import Acknowledge, MarkRead, ReadInbox
from contracts.errors import Invalid, NotFound
from contracts.events.tickets import TicketAccepted, TicketClosed
from contracts.events.volunteers import DemandUnserved, OfferMade
from contracts.words import ClosedBy
from services.notify.adapters.rules import read_rules
from services.notify.adapters.words import YamlTemplates
from services.notify.application.notify import NotifyApplication
from tests.builders import AREA_PATH, NOON, a_member_actor, a_meta, an_actor, an_offer_change, received, some_terms
from tests.fakes.messages import FakeMessages
from tests.fakes.resting import FakeResting
from tests.fakes.rules import TheseRules

RULES = read_rules()
TEMPLATES = YamlTemplates()
RESIDENT = an_actor(Role.RESIDENT, account_id="a-resident")


class Noon:
    def now(self):
        return NOON


def application(messages: FakeMessages) -> NotifyApplication:
    return NotifyApplication(
        rules=TheseRules(RULES), messages=messages, templates=TEMPLATES, resting=FakeResting(), clock=Noon()
    )


def read(app: NotifyApplication, actor, **values) -> dict:
    return dict(app.read_inbox(Call(ReadInbox(**values), a_meta(actor))).result)


def test_a_history_told_twice_and_shuffled_is_told_once() -> None:
    history = [
        received(TicketAccepted(terms=some_terms())),
        received(OfferMade(offers=(an_offer_change(),))),
        received(TicketClosed(by=ClosedBy.REQUESTER, answer=None, resolved=True), version=2),
    ]
    once, twice = FakeMessages(), FakeMessages()
    application(once).notify(history)
    application(twice).notify([*reversed(history), *history])

    assert once.rows.keys() == twice.rows.keys() != set()


def test_an_inbox_is_in_the_readers_language_and_theirs_alone() -> None:
    app = application(FakeMessages())
    app.notify([received(TicketAccepted(terms=some_terms())), received(OfferMade(offers=(an_offer_change(),)))])

    assert [item["title"] for item in read(app, RESIDENT)["items"]] == ["已受理,正在找人"]
    assert [item["title"] for item in read(app, a_member_actor(), locale="en")["items"]] == ["Could you help?"]
    assert read(app, an_actor(Role.DISPATCHER))["items"] == []


def test_dispatchers_share_an_alarm_but_each_reads_it_for_themselves() -> None:
    app = application(FakeMessages())
    app.notify([received(DemandUnserved(gates={"skill": 3}))])
    first, second = an_actor(Role.DISPATCHER, account_id="a-1"), an_actor(Role.SECRETARY, account_id="a-2")
    message_id = read(app, first)["items"][0]["id"]
    app.mark_read(Call(MarkRead(message_id=message_id), a_meta(first)))

    assert (read(app, first)["unread"], read(app, second)["unread"]) == (0, 1)


def test_who_says_that_they_know_is_shown_it_and_nobody_else() -> None:
    app = application(FakeMessages())
    app.notify([received(DemandUnserved(gates={"skill": 3}))])
    first, second = an_actor(Role.DISPATCHER, account_id="a-1"), an_actor(Role.SECRETARY, account_id="a-2")
    (message,) = read(app, first)["items"]
    said = app.acknowledge(Call(Acknowledge(message_id=message["id"]), a_meta(first))).result

    assert message["acknowledged_at"] is None
    (mine,), (other,) = read(app, first)["items"], read(app, second)["items"]
    assert {"read_at": mine["read_at"], "acknowledged_at": mine["acknowledged_at"]} == said
    assert (other["read_at"], other["acknowledged_at"]) == (None, None)
    with pytest.raises(NotFound):
        app.acknowledge(Call(Acknowledge(message_id=message["id"]), a_meta(RESIDENT)))


def test_who_dispatches_one_grid_hears_of_its_orders_only() -> None:
    app = application(FakeMessages())
    app.notify([received(DemandUnserved(gates={"skill": 3}))])
    here, there = (
        an_actor(Role.DISPATCHER, account_id=f"a-{area}", grants=(Grant(Role.DISPATCHER, area),))
        for area in (AREA_PATH[-1], "sll-g9")
    )
    message_id = read(app, here)["items"][0]["id"]

    assert read(app, there) == {"items": [], "next": None, "unread": 0}
    with pytest.raises(NotFound):
        app.mark_read(Call(MarkRead(message_id=message_id), a_meta(there)))


def test_marking_somebody_elses_message_is_not_found() -> None:
    messages = FakeMessages()
    app = application(messages)
    app.notify([received(TicketAccepted(terms=some_terms()))])

    with pytest.raises(NotFound):
        app.mark_read(Call(MarkRead(message_id=next(iter(messages.rows))), a_meta(a_member_actor())))


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_limit_out_of_bounds_names_the_field(limit: int) -> None:
    with pytest.raises(Invalid) as refusal:
        read(application(FakeMessages()), RESIDENT, limit=limit)

    assert refusal.value.field == "limit"
