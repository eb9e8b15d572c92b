"""Why: how a search went, for staff; why somebody sees no offers, for themselves."""

from typing import Any

from contracts.commands.explaining import ReadSearch, ReadWhyNone
from gateway.api import explaining_schemas as schemas
from gateway.api.answers import NO_STORE, answer
from gateway.api.bodies import resource
from gateway.api.commanding import ask
from gateway.api.gate import requires
from gateway.identity.permissions import Permission
from gateway.views import steering

blueprint = resource("explaining", "为什么 / why somebody is asked, or nobody")


@blueprint.route("/demands/<demand_id>/search", methods=["GET"])
@requires(Permission.STEER_DEMANDS)
@blueprint.response(200, schemas.SEARCH)
def search(demand_id: str) -> Any:
    """How the search for an order went: each wave with its counts, why nobody was left, what staff did.

    Whom each condition stopped is counted, and nobody who did not come is named.
    """
    told = ask(ReadSearch(demand_id=demand_id)).result
    steps = [{**one, "said": steering.said(one)} for one in told["interventions"]]
    return answer({**told, "interventions": steps})


@blueprint.route("/me/offers/why-none", methods=["GET"])
@requires(Permission.ANSWER_OFFERS)
@blueprint.response(200, schemas.WHY_NONE)
def why_none() -> Any:
    """Why you see no offers now: what is about yourself, and how many orders there are that you do not fit, and why.

    Counts alone; fewer than three are told as a few (null).
    """
    return answer(ask(ReadWhyNone()).result, headers=NO_STORE)
