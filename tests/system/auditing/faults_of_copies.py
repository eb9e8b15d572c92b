"""Faults of copies: views, accounts, replicas, and the frames of the stream."""

from tests.builders import COMMUNITY
from tests.system.auditing.faults import At, event, fault, row
from tests.system.auditing.world import Plant


@fault("a view that lags behind", views_differ=["view-differs"])
def view_behind(plant: Plant) -> None:
    row(plant).set(plant, demand__v=1)


@fault("a view that says something else", views_differ=["view-differs"])
def view_otherwise(plant: Plant) -> None:
    row(plant).set(plant, ticket__result="partly")


@fault("a view that says more", views_differ=["view-differs"])
def view_says_more(plant: Plant) -> None:
    row(plant).set(plant, demand__description="龙头滴水")


@fault("a view in another area", views_differ=["view-differs", "view-differs", "view-differs"])
def view_elsewhere(plant: Plant) -> None:
    row(plant).set(plant, area_path=["elsewhere"])


@fault("terms that were lost on the way to the view", views_differ=["view-differs"])
def view_without_terms(plant: Plant) -> None:
    plant.change("gateway", "tickets", plant.world.orders["closed"], {"$unset": {"terms": ""}})


@fault("a view that does not say how it ended", views_differ=["view-differs"])
def view_without_ending(plant: Plant) -> None:
    row(plant, "emergency").set(plant, ending__go_to=None)


@fault("an alarm without its figures in the view", views_differ=["view-differs"])
def view_without_gates(plant: Plant) -> None:
    row(plant, "unserved").set(plant, unserved__gates={})


@fault("a row for an order lost", views_differ=["view-differs", "view-differs"])
def view_lost(plant: Plant) -> None:
    row(plant, "rejected").remove(plant)


@fault("an offer shown as open for ever", views_differ=["view-differs"])
def view_of_offer(plant: Plant) -> None:
    At("gateway", "offers", f"{plant.world.orders['closed']}.o1").set(plant, offer__status="open")


@fault("an offer that nobody made", views_differ=["view-of-nobody"])
def view_of_no_offer(plant: Plant) -> None:
    At("gateway", "offers", f"{plant.world.orders['closed']}.o1").copy(plant, "x.o1")


@fault("a team shown with another lead", views_differ=["view-differs"])
def view_of_team(plant: Plant) -> None:
    At("gateway", "teams", "t1").set(plant, team__lead="m2")


@fault("a member without an account", replicas_differ=["replica-differs"])
def no_account(plant: Plant) -> None:
    At("gateway", "accounts", "m-m1").remove(plant)


@fault("a member's account with another role", replicas_differ=["replica-differs"])
def other_roles(plant: Plant) -> None:
    At("gateway", "accounts", "m-m1").set(plant, member__roles=["member", "admin"])


@fault("an area that volunteers knows otherwise", replicas_differ=["replica-differs"])
def other_area(plant: Plant) -> None:
    At("volunteers", "areas", "heping-1").set(plant, area__path=["elsewhere"])


@fault("an area that nobody published", replicas_differ=["replica-differs"])
def area_of_nobody(plant: Plant) -> None:
    At("volunteers", "areas", "heping-1").copy(plant, "nowhere")


def _an_item(plant: Plant) -> At:
    return At("notify", "items", plant.world.doc("notify", "items", {})["_id"])


@fault("an item that notify keeps under another category", notify_replicas_differ=["replica-differs"])
def item_of_another_category(plant: Plant) -> None:
    _an_item(plant).set(plant, item__category="culture")


@fault("an item of which notify never heard", notify_replicas_differ=["replica-differs"])
def item_not_heard_of(plant: Plant) -> None:
    _an_item(plant).remove(plant)


@fault("an item that tickets never published", notify_replicas_differ=["replica-differs"])
def item_of_nobody(plant: Plant) -> None:
    _an_item(plant).copy(plant, "never-published")


@fault("a roster that volunteers never told of", notify_replicas_differ=["replica-differs"])
def roster_of_nobody(plant: Plant) -> None:
    roster = {"area": "heping-1", "day": "2026-11-22", "shifts": [], "v": 1}
    plant.add("notify", "rosters", {"_id": "heping-1.20261122", "community_id": COMMUNITY, "roster": roster})


@fault("an event nobody could hear", not_streamed=["not-in-stream"])
def not_streamed(plant: Plant) -> None:
    At("gateway", "stream", event(plant, "ticket.started").id).remove(plant)


@fault("a frame of no event", stream_differs=["frame-of-nobody"])
def frame_of_nobody(plant: Plant) -> None:
    At("gateway", "stream", event(plant, "ticket.started").id).copy(plant, "x")


@fault("a frame that says something else", stream_differs=["frame-differs"])
def frame_otherwise(plant: Plant) -> None:
    At("gateway", "stream", event(plant, "ticket.started").id).set(plant, frame__version=9)


@fault("a frame at which no client can resume", stream_differs=["frame-differs"])
def frame_unseen(plant: Plant) -> None:
    At("gateway", "stream", event(plant, "ticket.started").id).set(plant, seen=None)


@fault("a view of an order that nobody placed", views_differ=["view-of-nobody"])
def view_of_nobody(plant: Plant) -> None:
    row(plant).copy(plant, "x")
