"""What the database of tickets must have beside what the gear itself needs."""

from typing import Any

from chassis.migrations import Index
from chassis.vault import VAULT_INDEXES
from services.tickets.adapters.open_orders import OPEN
from services.tickets.adapters.pleas import PLEA_INDEXES
from services.tickets.adapters.published import PUBLISHED
from services.tickets.adapters.reporters import KEPT
from services.tickets.adapters.spoken import SPOKEN
from services.tickets.adapters.upstream_reports import REPORT_INDEXES


def _kept(field: str) -> dict[str, Any]:
    return {"times.ended_at": {"$type": "date"}, field: {"$type": "binData"}}


AGGREGATES = ("tickets", "catalogue_items", "areas", "people", "communities", "harm_reports", "pleas")

INDEXES = (
    Index("tickets", [("community_id", 1), ("number", 1)], unique=True),
    # What retention looks for: ended orders that still have their exact place, or their words; and a person's orders.
    Index("tickets", "times.ended_at", name="kept_address", partialFilterExpression=_kept("private.area")),
    Index("tickets", "times.ended_at", name="kept_words", partialFilterExpression=_kept("private.description")),
    Index("tickets", "beneficiary_id", partialFilterExpression={"beneficiary_id": {"$gt": ""}}),
    # What everybody can read, newest first.
    Index(
        "tickets",
        [("community_id", 1), ("public_answer.published_at", -1), ("_id", -1)],
        partialFilterExpression=PUBLISHED,
    ),
    Index("tickets", "times.ended_at", name="kept_reporter", partialFilterExpression=dict(KEPT)),
    Index("tickets", "times.ended_at", name="kept_languages", partialFilterExpression=dict(SPOKEN)),
    # What is under way of one item: asked while somebody types an order.
    Index(
        "tickets",
        [("community_id", 1), ("item_id", 1), ("times.placed_at", -1)],
        name="open_of_item",
        partialFilterExpression=dict(OPEN),
    ),
    Index("reveals", [("community_id", 1), ("ticket_id", 1), ("at", 1)]),
    Index("reveals", [("community_id", 1), ("concerns", 1), ("at", -1), ("_id", -1)]),
    Index("reveals", "once", unique=True, partialFilterExpression={"once": {"$exists": True}}),
    Index("communities", "prefix", unique=True),
    # Who rings; and rows of an older version, which have no index yet.
    Index("persons", [("community_id", 1), ("phone_index", 1)], partialFilterExpression={"phone_index": {"$gt": ""}}),
    # A person's own orders; whose account it is; for whom it acts; what was agreed to.
    Index("tickets", "requester_id", partialFilterExpression={"requester_id": {"$gt": ""}}),
    Index(
        "people",
        [("community_id", 1), ("account_id", 1)],
        unique=True,
        partialFilterExpression={"account_id": {"$gt": ""}},
    ),
    Index("people", "delegations.account_id"),
    Index("consents", [("community_id", 1), ("person_id", 1), ("given_at", -1)]),
    # What was agreed to for one order: a guardian's word for a child's.
    Index("consents", [("community_id", 1), ("about", 1)]),
    # Who serves with whom, and whose staff starts where: asked for a complaint.
    Index("tickets", [("community_id", 1), ("status", 1)], partialFilterExpression={"subject.kind": {"$exists": True}}),
    Index("members", [("community_id", 1), ("member.team_ids", 1)]),
    Index("teams", [("community_id", 1), ("team.people", 1)]),
    # The circle's list; whose words somebody may have; what its time is over for.
    Index("harm_reports", [("community_id", 1), ("_id", -1)]),
    Index("harm_reports", "reporter", partialFilterExpression={"reporter": {"$gt": ""}}),
    Index("harm_reports", "closed_at", partialFilterExpression={"forgotten": False}),
    *PLEA_INDEXES,
    *REPORT_INDEXES,
    *VAULT_INDEXES,
)
