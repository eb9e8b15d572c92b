"""Invitations, for the member who is asked."""

from typing import Any

from contracts.commands.volunteers import AcceptOffer, DeclineOffer, ReturnOffer
from gateway.api import schemas
from gateway.api.answers import answer, page
from gateway.api.bodies import OfferQuery, ask_of, body_of, resource, values
from gateway.api.commanding import catch_up, not_found, perform
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.api.seats import demand_of
from gateway.identity.permissions import Permission
from gateway.views import present

blueprint = resource("offers", "邀约 / offers")


@blueprint.route("/offers", methods=["GET"])
@requires(Permission.ANSWER_OFFERS)
@blueprint.arguments(OfferQuery, location="query")
@blueprint.response(200, schemas.page_of("OfferPage", schemas.OFFER))
def list_offers(query: dict[str, Any]) -> Any:
    """Your offers, with why you were asked."""
    return page(desk().offers.page(actor(), values(query["status"]), ask_of(query)), present.offer)


@blueprint.route("/offers/<offer_id>", methods=["GET"])
@requires(Permission.ANSWER_OFFERS)
@blueprint.response(200, schemas.OFFER)
def get(offer_id: str) -> Any:
    """One of your offers."""
    return _shown(offer_id)


@blueprint.route("/offers/<offer_id>/accept", methods=["POST"])
@requires(Permission.ANSWER_OFFERS)
@blueprint.arguments(body_of(AcceptOffer, "offer_id"))
@blueprint.response(200, schemas.OFFER)
def accept(body: dict[str, Any], offer_id: str) -> Any:
    """我来、签收 / I will do it, or signed in: the answer names the assignment."""
    return _answered(AcceptOffer(offer_id=offer_id, **body))


@blueprint.route("/offers/<offer_id>/decline", methods=["POST"])
@requires(Permission.ANSWER_OFFERS)
@blueprint.arguments(body_of(DeclineOffer, "offer_id"))
@blueprint.response(200, schemas.OFFER)
def decline(body: dict[str, Any], offer_id: str) -> Any:
    """这次不方便 / not this time, for whoever was invited. No reason is asked."""
    return _answered(DeclineOffer(offer_id=offer_id, **body))


@blueprint.route("/offers/<offer_id>/return", methods=["POST"])
@requires(Permission.ANSWER_OFFERS)
@blueprint.arguments(body_of(ReturnOffer, "offer_id"))
@blueprint.response(200, schemas.OFFER)
def give_back(body: dict[str, Any], offer_id: str) -> Any:
    """退回 / given back with a reason, by whoever was ordered or is under contract. The note is private."""
    return _answered(ReturnOffer(offer_id=offer_id, **body))


def _answered(command: Any) -> Any:
    outcome = perform(command)
    if not outcome.envelopes:
        catch_up("volunteers", demand_of(command.offer_id))
    return _shown(command.offer_id)


def _shown(offer_id: str) -> Any:
    doc = desk().offers.get(actor(), offer_id)
    if doc is None:
        raise not_found()
    return answer(present.offer(doc))
