"""A team's offer is seen by whoever leads it now, lead or deputy, and by nobody else."""

from dataclasses import replace
from typing import Any

from contracts.actor import Actor
from contracts.envelope import Envelope
from contracts.events.masters import TeamPublished
from contracts.events.volunteers import OfferMade
from contracts.hearing import audience
from contracts.words import OfferStatus
from tests.builders import (
    OFFER_ID,
    a_demand_snapshot,
    a_member_actor,
    a_team_snapshot,
    an_envelope,
    an_offer_change,
)
from tests.services.gateway.api import Api

LEAD, DEPUTY, MEMBER = (a_member_actor(member) for member in ("m1", "m2", "m3"))
NEXT = a_member_actor("m4")


def team(version: int = 1, deputy: str | None = "m2") -> Envelope:
    led = a_team_snapshot(id="t1", lead="m1", deputy=deputy, member_ids=("m1", "m2", "m3", "m4"))
    return an_envelope(TeamPublished(), led, version)


def asked(status: OfferStatus = OfferStatus.OPEN, version: int = 1) -> Envelope:
    offer = an_offer_change(member_id="m1", deputy_id="m2", team_id="t1", status=status)
    return an_envelope(OfferMade(offers=(offer,)), a_demand_snapshot(holders=()), version)


def listed(api: Api, who: Actor) -> list[str]:
    return [one["id"] for one in api.get(who, "/offers?status=open")["items"]]


def test_lead_and_deputy_see_what_their_team_is_asked_and_no_other_of_it(api: Api, seen: Any) -> None:
    seen(team(), asked())
    assert [listed(api, who) for who in (LEAD, DEPUTY, MEMBER)] == [[OFFER_ID], [OFFER_ID], []]
    shown = api.get(DEPUTY, f"/offers/{OFFER_ID}")
    assert (shown["team_id"], shown["member_id"], shown["deputy_id"]) == ("t1", "m1", "m2")
    assert shown["why"] == api.get(LEAD, f"/offers/{OFFER_ID}")["why"]
    api.get(MEMBER, f"/offers/{OFFER_ID}", 404)
    api.get(replace(DEPUTY, community_id="elsewhere"), f"/offers/{OFFER_ID}", 404)


def test_whoever_is_deputy_now_sees_it_and_whoever_was_does_not(api: Api, seen: Any) -> None:
    seen(team(), asked(), team(2, deputy="m4"))
    assert [listed(api, who) for who in (LEAD, NEXT, DEPUTY)] == [[OFFER_ID], [OFFER_ID], []]
    api.get(DEPUTY, f"/offers/{OFFER_ID}", 404)
    seen(team(3, deputy=None))
    assert listed(api, NEXT) == []


def test_what_the_lead_answered_waits_for_the_deputy_no_more(api: Api, seen: Any) -> None:
    seen(team(), asked(), asked(OfferStatus.ACCEPTED, 2))
    assert (listed(api, LEAD), listed(api, DEPUTY)) == ([], [])
    assert api.get(DEPUTY, f"/offers/{OFFER_ID}")["status"] == "accepted"


def test_the_deputy_hears_of_it_on_their_stream() -> None:
    assert audience(asked(), {})["member_ids"] == ["m1", "m2"]
