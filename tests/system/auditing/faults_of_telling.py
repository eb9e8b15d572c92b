"""Faults of what was told: events, outboxes, snapshots, effects."""

from tests.system.auditing.faults import demand, event, fault, member, take_of, ticket
from tests.system.auditing.world import Plant


@fault(
    "an event that was never stored",
    event_gaps=["event-gap"],
    stream_differs=["frame-of-nobody"],
    webhooks_untold=["webhook-of-nothing"],
)
def event_lost(plant: Plant) -> None:
    event(plant, "ticket.started").remove(plant)


@fault(
    "a version told twice",
    event_gaps=["event-twice"],
    not_streamed=["not-in-stream"],
    webhooks_untold=["webhook-untold"],
)
def version_twice(plant: Plant) -> None:
    old = event(plant, "ticket.started")
    old.copy(plant, "twin", wire=old.doc(plant)["wire"] | {"id": "twin"})


@fault(
    "an event beyond its document",
    event_gaps=["event-ahead"],
    views_differ=["view-differs"],
    not_streamed=["not-in-stream"],
    webhooks_untold=["webhook-untold"],
)
def event_ahead(plant: Plant) -> None:
    old = event(plant, "ticket.started")
    version = ticket(plant).doc(plant)["version"] + 1
    wire = old.doc(plant)["wire"] | {"id": "ahead", "aggregateversion": version}
    old.copy(plant, "ahead", version=version, wire=wire)


@fault(
    "an event of what is not there",
    event_gaps=["event-of-nobody"],
    views_differ=["view-differs"],
    not_streamed=["not-in-stream"],
    webhooks_untold=["webhook-untold"],
)
def event_of_nobody(plant: Plant) -> None:
    old = event(plant, "ticket.started")
    old.copy(plant, "orphan", thread="x", wire=old.doc(plant)["wire"] | {"id": "orphan", "subject": "x"})


@fault(
    "a document that says something else than it told",
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def other_snapshot(plant: Plant) -> None:
    ticket(plant).set(plant, result="partly")


@fault(
    "an offer that says something else than was told",
    snapshots_differ=["snapshot-differs", "snapshot-differs"],
    views_differ=["view-differs"],
)
def other_offer(plant: Plant) -> None:
    demand(plant).set(plant, offers__0__status="expired")


@fault(
    "a demand on the way that says something else than it told",
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def other_demand(plant: Plant) -> None:
    demand(plant, "emergency").set(plant, wave=7)


@fault(
    "a member who says something else than was told",
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def other_member(plant: Plant) -> None:
    member("m1").set(plant, skills=[], capacity=4)


@fault("a command done in two writes", done_twice=["done-twice"])
def done_twice(plant: Plant) -> None:
    cause = event(plant, "ticket.accepted").doc(plant)["wire"]["causationid"]
    event(plant, "ticket.closed").set(plant, wire__causationid=cause)


@fault(
    "a reaction done twice",
    event_gaps=["event-ahead"],
    not_followed=["not-followed"],
    done_twice=["done-twice"],
    counted_twice=["counted-twice"],
    views_differ=["view-differs"],
    not_streamed=["not-in-stream"],
)
def reacted_twice(plant: Plant) -> None:
    old = event(plant, "assignment.arrived", "callback", "volunteers")
    version = demand(plant, "callback").doc(plant)["version"] + 1
    old.copy(
        plant, "again", version=version, wire=old.doc(plant)["wire"] | {"id": "again", "aggregateversion": version}
    )


@fault("an outbox with something in it", outbox_left=["outbox-left"])
def outbox_left(plant: Plant) -> None:
    ticket(plant).set(plant, pending=True, outbox=[{"id": "e"}])


@fault("an event that was parked", outbox_left=["outbox-left"])
def parked(plant: Plant) -> None:
    demand(plant).set(plant, outbox_dead=[{"id": "e"}])


@fault(
    "a seat arrived at twice, as hours would count it",
    answered_without_trace=["answered-without-trace"],
    snapshots_differ=["snapshot-differs"],
    counted_twice=["counted-twice"],
    views_differ=["view-differs"],
    told_for_nothing=["told-for-nothing"],
    stream_differs=["frame-differs"],
)
def counted_twice(plant: Plant) -> None:
    seat = take_of(plant)["id"]
    old = event(plant, "assignment.made", "closed", "volunteers")
    wire = old.doc(plant)["wire"]
    arrived = event(plant, "assignment.arrived", "closed", "volunteers").doc(plant)["wire"]
    assert arrived["data"]["assignment_id"] == seat
    old.set(plant, wire=wire | {"type": arrived["type"], "data": arrived["data"]})
