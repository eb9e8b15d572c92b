"""docs/privacy.md says what the code holds about people: every collection, every sealed field, every period.

To write its tables anew: ``python -m tests.architecture.test_privacy``. A new collection or private field is a line in
the inventory of its service (``services/*/adapters/inventory.py``, ``gateway/inventory.py``).
"""

import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from chassis.inventory import BASES, VAULT, Held
from chassis.process import gear_of
from chassis.resources import open_resources
from chassis.settings import Settings
from contracts.words import Text
from tests.held import INVENTORIES, paths
from tests.rooms import MASTER_KEY, TOKEN_KEY

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "privacy.md"
BEGIN, END = "<!-- from the code: begin -->", "<!-- from the code: end -->"
MODULES = {name: f"services.{name}.service" for name in ("tickets", "volunteers", "notify")} | {
    "gateway": "gateway.service"
}
SETTINGS = Settings(master_key=MASTER_KEY, token_key=TOKEN_KEY)
BY_THE_DATABASE = {("gateway", "retention_stream_days")}
"""Periods that an expiring index keeps."""


def tables() -> str:
    """What the code holds about people, service by service, and how long by default."""
    lines = [f"- `{basis.value}`: {text.zh} / {text.en}" for basis, text in BASES.items()]
    for service, entries in INVENTORIES.items():
        held = [entry for entry in entries if isinstance(entry, Held)]
        lines += ["", f"### {service}", "", HEAD, RULE, *(_row(entry) for entry in held), ""]
        nobodys = [f"`{entry.collection}` {_both(entry.what)}" for entry in entries if not isinstance(entry, Held)]
        lines += ["没有个人信息 / nobody's: " + "; ".join(nobodys) + "."]
    return "\n".join(lines)


COLUMNS = (
    "集合和字段 where",
    "内容 what",
    "谁的 whose",
    "目的 why",
    "依据 basis",
    "加密 sealed",
    "期限 how long",
    "谁能看 who sees it",
)
HEAD = f"| {' | '.join(COLUMNS)} |"
RULE = "|" + "---|" * len(COLUMNS)


def _row(entry: Held) -> str:
    cells = (
        f"`{entry.collection}` {entry.field}",
        _both(entry.what),
        _both(entry.whose),
        _both(entry.why),
        f"`{entry.basis.value}`",
        "✓" if entry.sealed else "",
        _period(entry.period),
        _both(entry.seen_by),
    )
    return f"| {' | '.join(cells)} |"


def _period(period: str | Text) -> str:
    if isinstance(period, Text):
        return _both(period)
    return f"{getattr(SETTINGS, period):g} 天 days (`SHILIU_{period.upper()}`)"


def _both(text: Text) -> str:
    return f"{text.zh} / {text.en}"


def page() -> str:
    """The whole page with fresh tables."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{head}{BEGIN}\n\n{tables()}\n\n{END}{rest.partition(END)[2]}"


def folder(service: str) -> Path:
    return ROOT / "gateway" if service == "gateway" else ROOT / "services" / service


NAMED = (
    re.compile(r"\b_?(?:db|database)\[\"([a-z_]+)\"\]"),
    re.compile(r"\bIndex\(\s*\"([a-z_]+)\""),
    re.compile(r"^    collection = \"([a-z_]+)\"", re.M),
    re.compile(r"GridFS(?:Bucket)?\([^)]*\"([a-z_]+)\""),
)


@pytest.mark.parametrize("service", INVENTORIES)
def test_every_collection_of_the_code_is_in_the_inventory(service: str) -> None:
    known = {entry.collection.partition(".")[0] for entry in INVENTORIES[service]}
    code = [path.read_text(encoding="utf-8") for path in folder(service).rglob("*.py")]
    named = {name for text in code for pattern in NAMED for name in pattern.findall(text)}
    assert len(named) > 0
    assert named - known == set(), "add a line to the service's inventory, and write docs/privacy.md anew"


def _dataclasses(service: str) -> Iterator[type[Any]]:
    package = import_module(f"services.{service}.domain")
    for found in pkgutil.iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        yield from (kind for kind in vars(module).values() if is_dataclass(kind) and kind.__module__ == module.__name__)  # type: ignore[misc]


@pytest.mark.parametrize("service", ["tickets", "volunteers"])
def test_every_sealed_field_of_the_domain_is_declared(service: str) -> None:
    """What is bytes in a domain is sealed: nothing else there is."""
    declared = {path.rpartition(".")[2] for entry in INVENTORIES[service] if isinstance(entry, Held) and entry.sealed
                for path in paths(entry)}  # fmt: skip
    sealed = {
        field.name
        for kind in _dataclasses(service)
        for field in fields(kind)
        if "bytes" in str(get_type_hints(kind)[field.name])
    }
    assert len(sealed) > 1
    assert sealed - declared == set()


@pytest.mark.parametrize("service", ["tickets", "volunteers", "notify", "gateway"])
def test_what_a_rotation_of_keys_goes_through_is_what_is_declared_as_sealed(service: str) -> None:
    resources = open_resources(SETTINGS, service)
    resources.client.close()
    sealed = gear_of(import_module(MODULES[service]).SERVICE).build(resources).sealed
    rotated = {(one.collection, path) for one in sealed for path in one.paths}
    declared = {
        (entry.collection, path)
        for entry in INVENTORIES[service]
        if isinstance(entry, Held) and entry.sealed and entry not in VAULT
        for path in paths(entry)
    }
    # A picture's files are sealed by a key of their own, which is rotated with its row.
    assert {one for one in declared if one[0] != "attachments"} == rotated


@pytest.mark.parametrize("service", INVENTORIES)
def test_every_period_is_kept_by_a_rule_and_every_rule_is_declared(service: str) -> None:
    module = import_module(MODULES[service])
    resources = open_resources(SETTINGS, service)
    resources.client.close()
    ruled = {rule.setting for rule in gear_of(module.SERVICE).build(resources).retention}
    promised = {entry.period for entry in INVENTORIES[service] if isinstance(entry, Held)
                and isinstance(entry.period, str)}  # fmt: skip
    kept = ruled | {setting for name, setting in BY_THE_DATABASE if name == service}
    assert promised == kept


def test_every_period_of_the_settings_is_somebodys() -> None:
    settings = {field.name for field in fields(Settings) if re.fullmatch(r"retention_\w+_days", field.name)}
    promised = {entry.period for entries in INVENTORIES.values() for entry in entries if isinstance(entry, Held)}
    assert settings - {period for period in promised if isinstance(period, str)} == set()


def test_the_page_says_what_the_inventories_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.architecture.test_privacy"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
