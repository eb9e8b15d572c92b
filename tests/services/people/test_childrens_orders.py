"""From the call of a mother to two people who may go: the child is entered, the guardian's word is about this order."""

from contracts.actor import Role
from contracts.events.masters import CatalogueItemPublished
from contracts.words import WhoMay
from services.tickets.adapters.codecs import ItemCodec
from services.tickets.domain.catalogue import Seats
from tests.builders import an_actor
from tests.services.people.conftest import ORDER, Family
from tests.services.permissions.people import DISPATCHER, PLACE
from tests.unit.tickets.builders import an_item

FOR_A_CHILD = {"for_child": True, "who_may": WhoMay.CERTIFIED, "adult_only": True, "seats": Seats(min=2, max=2)}
ENTERED = {"name": "小明", "area_id": PLACE, "minor": True}
SAID = {"purpose": "child_service", "text_version": "child-1", "how": "call", "guardian": "小明的妈妈"}


def test_a_childs_order_waits_until_the_guardians_word_about_it_is_on_record(family: Family) -> None:
    town = family.town
    item = an_item(id="homework", code="C9", **FOR_A_CHILD)
    town.publish("tickets", ItemCodec(), item, CatalogueItemPublished())
    town.run()
    mother = town.account(an_actor(Role.RESIDENT, account_id=f"a-mother-{town.number()}"))
    order = town.do(mother, "/tickets", {**ORDER, "item_id": item.id})
    assert order["status"] == "submitted"
    path = f"/tickets/{order['id']}/accept"
    refusal = town.ask("POST", f"/api/v1{path}", DISPATCHER, {})
    assert (refusal.status_code, refusal.json["code"]) == (422, "guardian-consent-needed")
    child = town.do(DISPATCHER, "/people", ENTERED)["person_id"]
    consent = town.do(DISPATCHER, "/consents", {**SAID, "person_id": child, "about": order["id"]})
    assert town.do(DISPATCHER, path)["status"] == "accepted"
    town.do(DISPATCHER, f"/consents/{consent['consent_id']}/withdraw", {"how": "call"})
    assert family.status(DISPATCHER, f"/tickets/{order['id']}/redispatch", {}) == 422
