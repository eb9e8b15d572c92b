"""What the gateway's database must have for pictures; those of GridFS as the driver itself would make them."""

from chassis.migrations import Index
from gateway.pictures.files import BUCKET, FILES, Size
from gateway.pictures.store import COLLECTION

_HELD = {"place": {"$exists": True}}

PICTURE_INDEXES: tuple[Index, ...] = (
    Index(
        COLLECTION,
        [("community_id", 1), ("ticket_id", 1), ("place", 1)],
        unique=True,
        partialFilterExpression=_HELD,
    ),
    Index(COLLECTION, "at"),
    Index(COLLECTION, "subject"),
    *(Index(COLLECTION, f"files.{size.value}") for size in Size),
    Index(FILES, [("filename", 1), ("uploadDate", 1)]),
    Index(FILES, "metadata.unnamed", partialFilterExpression={"metadata.unnamed": True}),
    Index(f"{BUCKET}.chunks", [("files_id", 1), ("n", 1)], unique=True),
)
