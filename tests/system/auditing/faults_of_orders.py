"""Faults of orders, of seats and of the people on them."""

from datetime import timedelta

from tests.system.auditing.faults import At, demand, fault, later, member, somebody_else, take_of, ticket
from tests.system.auditing.world import Plant


@fault(
    "an order under way",
    at_end=["not-at-end"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
    deadlines=["deadline-differs"],
)
def under_way(plant: Plant) -> None:
    ticket(plant).set(plant, status="completed")


@fault(
    "two orders of one number",
    numbers_twice=["number-twice"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def one_number(plant: Plant) -> None:
    other = ticket(plant, "crew").doc(plant)["number"]
    ticket(plant, "closed").set(plant, number=other)


@fault("somebody who is in no vault", persons_missing=["person-missing"])
def not_in_the_vault(plant: Plant) -> None:
    At("tickets", "persons", ticket(plant, "callback").doc(plant)["beneficiary_id"]).remove(plant)


@fault(
    "two holders of one seat",
    over_assigned=["over-assigned"],
    owners_differ=["crew-differs"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
    hours_differ=["hours-missing"],
)
def one_seat(plant: Plant) -> None:
    take = take_of(plant) | {"id": f"{plant.world.orders['closed']}.s1.9", "member_id": somebody_else(plant)}
    demand(plant).push(plant, "takes", take)


@fault(
    "more holders than seats by the order itself",
    over_assigned=["over-assigned"],
    owners_differ=["crew-differs"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def too_many_by_the_order(plant: Plant) -> None:
    holder = {"assignment_id": "x.s1.9", "member_id": somebody_else(plant), "display_name": "某师傅"}
    ticket(plant).push(plant, "holders", holder)


@fault(
    "hands fuller than they can be",
    over_capacity=["over-capacity"],
    seats_kept=["seat-kept", "seat-kept", "seat-kept", "seat-kept"],
)
def full_hands(plant: Plant) -> None:
    member("m5").set(plant, holding=["a.s1.1", "b.s1.1", "c.s1.1", "d.s1.1"])


@fault(
    "seats beyond a member's capacity that the member does not know of",
    over_capacity=["over-capacity"],
    seats_kept=["seat-kept", "seat-kept", "seat-kept", "seat-kept", "seat-kept", "seat-kept", "seat-kept", "seat-kept"],
    owners_differ=["crew-differs"],
    snapshots_differ=["snapshot-differs", "snapshot-differs", "snapshot-differs", "snapshot-differs"],
    views_differ=["view-differs", "view-differs", "view-differs", "view-differs"],
    deadlines=["deadline-differs", "deadline-differs", "deadline-differs", "deadline-differs"],
)
def seats_beyond(plant: Plant) -> None:
    names = ("closed", "callback", "reviewed", "emergency")
    for name in names:
        demand(plant, name).set(plant, takes__0__member_id="m5", takes__0__status="arrived", takes__0__released=None)
        for entry in plant.world.of("volunteers").hours.find({"_id": take_of(plant, name)["id"]}):
            if entry["member_id"] != "m5":
                plant.change("volunteers", "hours", entry["_id"], {"$set": {"member_id": "m5"}})


@fault(
    "a seat held of an order that is over",
    seats_kept=["seat-kept"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
    deadlines=["deadline-differs"],
)
def seat_of_the_past(plant: Plant) -> None:
    take = take_of(plant)
    demand(plant).set(plant, takes__0__status="arrived")
    member(take["member_id"]).set(plant, holding=[take["id"]])


@fault("a seat held in the hands of nobody", seats_kept=["seat-kept"])
def seat_of_nobody(plant: Plant) -> None:
    member("m4").set(plant, holding=["x.s1.1"])


@fault(
    "a search that goes on after its order",
    owners_differ=["search-goes-on"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def search_goes_on(plant: Plant) -> None:
    demand(plant, "emergency").set(plant, status="open")


@fault(
    "an order for which nobody is looked for",
    answered_lost=["answered-lost", "answered-lost", "answered-lost"],
    at_end=["not-at-end"],
    owners_differ=["no-search"],
    half_offered=["half-offered", "half-offered"],
    event_gaps=["event-of-nobody"],
    snapshots_differ=["snapshot-differs"],
    not_followed=["not-followed"],
    views_differ=["view-differs"],
    deadlines=["deadline-differs"],
    hours_differ=["hours-of-nobody"],
)
def no_search(plant: Plant) -> None:
    demand(plant).remove(plant)
    ticket(plant).set(plant, status="in_progress")


@fault(
    "an order that names another crew than its seats",
    owners_differ=["crew-differs"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def other_crew(plant: Plant) -> None:
    ticket(plant).set(plant, holders=[])


@fault(
    "a demand in another round than its order",
    owners_differ=["demand-differs"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def other_round(plant: Plant) -> None:
    demand(plant).set(plant, round=2)


@fault(
    "somebody asked twice",
    asked_twice=["asked-twice"],
    half_offered=["half-offered"],
    snapshots_differ=["snapshot-differs", "snapshot-differs"],
    views_differ=["view-differs"],
)
def asked_twice(plant: Plant) -> None:
    offer = demand(plant).doc(plant)["offers"][0]
    demand(plant).push(plant, "offers", offer | {"id": f"{plant.world.orders['closed']}.o9", "wave": 2})


@fault("a demand that missed the newest word on its order", not_followed=["not-followed"])
def not_followed(plant: Plant) -> None:
    demand(plant).set(plant, ticket_version=1)


@fault("an order that missed the newest word on its seats", not_followed=["not-followed"])
def not_followed_by_the_order(plant: Plant) -> None:
    ticket(plant).set(plant, demand_version=0)


@fault("one person twice on one order", answered_lost=["answered-lost"], counted_twice=["counted-twice"])
def twice_on_one_order(plant: Plant) -> None:
    take = take_of(plant, "crew")
    released = next(number for number, one in enumerate(demand(plant, "crew").doc(plant)["takes"]) if one["released"])
    demand(plant, "crew").set(plant, **{f"takes__{released}__id": take["id"]})


@fault("a command remembered twice", done_twice=["done-twice"])
def remembered_twice(plant: Plant) -> None:
    ticket(plant).push(plant, "commands", ticket(plant).doc(plant)["commands"][0])


@fault("a deadline of an order that is over", deadlines=["deadline-differs", "deadline-passed"])
def deadline_left(plant: Plant) -> None:
    at = later(-300).replace(microsecond=0)
    ticket(plant).set(plant, due=[{"key": "silence:1.0", "at": at}], next_due=at)


@fault(
    "an open offer that can never expire",
    half_offered=["half-offered"],
    snapshots_differ=["snapshot-differs", "snapshot-differs"],
    views_differ=["view-differs"],
    deadlines=["deadline-differs"],
)
def offer_without_deadline(plant: Plant) -> None:
    demand(plant).set(plant, offers__0__status="open")


@fault(
    "a deadline that nobody looks at",
    at_end=["not-at-end"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
    deadlines=["deadline-differs"],
)
def next_due_gone(plant: Plant) -> None:
    at = ticket(plant).doc(plant)["times"]["completed_at"] + timedelta(days=3)
    ticket(plant).set(plant, status="completed", due=[{"key": "silence:1.0", "at": at}])


@fault(
    "a deadline long past",
    at_end=["not-at-end"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
    deadlines=["deadline-passed"],
)
def deadline_passed(plant: Plant) -> None:
    at = ticket(plant).doc(plant)["times"]["completed_at"] + timedelta(days=3)
    ticket(plant).set(plant, status="completed", due=[{"key": "silence:1.0", "at": at}], next_due=at)


@fault("a lease for ever", leases=["lease-stuck"])
def lease_for_ever(plant: Plant) -> None:
    plant.add("volunteers", "leases", {"_id": "due", "owner": "x", "fence": 1, "until": later(1)})


@fault("somebody who asked how their own work went", not_independent=["asked-about-own-work"])
def own_work(plant: Plant) -> None:
    order = ticket(plant, "callback")
    order.set(plant, called__by=order.doc(plant)["completed_by"])


@fault("a call that is in no list", calls_differ=["call-not-listed"], deadlines=["deadline-differs"])
def never_called(plant: Plant) -> None:
    ticket(plant, "closed").set(plant, sampled=True)
