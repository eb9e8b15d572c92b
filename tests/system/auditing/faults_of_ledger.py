"""Faults of the ledger of orders."""

from tests.system.auditing.faults import event, fault, ticket
from tests.system.auditing.world import Plant

_ROW = "wire__data__snapshot__ledger__0"


@fault("a line of the ledger that was written anew", ledger_kept=["ledger-rewritten", "ledger-rewritten"])
def line_written_anew(plant: Plant) -> None:
    event(plant, "ticket.held", "waited").set(plant, **{f"{_ROW}__reason_code": "weather"})


@fault("a line of the ledger that is gone", ledger_kept=["ledger-rewritten"])
def line_gone(plant: Plant) -> None:
    rows = event(plant, "ticket.held", "waited").doc(plant)["wire"]["data"]["snapshot"]["ledger"]
    event(plant, "ticket.held", "waited").set(plant, wire__data__snapshot__ledger=[*rows, {**rows[0], "id": "x.r3"}])


@fault(
    "a request that was granted by who asked for it",
    ledger_kept=["own-request"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
)
def own_request(plant: Plant) -> None:
    asked_by = ticket(plant, "waited").doc(plant)["ledger"][1]["asked_by"]
    ticket(plant, "waited").set(plant, ledger__1__decided_by=asked_by)


@fault(
    "a request and a hold that still wait of an order that is over",
    ledger_kept=["asked-of-what-is-over", "held-though-over"],
    snapshots_differ=["snapshot-differs"],
    views_differ=["view-differs"],
    deadlines=["deadline-differs"],
)
def waits_though_over(plant: Plant) -> None:
    ticket(plant, "waited").set(plant, ledger__0__state="asked", held__0__ended_at=None)
