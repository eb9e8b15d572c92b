"""The gateway's index table. ``community_id`` comes first; what a list sorts by comes last."""

from chassis.migrations import Index
from chassis.vault import VAULT_INDEXES
from gateway.pictures.indexes import PICTURE_INDEXES
from gateway.views.ledger import SOMETHING_ASKED
from gateway.views.scope import SOME_BLOCK, SOME_WHISTLE
from gateway.views.tasks import CALL_OPEN, REVIEW_OPEN, SOMETHING_PUBLIC
from gateway.views.tickets import SOMEBODY_OWNS, SOMETHING_MISSED
from gateway.views.week import SOMEBODY_SERVED

STREAM_DAYS = 30
_NEWEST = [("ticket.times.placed_at", -1), ("_id", -1)]


def _tickets(*fields: str) -> Index:
    return Index("tickets", [("community_id", 1), *((field, 1) for field in fields), *_NEWEST])


def stream_expiry(days: float) -> tuple[Index, ...]:
    """The database itself forgets what was told longer ago."""
    return (Index("stream", [("seen", 1)], expireAfterSeconds=round(days * 86_400)),)


INDEXES: tuple[Index, ...] = (
    _tickets(),
    _tickets("area_path"),
    _tickets("ticket.status"),
    _tickets("ticket.item_id"),
    _tickets("ticket.requester_id"),
    Index(
        "tickets",
        [("community_id", 1), ("ticket.delegates.account_id", 1), *_NEWEST],
        partialFilterExpression={"ticket.delegates.account_id": {"$exists": True}},
    ),
    # A block reaches into several communities: this one index does not begin with one.
    Index("tickets", [("ticket.blocks", 1), *_NEWEST], partialFilterExpression=dict(SOME_BLOCK)),
    Index(
        "tickets",
        [("community_id", 1), ("ticket.whistles.leads", 1), *_NEWEST],
        partialFilterExpression=dict(SOME_WHISTLE),
    ),
    _tickets("demand.holders.member_id"),
    _tickets("demand.status"),
    Index("tickets", [("community_id", 1), ("ticket.overdue", 1), *_NEWEST], partialFilterExpression=SOMETHING_MISSED),
    Index(
        "tickets", [("community_id", 1), ("ticket.ledger.state", 1), *_NEWEST], partialFilterExpression=SOMETHING_ASKED
    ),
    Index(
        "tickets", [("community_id", 1), ("ticket.callback.due_at", 1), ("_id", 1)], partialFilterExpression=CALL_OPEN
    ),
    Index(
        "tickets", [("community_id", 1), ("ticket.review.due_at", 1), ("_id", 1)], partialFilterExpression=REVIEW_OPEN
    ),
    Index(
        "tickets",
        [("community_id", 1), ("ticket.public_answer.state", 1), *_NEWEST],
        partialFilterExpression=SOMETHING_PUBLIC,
    ),
    Index("tickets", [("community_id", 1), ("ticket.owner", 1), *_NEWEST], partialFilterExpression=SOMEBODY_OWNS),
    # The week of somebody served.
    Index("tickets", [("community_id", 1), ("ticket.beneficiary_id", 1)], partialFilterExpression=SOMEBODY_SERVED),
    Index("visits", [("community_id", 1), ("visit.ticket_id", 1), ("visit.at", 1)]),
    Index("visits", [("community_id", 1), ("visit.beneficiary_id", 1), ("visit.at", 1)]),
    Index("visits", [("community_id", 1), ("visit.requester_id", 1), ("visit.at", 1)]),
    Index("tickets", [("community_id", 1), ("ticket.number", 1)]),
    Index("offers", [("community_id", 1), ("offer.member_id", 1), ("offer.status", 1), ("offer.at", -1), ("_id", -1)]),
    # What is forgotten of whom was asked.
    Index("offers", "offer.expires_at"),
    # What waits for a team, for whoever leads it now; only such offers are in it.
    Index(
        "offers",
        [("community_id", 1), ("offer.team_id", 1), ("offer.at", -1), ("_id", -1)],
        partialFilterExpression={"offer.team_id": {"$type": "string"}},
    ),
    Index("areas", [("community_id", 1), ("area.path", 1)]),
    Index("areas", [("community_id", 1), ("_id", 1)]),
    Index("items", [("community_id", 1), ("_id", 1)]),
    Index("members", [("community_id", 1), ("_id", 1)]),
    Index("teams", [("community_id", 1), ("_id", 1)]),
    # Which teams somebody leads: asked whenever they look at their offers or an order that is not theirs.
    Index("teams", [("community_id", 1), ("team.lead", 1)]),
    Index("teams", [("community_id", 1), ("team.deputy", 1)]),
    Index("people", "person.account_id", partialFilterExpression={"person.deceased": True}),
    Index("accounts", [("own.login", 1)], unique=True, partialFilterExpression={"own.login": {"$exists": True}}),
    Index("accounts", [("community_id", 1), ("member.external_no", 1)]),
    Index("accounts", [("member.external_no", 1)]),
    Index("accounts", "own.phone_index", sparse=True),
    Index("accounts", "own.openid_index", sparse=True),
    # One WeChat is one account of a community, whoever connects it at the same moment.
    Index(
        "accounts",
        [("community_id", 1), ("own.openid_index", 1)],
        unique=True,
        partialFilterExpression={"own.openid_index": {"$exists": True}},
    ),
    Index("accounts", [("community_id", 1), ("own.client.name", 1)], sparse=True),
    Index("sessions", [("account_id", 1), ("used_at", -1)]),
    Index("sessions", "ends_at", expireAfterSeconds=0),
    Index("attempts", "forget_at", expireAfterSeconds=0),
    Index("codes", [("account_id", 1), ("sent_at", -1)]),
    Index("codes", "forget_at", expireAfterSeconds=0),
    Index("revocations", "seen"),
    Index("revocations", "until", expireAfterSeconds=0),
    Index("rates", "ends", expireAfterSeconds=0),
    Index("stream", [("community_id", 1), ("seen", 1)]),
    # What came up to the chiefs of a block, whichever community it is in.
    Index(
        "stream",
        [("audience.blocks", 1), ("seen", 1)],
        partialFilterExpression={"audience.blocks.0": {"$exists": True}},
    ),
    *stream_expiry(STREAM_DAYS),
    *VAULT_INDEXES,
    *PICTURE_INDEXES,
)


def indexes(stream_days: float) -> tuple[Index, ...]:
    """The table with another period for the stream."""
    expiring = stream_expiry(STREAM_DAYS)[0].name
    return (*(i for i in INDEXES if (i.collection, i.name) != ("stream", expiring)), *stream_expiry(stream_days))
