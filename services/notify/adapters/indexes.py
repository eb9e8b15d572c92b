"""The indexes of notify's database; ``./shiliu migrate`` makes them, readiness needs them."""

from chassis.migrations import Index
from chassis.vault import VAULT_INDEXES
from services.notify.adapters import words_wiring
from services.notify.adapters.budgets import BUDGET_INDEXES
from services.notify.adapters.family_weeks import FAMILY_INDEXES
from services.notify.adapters.following import FOLLOWING_INDEXES
from services.notify.adapters.group_letters import LETTER_INDEXES
from services.notify.adapters.outbox_before import BEFORE_INDEXES
from services.notify.adapters.posts_keeping import POST_INDEXES
from services.notify.adapters.replicas import REPLICA_INDEXES
from services.notify.adapters.robot_store import ROBOT_INDEXES
from services.notify.adapters.slips import SLIP_INDEXES
from services.notify.adapters.webhook_deliveries import DELIVERY_INDEXES
from services.notify.adapters.webhook_endpoints import ENDPOINT_INDEXES
from services.notify.adapters.webhook_replays import REPLAY_INDEXES

INDEXES: tuple[Index, ...] = (
    Index("messages", [("community_id", 1), ("recipient", 1), ("channel", 1), ("at", -1), ("_id", -1)]),
    Index("messages", [("community_id", 1), ("thread", 1), ("at", 1), ("_id", 1)]),
    # What a chief reads of other communities, in which the block lies too.
    Index("messages", [("recipient", 1), ("at", -1), ("_id", -1)], partialFilterExpression={"abroad": True}),
    *ENDPOINT_INDEXES,
    *DELIVERY_INDEXES,
    *REPLAY_INDEXES,
    *ROBOT_INDEXES,
    *LETTER_INDEXES,
    *BUDGET_INDEXES,
    *VAULT_INDEXES,
    # What waits to go out, and only that; ``try_at`` so that what is to be tried again later is not read for nothing.
    Index(
        "messages",
        [("channel", 1), ("urgent", -1), ("wait_until", 1), ("try_at", 1)],
        partialFilterExpression={"try_at": {"$exists": True}},
    ),
    # What waits for somebody's digest.
    Index(
        "messages",
        [("recipient", 1), ("wait_until", 1)],
        partialFilterExpression={"put_off": {"$exists": True}, "try_at": {"$exists": True}},
    ),
    # What overtakes what waits about the same thing.
    Index("messages", [("thread", 1)], partialFilterExpression={"overtakes": {"$exists": True}}),
    Index("overtakings", "thread"),
    # A provider's receipt.
    Index("messages", "attempts.reference", partialFilterExpression={"attempts.reference": {"$exists": True}}),
    # How much went out in time.
    Index("messages", [("community_id", 1), ("sent.at", 1)], partialFilterExpression={"sent.at": {"$exists": True}}),
    Index("people", "person.recipients", partialFilterExpression={"person.deceased": True}),
    *BEFORE_INDEXES,
    *FAMILY_INDEXES,
    *FOLLOWING_INDEXES,
    *POST_INDEXES,
    *REPLICA_INDEXES,
    *SLIP_INDEXES,
    *words_wiring.INDEXES,
)
