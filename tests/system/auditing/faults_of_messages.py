"""Faults of notifications and of answers: what people and clients were told."""

from datetime import timedelta

from tests.system.auditing.faults import SOON, demand, event, fault, message, outward, somebody_else, ticket
from tests.system.auditing.world import Plant


@fault("a message due and missing", not_told=["not-told"])
def not_told(plant: Plant) -> None:
    message(plant, "please-help").remove(plant)


@fault("an alarm that reached the inbox and no group", not_told=["not-told"])
def not_told_aloud(plant: Plant) -> None:
    rows = plant.world.of("notify").messages
    aloud = rows.find_one({"rule": "emergency-order", "channel": "group"})
    plant.remove("notify", "messages", aloud["_id"])


@fault("news that should also go out and never will", not_told=["not-told"])
def not_told_outside(plant: Plant) -> None:
    outward(plant, "somebody-comes").remove(plant)


@fault("a message that lies about though its time came long ago", not_delivered=["not-delivered"])
def left_lying(plant: Plant) -> None:
    message = outward(plant, "somebody-comes")
    long_ago = message.doc(plant)["at"] - timedelta(days=9)
    message.set(plant, status="queued", reason=None, wait_until=long_ago, try_at=long_ago)


@fault("a message that is leased by nobody and waits for nothing", not_delivered=["not-delivered"])
def stuck(plant: Plant) -> None:
    outward(plant, "somebody-comes").set(plant, status="sending")


@fault("a question that was sent though it had been answered", told_after_all=["told-after-all"])
def told_after_all(plant: Plant) -> None:
    question = outward(plant, "please-help", "ended")
    late = SOON + timedelta(hours=1)
    tried = {"way": "sms", "status": "sent", "began": late, "settled": late}
    plant.change(
        "notify",
        "messages",
        question.id,
        {"$set": {"status": "sent", "reason": None, "attempts": [tried]}, "$unset": {"try_at": ""}},
    )


@fault("a message that names another order", not_told=["told-otherwise"])
def told_otherwise(plant: Plant) -> None:
    message(plant, "closed").set(plant, number="NC-0")


@fault("a message about another order", not_told=["not-told"], told_for_nothing=["told-for-nothing"])
def told_of_another(plant: Plant) -> None:
    message(plant, "closed").set(plant, thread="x")


@fault("two messages for one event", told_twice=["told-twice"])
def told_twice(plant: Plant) -> None:
    message(plant, "closed").copy(plant, "twin")


@fault("a message to somebody who was not due", told_for_nothing=["told-for-nothing"])
def told_for_nothing(plant: Plant) -> None:
    message(plant, "you-have-it").copy(plant, "other", recipient=f"member:{somebody_else(plant)}")


@fault("a message by a rule that does not hold", told_for_nothing=["told-for-nothing"])
def told_by_no_rule(plant: Plant) -> None:
    cancelled = event(plant, "ticket.cancelled", "withdrawn").id
    message(plant, "cancelled-by-staff", "ended").copy(
        plant, "other", event_id=cancelled, recipient="account:a-resident"
    )


@fault("a message that is never sent", not_delivered=["not-delivered"])
def not_sent(plant: Plant) -> None:
    message(plant, "closed").set(plant, status="sending")


@fault("a message that could not be sent", not_delivered=["not-delivered"])
def failed(plant: Plant) -> None:
    message(plant, "closed").set(plant, status="failed_permanent", reason="timeout", tries=4)


@fault("a message suppressed without a reason", not_delivered=["not-delivered"])
def suppressed(plant: Plant) -> None:
    message(plant, "closed").set(plant, status="suppressed")


@fault(
    "an order that was answered and lost",
    answered_lost=["answered-lost"],
    answered_otherwise=["answered-otherwise"],
    answered_without_trace=["answered-without-trace"],
)
def answered_lost(plant: Plant) -> None:
    plant.answer("POST", "/tickets", 201, id="01LOST", version=1, status="accepted")


@fault(
    "an order at a later version than its owner has",
    answered_lost=["answered-lost"],
    answered_otherwise=["answered-otherwise"],
)
def answered_later(plant: Plant) -> None:
    order = ticket(plant)
    plant.answer("GET", f"/tickets/{order.id}", 200, id=order.id, version=99, status="closed")


@fault("an order that was not as it was told", answered_otherwise=["answered-otherwise"])
def answered_otherwise(plant: Plant) -> None:
    order = ticket(plant)
    plant.answer("GET", f"/tickets/{order.id}", 200, id=order.id, version=1, status="assigned")


@fault("a confirmation without a trace", answered_without_trace=["answered-without-trace"])
def no_trace(plant: Plant) -> None:
    plant.answer("POST", f"/tickets/{ticket(plant).id}/confirm", 200)


@fault("a yes without a trace", answered_without_trace=["answered-without-trace"])
def no_trace_of_a_yes(plant: Plant) -> None:
    offer = demand(plant).doc(plant)["offers"][0]
    assert offer["status"] == "declined"
    plant.answer("POST", f"/offers/{offer['id']}/accept", 200, id=offer["id"], status="accepted")


@fault("a claim without a trace", answered_lost=["answered-lost"], answered_without_trace=["answered-without-trace"])
def no_trace_of_a_claim(plant: Plant) -> None:
    order = plant.world.orders["closed"]
    plant.answer("POST", f"/demands/{order}/claim", 200, id=f"{order}.s1.7", status="taken")


@fault("a look at what is private that no log knows of", answered_without_trace=["answered-without-trace"])
def no_trace_of_a_reveal(plant: Plant) -> None:
    plant.answer("POST", f"/tickets/{ticket(plant).id}/reveals", 200)


@fault("a member who was told of and is gone", answered_lost=["answered-lost"])
def member_gone(plant: Plant) -> None:
    plant.answer("GET", "/members/m9", 200, id="m9")
