"""What is held about people: every service says of each of its collections what of it is somebody's, and for how long.

docs/privacy.md is printed from these tables; tests hold them against the collections, the sealed fields and the
retention rules of the code, so that nothing private is added without a line here.
"""

from dataclasses import dataclass
from enum import StrEnum

from contracts.words import Text


class Basis(StrEnum):
    """On what ground something may be held (the law on personal information, 个人信息保护法, art. 13, 28 and 29)."""

    SERVICE = "service"
    CONSENT = "consent"
    SEPARATE_CONSENT = "separate_consent"
    DUTY = "duty"
    SAFETY = "safety"


BASES = {
    Basis.SERVICE: Text(zh="提供本人要求的服务所必需(13 条第 2 项)", en="needed for the service asked for (13, 2)"),
    Basis.CONSENT: Text(zh="本人同意(13 条第 1 项)", en="consent (13, 1)"),
    Basis.SEPARATE_CONSENT: Text(zh="敏感个人信息,单独同意(28、29 条)", en="sensitive, separate consent (28, 29)"),
    Basis.DUTY: Text(zh="法定职责、留痕和审计(13 条第 3 项、51 条)", en="statutory duty, records (13, 3; 51)"),
    Basis.SAFETY: Text(zh="账号和系统安全(51 条)", en="security of accounts and of the platform (51)"),
}
"""What each basis means, for people."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """One thing that is held about somebody.

    ``field`` is its path in the documents of ``collection``; ``sealed``: encrypted under the person's own key.
    ``period`` names a setting (days after it was over), or says in words how long.
    """

    collection: str
    field: str
    what: Text
    whose: Text
    why: Text
    basis: Basis
    period: str | Text
    seen_by: Text
    sealed: bool = False


@dataclass(frozen=True, kw_only=True)
class Nobodys:
    """A collection in which nothing is anybody's."""

    collection: str
    what: Text


Entry = Held | Nobodys

THEMSELVES = Text(zh="本人", en="themselves")
NOT_SEEN = Text(zh="无人", en="nobody")
WHILE_IT_STANDS = Text(zh="随主记录", en="as long as the record it stands in")
FOR_EVER = Text(
    zh="长期;只有编号和代码,注销后无从还原到人", en="for ever: ids and codes, mute once the person is erased"
)

GEAR: tuple[Entry, ...] = (
    Nobodys(collection="leases", what=Text(zh="哪个进程在值守", en="which process looks after what")),
    Nobodys(collection="depths", what=Text(zh="队列深度", en="how deep the queues were")),
    Nobodys(collection="rebuilds", what=Text(zh="重建进度", en="how far a rebuild came")),
    Nobodys(collection="retention", what=Text(zh="保留期限的执行记录", en="how the periods were kept")),
    Held(
        collection="operator_log",
        field="by",
        what=Text(zh="运维人员的登录名、做了什么、为什么", en="an operator's login, what they did, and why"),
        whose=Text(zh="运维人员", en="operators"),
        why=Text(zh="丢弃消息、注销等操作要有据可查", en="who threw something away, or erased somebody, is on record"),
        basis=Basis.DUTY,
        period="retention_operator_log_days",
        seen_by=Text(zh="运维人员", en="operators"),
    ),
)
"""What every service's database has."""

EVENTS: tuple[Entry, ...] = (
    Held(
        collection="events",
        field="wire",
        what=Text(
            zh="账号、成员、服务对象的编号,到网格的地点,成员自选的称呼",
            en="ids of accounts, members and persons, places down to the grid, members' chosen display names",
        ),
        whose=Text(zh="点单人、服务对象、成员", en="who orders, who is served, members"),
        why=Text(zh="时间线、重建和审计;从不含原话、姓名、电话、住址", en="timelines, rebuilding, audit; never words"),
        basis=Basis.DUTY,
        period=FOR_EVER,
        seen_by=Text(zh="与工单有关的人看到删减后的时间线", en="who is concerned with the order, as a cut timeline"),
    ),
)
"""What every service that tells events keeps of them."""

VAULT: tuple[Entry, ...] = (
    Held(
        collection="person_keys",
        field="keyMaterial",
        what=Text(zh="每人一把数据密钥,由主密钥包裹", en="one data key for each person, wrapped by the master key"),
        whose=Text(zh="有私密内容的每个人", en="everybody of whom something is sealed"),
        why=Text(zh="加密;销毁后此人的一切都读不出来", en="seals; once destroyed, all of that person's is mute"),
        basis=Basis.SAFETY,
        period=Text(zh="到注销", en="until erasure"),
        seen_by=Text(zh="无人", en="nobody"),
        sealed=True,
    ),
    Held(
        collection="persons_erased",
        field="keys",
        what=Text(zh="已注销者的编号和已销毁的密钥编号", en="ids of who was erased, and of the keys destroyed"),
        whose=Text(zh="已注销的人", en="who was erased"),
        why=Text(zh="不再为其建密钥;恢复备份后再次销毁", en="no key is made for them again, nor comes back"),
        basis=Basis.DUTY,
        period=Text(zh="长期,只有编号", en="for ever; ids alone"),
        seen_by=Text(zh="无人", en="nobody"),
        sealed=True,
    ),
    Held(
        collection="vault_secrets",
        field="sealed",
        what=Text(zh="盲索引的密钥(加密)", en="the secret of the blind indexes, sealed"),
        whose=Text(zh="不属于任何人", en="nobody's"),
        why=Text(zh="按电话找人而不露电话", en="finds a phone without showing it"),
        basis=Basis.SAFETY,
        period=Text(zh="长期", en="for ever"),
        seen_by=Text(zh="无人", en="nobody"),
        sealed=True,
    ),
    Nobodys(collection="vault_runs", what=Text(zh="重新加密做到哪里", en="how far a re-encryption is")),
)
"""What the database of every service with a vault has."""
