"""The indexes of notify's database; ``./shiliu migrate`` makes them, readiness needs them."""

from chassis.migrations import Index
from chassis.vault import VAULT_INDEXES
from services.notify.adapters.budgets import BUDGET_INDEXES
from services.notify.adapters.following import FOLLOWING_INDEXES
from services.notify.adapters.group_letters import LETTER_INDEXES
from services.notify.adapters.replicas import REPLICA_INDEXES
from services.notify.adapters.robot_store import ROBOT_INDEXES
from services.notify.adapters.webhook_deliveries import DELIVERY_INDEXES
from services.notify.adapters.webhook_endpoints import ENDPOINT_INDEXES
from services.notify.adapters.webhook_replays import REPLAY_INDEXES

INDEXES: tuple[Index, ...] = (
    Index("messages", [("community_id", 1), ("recipient", 1), ("channel", 1), ("at", -1), ("_id", -1)]),
    Index("messages", [("community_id", 1), ("thread", 1), ("at", 1), ("_id", 1)]),
    # What a chief reads of other communities, in which the block lies too.
    Index("messages", [("recipient", 1), ("at", -1), ("_id", -1)], partialFilterExpression={"abroad": True}),
    Index("messages", [("next_try_at", 1)], sparse=True),
    *ENDPOINT_INDEXES,
    *DELIVERY_INDEXES,
    *REPLAY_INDEXES,
    *ROBOT_INDEXES,
    *LETTER_INDEXES,
    *BUDGET_INDEXES,
    *VAULT_INDEXES,
    Index("people", "person.recipients", partialFilterExpression={"person.deceased": True}),
    *FOLLOWING_INDEXES,
    *REPLICA_INDEXES,
)
