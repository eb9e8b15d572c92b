"""What a run came to: for people as a table, for machines as JSON; and whether everything was as it has to be."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from deploy.audit.audit import sentences
from deploy.audit.figures import percentile
from deploy.chaos.keeper import Keeper
from deploy.chaos.storm import Storm, Struck
from deploy.simulate.report import Account
from deploy.simulate.world import World


@dataclass(frozen=True, kw_only=True)
class Load:
    """The time under load and the quiet period, as the people and the keeper saw them."""

    placed: int
    seconds: float
    stuck: str
    """Why the quiet period was given up; empty: all orders came to their end."""
    struck: Sequence[Struck]
    missed: Sequence[str]
    unexpected_ends: Sequence[str]
    stubborn: Sequence[str]
    restarts: Mapping[str, int]
    deeds: Mapping[str, int]
    refusals: Mapping[str, int]
    unanswered: int
    errors: Sequence[str]
    requests: Mapping[str, int]
    latency_ms: Mapping[str, float]
    """Of answered POSTs, from their first sending, repeats included."""


@dataclass(frozen=True)
class Outcome:
    """Everything told of a run."""

    load: Load
    account: Account
    planted: Mapping[str, Set[str]]
    used: Mapping[str, Mapping[str, float]]
    audit_seconds: float

    @property
    def troubles(self) -> list[str]:
        """What was not as it has to be, in sentences; none: the run was clean."""
        return list(_troubles(self))

    def to_json(self) -> dict[str, Any]:
        """As a JSON object; the names are stable."""
        account, load = self.account, self.load
        planted = sum(map(len, self.planted.values()))
        unplanted = sum(found.clause == "dead-letter" for found in account.findings["dead_letters"])
        told = asdict(load) | {
            "orders_per_second": round(load.placed / max(load.seconds, 0.001), 2),
            "faults": dict(Counter(one.kind for one in load.struck)),
            "planted_dead_letters": planted,
            "copies_of_planted": account.dead_letters - planted - unplanted,
            "other_dead_letters": unplanted,
            "findings": {
                name: [f"{one.about}: {one.seen}" for one in found[:20]]
                for name, found in account.findings.items()
                if found
            },
            "audit_seconds": self.audit_seconds,
            "troubles": self.troubles,
            "clean": not self.troubles,
        }
        return account.to_json() | told | dict(self.used)


def load_of(world: World, storm: Storm, keeper: Keeper, seconds: float, stuck: str) -> Load:
    """Collect what everybody saw."""
    posts = world.api.post_seconds
    return Load(
        placed=len(world.track.placed),
        seconds=round(seconds, 1),
        stuck=stuck,
        struck=tuple(storm.struck),
        missed=tuple(storm.missed),
        unexpected_ends=tuple(keeper.unexpected_ends),
        stubborn=tuple(keeper.stubborn),
        restarts=dict(keeper.restarts),
        deeds=dict(world.deeds),
        refusals=dict(world.troubles.refusals),
        unanswered=world.troubles.unanswered,
        errors=tuple(world.troubles.errors),
        requests=dict(world.api.counts),
        latency_ms={f"p{share}": round(1000 * percentile(posts, share / 100), 1) for share in (50, 95, 99)},
    )


def table_of(outcome: Outcome) -> Table:
    """What people read after a run."""
    load, account = outcome.load, outcome.account
    table = Table(title="故障中的一程 / a run under faults", show_header=False)
    told = outcome.to_json()
    recovered = sum(count for what, count in load.requests.items() if what == "repeats")
    rows = {
        "工单 orders": f"{load.placed},到头的 at an end {account.figures.at_end}",
        "每秒 per second": f"{told['orders_per_second']}({load.seconds:.0f} 秒 s)",
        "故障 faults": _counts(told["faults"]) or "0",
        "重启 restarts": f"{sum(load.restarts.values())};没料到的 unexpected {len(load.unexpected_ends)}",
        "请求 requests": _counts({what: count for what, count in load.requests.items() if what.startswith("answered")}),
        "没有回音 unanswered": f"{load.unanswered};重发后得到 repeated until answered {recovered}",
        "耗时 latency of POSTs": ", ".join(f"{name} {value:.0f} ms" for name, value in load.latency_ms.items()),
        "死信 dead letters": f"埋下的 planted {told['planted_dead_letters']},其副本 copies {told['copies_of_planted']},"
        f"别的 others {told['other_dead_letters']}",
        "核查 audit": ", ".join(f"{name} {len(found)}" for name, found in account.findings.items()),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _troubles(outcome: Outcome) -> Iterator[str]:
    load = outcome.load
    if load.stuck:
        yield f"stuck: {load.stuck}"
    yield from (f"fault failed: {one.kind}: {one.failed}" for one in load.struck if one.failed)
    yield from (f"never struck: {kind}" for kind in sorted({*load.missed} - {one.kind for one in load.struck}))
    yield from (f"unexpected end: {said}" for said in load.unexpected_ends)
    yield from (f"did not end on SIGTERM: {name}" for name in load.stubborn)
    if load.unanswered:
        yield f"unanswered: {load.unanswered} requests"
    yield from (f"error of a simulated person: {said}" for said in load.errors)
    if "answered 500" in load.requests:
        yield f"answered 500: {load.requests['answered 500']} times"
    yield from sentences(outcome.account.findings)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda it: (-it[1], it[0])))
