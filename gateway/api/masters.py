"""What everybody looks up: catalogue items and areas."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from contracts.actor import STAFF
from gateway.api import schemas
from gateway.api.answers import answer, page
from gateway.api.bodies import AreaQuery, ItemQuery, ask_of, resource
from gateway.api.commanding import not_found
from gateway.api.desk import actor, desk
from gateway.api.gate import requires
from gateway.identity.permissions import Permission
from gateway.views import present

blueprint = resource("masters", "服务项目和区域 / catalogue items and areas")

Show = Callable[[Mapping[str, Any]], dict[str, Any]]
show_area: Show = partial(present.master, source="area")


def show_item(doc: Mapping[str, Any]) -> dict[str, Any]:
    """An item, as the actor may see it."""
    return present.item(doc, staff=actor().has(STAFF))


@blueprint.route("/catalogue-items", methods=["GET"])
@requires(Permission.READ_MASTERS)
@blueprint.arguments(ItemQuery, location="query")
@blueprint.response(200, schemas.page_of("CatalogueItemPage", schemas.ITEM))
def list_items(query: dict[str, Any]) -> Any:
    """What can be ordered."""
    condition = _given({"item.category": query["category"]})
    return page(desk().masters.page(actor(), "items", condition, ask_of(query)), show_item)


@blueprint.route("/catalogue-items/<item_id>", methods=["GET"])
@requires(Permission.READ_MASTERS)
@blueprint.response(200, schemas.ITEM)
def get_item(item_id: str) -> Any:
    """One catalogue item."""
    return _one("items", item_id, show_item)


@blueprint.route("/catalogue-items/<item_id>/versions/<number>", methods=["GET"])
@requires(Permission.READ_MASTERS)
@blueprint.response(200, schemas.ITEM)
def get_item_version(item_id: str, number: str) -> Any:
    """One version of an item: what an order that was placed then is held to, whatever was imported since."""
    kept = desk().masters.get(actor(), "item_versions", f"{item_id}@{number}")
    doc = kept or desk().masters.get(actor(), "items", item_id)
    if doc is None or str(doc["item"]["version"]) != number:
        raise not_found()
    return answer({**show_item(doc), "id": item_id})


@blueprint.route("/areas", methods=["GET"])
@requires(Permission.READ_MASTERS)
@blueprint.arguments(AreaQuery, location="query")
@blueprint.response(200, schemas.page_of("AreaPage", schemas.AREA))
def list_areas(query: dict[str, Any]) -> Any:
    """The tree of areas, flat; ``parent`` gives the children of one."""
    condition = _given({"area.kind": query["kind"], "area.parent": query["parent"]})
    return page(desk().masters.page(actor(), "areas", condition, ask_of(query)), show_area)


@blueprint.route("/areas/<area_id>", methods=["GET"])
@requires(Permission.READ_MASTERS)
@blueprint.response(200, schemas.AREA)
def get_area(area_id: str) -> Any:
    """One area."""
    return _one("areas", area_id, show_area)


def _one(view: str, master_id: str, show: Show) -> Any:
    doc = desk().masters.get(actor(), view, master_id)
    if doc is None:
        raise not_found()
    return answer(show(doc))


def _given(condition: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in condition.items() if value is not None}
