"""Why somebody did not get a message yet, or will not: what is said is so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.actor import Role
from contracts.commands import Call
from contracts.commands.notify import ReadDeliveries, ReadMyNotices
from contracts.events.tickets import TicketCancelled
from contracts.events.volunteers import OfferDeclined, OfferMade
from contracts.moments import time_text
from contracts.words import OfferStatus
from services.notify.application.reasons import Reasons
from services.notify.domain.attempts import Attempt
from services.notify.domain.message import DeliveryStatus
from services.notify.domain.reasons import KEPT_BACK, why
from tests.builders import a_meta, an_actor, an_offer_change, received
from tests.fakes.sending import TEMPLATES
from tests.unit.notify.test_sending import COMES, House

PAST, COMING = "2026-11-21 09:00", "2026-11-21 18:00"
QUEUED, SENDING, AGAIN = DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED_TEMPORARY
FAILED = Attempt(way="sms", status=AGAIN, reason="busy")
ON_PAPER = Attempt(way="slip", status=QUEUED)


def said(status: DeliveryStatus, **about: Any) -> str:
    usual: dict[str, Any] = {
        "in_app": False,
        "reason": None,
        "put_off": None,
        "attempts": (),
        "at": PAST,
        "until": PAST,
    }
    return why(status=status, **{**usual, **about}).en


@pytest.mark.parametrize("put_off", [None, "quiet-hours", "digest"])
@pytest.mark.parametrize(
    ("reason", "words"),
    [("contacts-away", "how to reach you cannot be looked up"), ("overflow", "it waits for its turn")],
)
def test_what_is_held_up_after_its_time_is_not_said_to_be_put_off(put_off: str | None, reason: str, words: str) -> None:
    sentence = said(QUEUED, reason=reason, put_off=put_off)

    assert words in sentence
    assert PAST not in sentence


def test_what_is_put_off_says_until_when() -> None:
    assert said(QUEUED, put_off="digest", until=COMING) == f"collected for your next digest at {COMING}"
    assert said(QUEUED, until=COMING) == f"not due yet, expected at {COMING}"


def test_what_is_under_way_says_how_far_it_came() -> None:
    assert said(SENDING) == "on its way"
    assert said(SENDING, attempts=(FAILED,)) == "on its way; tried: text message"
    assert (
        said(AGAIN, reason="busy", attempts=(FAILED,))
        == "it did not go out yet and is tried again; tried: text message"
    )
    assert said(AGAIN, reason="ZeroDivisionError") == "it did not go out yet and is tried again"
    assert said(QUEUED, reason="overflow", attempts=(FAILED,)).endswith("tried: text message")


def test_what_could_not_be_delivered_names_what_was_tried_and_nothing_else() -> None:
    assert said(DeliveryStatus.FAILED_PERMANENT) == "it could not be delivered"
    assert said(DeliveryStatus.FAILED_PERMANENT, attempts=(FAILED,)) == "it could not be delivered; tried: text message"


def test_what_lies_on_paper_is_brought() -> None:
    assert said(QUEUED, attempts=(FAILED, ON_PAPER)) == "printed on paper, to be brought to you"


class Nobody:
    """No figures."""

    def shares(self, *_: Any) -> list[Any]:
        return []


def test_what_will_not_be_told_any_more_says_so_before_its_time() -> None:
    off = TicketCancelled(by_role="staff", reason_code="other", go_to=None, released=())
    house = House(COMES, received(off, COMES.snapshot, 3))
    reasons = Reasons(house.messages, TEMPLATES, house.outside, Nobody(), house.messages.stopped)
    assert house.status() == ("queued", None), "nobody has looked at it yet"

    resident = a_meta(an_actor(Role.RESIDENT, account_id="a-resident"))
    mine = reasons.read_my_notices(Call(ReadMyNotices(ticket_id=COMES.snapshot.id, locale="en"), resident)).result
    (told,) = [one for one in mine["notices"] if one["channel"] == "outward" and "comes" in one["title"]]
    assert (told["status"], told["why"]["en"]) == ("suppressed", KEPT_BACK["overtaken"].en)

    desk = a_meta(an_actor(Role.DISPATCHER))
    theirs = reasons.read_deliveries(Call(ReadDeliveries(ticket_id=COMES.snapshot.id), desk)).result["deliveries"]
    lines = [one for one in theirs if (one["rule"], one["channel"]) == ("somebody-comes", "outward")]
    assert [(one["status"], one["reason"]) for one in lines] == [("suppressed", "overtaken")]


def test_staff_read_when_somebody_first_knew_but_of_an_invitation_not_even_that() -> None:
    house = House(COMES, received(OfferMade(offers=(an_offer_change(member_id="m-1"),))))
    for row in [one for one in house.messages.rows.values() if one.message.channel == "in_app"]:
        for late, account_id in ((1, "a-late"), (0, "a-first")):
            moment = house.clock.now() + timedelta(hours=late)
            assert house.messages.acknowledge(row.message.id, {row.message.recipient: None}, account_id, moment)

    reasons = Reasons(house.messages, TEMPLATES, house.outside, Nobody(), house.messages.stopped)
    read = Call(ReadDeliveries(ticket_id=COMES.snapshot.id), a_meta(an_actor(Role.DISPATCHER)))
    theirs = reasons.read_deliveries(read).result["deliveries"]
    knew = {(one["rule"], one["channel"]): one["acknowledged_at"] for one in theirs}
    assert knew["somebody-comes", "in_app"] == time_text(house.clock.now())
    assert (knew["somebody-comes", "outward"], knew["please-help", "in_app"]) == (None, None)
    assert "a-first" not in str(theirs)


def lines(*asked: str) -> list[tuple[str, str]]:
    """What staff read of the invitations outside the platform to these, the first of whom said no at once."""
    offers = tuple(an_offer_change(id=f"{COMES.snapshot.id}.o{n}", member_id=id) for n, id in enumerate(asked, start=1))
    no = OfferDeclined(offers=(replace(offers[0], status=OfferStatus.DECLINED),))
    house = House(received(OfferMade(offers=offers)), received(no, version=2))
    reasons = Reasons(house.messages, TEMPLATES, house.outside, Nobody(), house.messages.stopped)
    read = Call(ReadDeliveries(ticket_id=COMES.snapshot.id), a_meta(an_actor(Role.DISPATCHER)))
    theirs = reasons.read_deliveries(read).result["deliveries"]
    return [(one["status"], one["reason"]) for one in theirs if one["channel"] == "outward"]


def test_whether_an_invitation_still_had_to_go_out_is_told_of_three_and_of_nobody_less() -> None:
    assert lines("m-1") == lines("m-1", "m-2") == []
    assert sorted(one[0] for one in lines("m-1", "m-2", "m-3")) == ["queued", "queued", "suppressed"]
