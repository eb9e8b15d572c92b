"""What the database of tickets must have beside what the gear itself needs."""

from chassis.migrations import Index

AGGREGATES = ("tickets", "catalogue_items", "areas")

INDEXES = (
    Index("tickets", [("community_id", 1), ("number", 1)], unique=True),
    Index("reveals", [("community_id", 1), ("ticket_id", 1), ("at", 1)]),
    Index("communities", "prefix", unique=True),
)
