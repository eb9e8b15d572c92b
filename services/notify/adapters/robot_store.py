"""``robots``: which there are; what staff typed about them, and what lets us write into a group, is sealed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo import ASCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from chassis.migrations import Index
from chassis.mongo import Document
from chassis.sealed import SealedCollection, SealedField
from chassis.vault import Erased, Vault
from contracts.errors import Conflict, KeyReused
from contracts.groups import GroupAudience, RobotKind, RobotState
from contracts.words import Text
from services.notify.application.robot_ports import Access, Typed
from services.notify.domain.category import Category
from services.notify.domain.robot import Robot

COLLECTION = "robots"
ROBOT_INDEXES = (Index(COLLECTION, [("community_id", 1), ("_id", 1)]),)
_PARTS = ("label", "key", "secret")
SCHEMA = 1


class MongoRobots:
    """A ``Robots``. Each robot has a data key of its own, which is destroyed with it."""

    def __init__(self, db: Database[Document], vault: Vault) -> None:
        self._rows = db[COLLECTION]
        self._vault = vault

    def add(self, robot: Robot, typed: Typed, command: tuple[str, str]) -> Robot:
        """See ``Robots``."""
        made = {"id": command[0], "hash": command[1]}
        doc = {"_id": robot.id, **_fields(robot), "sealed": self._sealed_once(robot.id, typed), "made_by": made}
        try:
            self._rows.insert_one({**doc, "schema": SCHEMA})
        except DuplicateKeyError:
            found = self._rows.find_one({"_id": robot.id}) or {"made_by": made}
            if found["made_by"] != made:
                said = Text("这个 Idempotency-Key 用过了,内容不一样", "this Idempotency-Key came with another body")
                raise KeyReused("idempotency-key-reused", said) from None
            return _robot(found)
        return robot

    def get(self, community_id: str, id: str) -> Robot | None:
        """See ``Robots``."""
        row = self._rows.find_one({"_id": id, "community_id": community_id})
        return None if row is None else _robot(row)

    def of(self, community_id: str) -> Sequence[Robot]:
        """See ``Robots``."""
        return [_robot(row) for row in self._rows.find({"community_id": community_id}).sort("_id", ASCENDING)]

    def find(self, ids: Sequence[str]) -> Sequence[Robot]:
        """See ``Robots``."""
        return [_robot(row) for row in self._rows.find({"_id": {"$in": list(ids)}})]

    def line(self, access: Access) -> str:
        """See ``Robots``."""
        return self._vault.index(access.key, "robots/key")

    def label(self, robot: Robot) -> str:
        """See ``Robots``."""
        return self._open(robot.id, "label") or ""

    def access(self, id: str) -> Access | None:
        """See ``Robots``."""
        key = self._open(id, "key")
        return None if key is None else Access(key=key, secret=self._open(id, "secret"))

    def change(self, robot: Robot, typed: Typed) -> bool:
        """See ``Robots``."""
        sealed = {f"sealed.{part}": blob for part, blob in self._sealed(robot.id, typed).items()}
        sets = {**_fields(replace(robot, rev=robot.rev + 1)), **sealed}
        at = {"_id": robot.id, "community_id": robot.community_id, "rev": robot.rev}
        return self._rows.update_one(at, {"$set": sets}).matched_count == 1

    def remove(self, robot: Robot) -> bool:
        """See ``Robots``. The row first: without it nobody asks for the key."""
        gone = self._rows.delete_one({"_id": robot.id, "rev": robot.rev}).deleted_count == 1
        if gone:
            self._vault.destroy(robot.id)
        return gone

    def failed(self, id: str, reason: str, most: int) -> bool:
        """See ``Robots``."""
        after = self._rows.find_one_and_update(
            {"_id": id, "state": RobotState.ON.value}, _one_more(reason, most), return_document=ReturnDocument.AFTER
        )
        return after is not None and after["state"] == RobotState.BROKEN.value

    def worked(self, id: str) -> None:
        """See ``Robots``."""
        self._rows.update_one({"_id": id, "failures": {"$gt": 0}}, {"$set": {"failures": 0}})

    def _sealed_once(self, id: str, typed: Typed) -> dict[str, bytes | None]:
        """Raises Conflict where the same command made a robot of this id and it was removed since."""
        try:
            sealed = self._sealed(id, typed)
            # A key that was destroyed elsewhere seals for some seconds more, and opens nothing any more.
            if not self._vault.is_erased(id):
                return sealed
        except Erased:
            pass
        zh = "这个机器人已经删掉了;要再登记,请换一个 Idempotency-Key"
        raise Conflict("robot-removed", Text(zh, "it was removed; another Idempotency-Key registers it again"))

    def _sealed(self, id: str, typed: Typed) -> dict[str, bytes | None]:
        """Only what was said anew; DingTalk's secret goes and comes with its token."""
        texts: dict[str, str | None] = {} if typed.label is None else {"label": typed.label}
        if typed.access is not None:
            texts |= {"key": typed.access.key, "secret": typed.access.secret}
        return {
            part: None if text is None else self._vault.seal(id, text, _context(id, part))
            for part, text in texts.items()
        }

    def _open(self, id: str, part: str) -> str | None:
        row = self._rows.find_one({"_id": id}, {f"sealed.{part}": 1})
        return None if row is None else self._vault.try_open(row["sealed"].get(part), _context(id, part))


def _one_more(reason: str, most: int) -> list[Mapping[str, Any]]:
    breaks = {"$gte": ["$failures", most]}
    return [
        {"$set": {"failures": {"$add": ["$failures", 1]}}},
        {
            "$set": {
                "state": {"$cond": [breaks, RobotState.BROKEN.value, "$state"]},
                "reason": {"$cond": [breaks, {"$literal": reason}, "$reason"]},
                "rev": {"$cond": [breaks, {"$add": ["$rev", 1]}, "$rev"]},
            }
        },
    ]


def sealed_robots() -> SealedCollection:
    """Its sealed fields, under the robot's own key."""
    return SealedCollection(collection=COLLECTION, paths=tuple(f"sealed.{part}" for part in _PARTS), fields=_of_robot)


def _of_robot(row: Document) -> Iterator[SealedField]:
    for part in _PARTS:
        blob = row["sealed"].get(part)
        if blob is not None:
            bound = _context(row["_id"], part)
            yield SealedField(path=f"sealed.{part}", blob=blob, context=bound, person=row["_id"])


def _context(id: str, part: str) -> str:
    return f"robots/{id}/{part}"


def _fields(robot: Robot) -> Document:
    return {
        "community_id": robot.community_id,
        "kind": robot.kind.value,
        "area_id": robot.area_id,
        "audience": robot.audience.value,
        "categories": [one.value for one in robot.categories],
        "locale": robot.locale,
        "rev": robot.rev,
        "state": robot.state.value,
        "reason": robot.reason,
        "failures": robot.failures,
        "made_at": robot.made_at,
        "line": robot.line,
    }


def _robot(row: Mapping[str, Any]) -> Robot:
    return Robot(
        id=row["_id"],
        community_id=row["community_id"],
        kind=RobotKind(row["kind"]),
        area_id=row["area_id"],
        audience=GroupAudience(row["audience"]),
        categories=tuple(map(Category, row["categories"])),
        locale=row["locale"],
        rev=row["rev"],
        state=RobotState(row["state"]),
        reason=row["reason"],
        failures=row["failures"],
        made_at=row["made_at"],
        line=row["line"],
    )
