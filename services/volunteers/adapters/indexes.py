"""The index table of volunteers; the gear adds its own for outboxes, deadlines and the event store."""

from chassis.migrations import Index
from chassis.vault import VAULT_INDEXES
from services.volunteers.adapters.absences import OVER_SINCE
from services.volunteers.adapters.codecs import ASKED_LAST, ASKED_UNTIL, NOTED_UNTIL
from services.volunteers.adapters.hours_codec import WAITS
from services.volunteers.adapters.suggestion_counts import SETTLED_AT
from services.volunteers.adapters.waiting import MARKED

AGGREGATES = ("demands", "members", "teams", "hours", "rosters", "absences")
"""The collections with outboxes."""

INDEXES = (
    # Whom to ask: around a place, with or without a skill.
    Index("members", [("community_id", 1), ("start", "2dsphere")]),
    Index("members", [("community_id", 1), ("skills.code", 1), ("start", "2dsphere")]),
    # Whom to ask where no place is known: by id, from a pivot on.
    Index("members", [("community_id", 1), ("_id", 1)]),
    # Imports find people by the number that their community gave them, and a team its people.
    Index("members", [("community_id", 1), ("external_no", 1)], unique=True),
    Index("members", [("community_id", 1), ("team_ids", 1)]),
    Index("members", [("community_id", 1), ("sealed.phone_index", 1)]),
    # Whoever asks for a code by phone has not said of which community they are.
    Index("members", "sealed.phone_index", sparse=True),
    # Whom somebody said they do not want to see again: few people say it of anybody.
    Index("members", "apart.by", sparse=True),
    # Who is asked right now. Sparse, since only a few of all demands ever made wait for an answer.
    Index("demands", "asking", sparse=True),
    Index("demands", "asking_teams", sparse=True),
    Index("demands", [("community_id", 1), ("status", 1)]),
    # Who was asked today, and how often. Partial: an emergency has none.
    Index("demands", [("community_id", 1), (ASKED_LAST, 1)], partialFilterExpression={ASKED_LAST: {"$exists": True}}),
    # What waits for the dispatcher, in its order.
    Index("demands", [("community_id", 1), ("seeking", 1)], partialFilterExpression=MARKED),
    # What became of suggestions; most orders never had one.
    Index("demands", [("community_id", 1), (SETTLED_AT, 1)], partialFilterExpression={SETTLED_AT: {"$exists": True}}),
    # Of whom it has to be forgotten that they were asked. Sparse: once forgotten, an order is not in it.
    Index("demands", ASKED_UNTIL, sparse=True),
    Index("teams", [("community_id", 1), ("_id", 1)]),
    # A member's own hours, newest first, and the sum of a year or range; a year of a whole community for its export.
    Index("hours", [("community_id", 1), ("member_id", 1), ("began", -1), ("_id", -1)]),
    Index("hours", [("community_id", 1), ("ledger", 1), ("year", 1), ("member_id", 1)]),
    # Who is shown a sheet finds it by its number; an erasure finds whose it was.
    Index("sheets", "number", unique=True),
    Index("sheets", [("community_id", 1), ("member_id", 1)]),
    # What staff have to see to: only few entries wait.
    Index("hours", [("community_id", 1), (WAITS, 1), ("_id", 1)], partialFilterExpression={WAITS: {"$exists": True}}),
    # No-shows and late cancels: a member's own, those that wait for staff, those whose member is to be forgotten.
    Index("absences", [("community_id", 1), ("member_id", 1), ("at", -1), ("_id", -1)]),
    Index("absences", [("community_id", 1), ("_id", 1)], partialFilterExpression={"state": "answered"}),
    Index("absences", OVER_SINCE, sparse=True),
    Index("areas", [("community_id", 1), ("_id", 1)]),
    # A week of a community, to read; who is on duty now is found by ids.
    Index("rosters", [("community_id", 1), ("day", 1)]),
    # Whose hand-over notes are to be forgotten. Sparse: once forgotten, a roster is not in it.
    Index("rosters", NOTED_UNTIL, sparse=True),
    Index("reveals", [("community_id", 1), ("member_id", 1), ("at", -1), ("_id", -1)]),
    Index("reveals", "once", unique=True),
    *VAULT_INDEXES,
)
