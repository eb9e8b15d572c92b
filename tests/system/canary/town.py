"""A small community on a stack of its own, every private column of whose people holds a mark."""

import csv
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import StringIO
from pathlib import Path

from deploy.demo.play import COMMUNITY, DATA
from deploy.simulate.stage import Stage
from deploy.stack.operators import TICKETS, VOLUNTEERS
from deploy.stack.plan import Plan
from deploy.stack.stack import Stack
from services.volunteers.adapters.member_rows import read_members
from services.volunteers.adapters.tables import Line
from tests.system.canary.marks import Marks
from tests.system.canary.witness import Witness
from tests.system.conftest import CHEAP, own_env

MEMBERS = ("V001", "V002", "V003", "G01", "C01", "S01", "V146")
ADULT = "V003"
"""Goes with whoever is not grown up."""
RESIDENTS = ("resident", "neighbour")
MORNING = "2026-11-23T10:00:00+08:00"
"""A Monday, when nobody is asleep."""
PLENTY = {"rate_account": "off", "rate_address": "off"}
FILE = "members.csv"


@contextmanager
def a_town(root: Path) -> Iterator[tuple[Stack, Witness]]:
    """The running platform, its people imported and signed in; the first accounts are opened by the administrator."""
    marks = Marks()
    key = marks.plain("the key of the provider's callbacks", "the operator") + secrets.token_hex(16)
    settings = {**CHEAP, **PLENTY, "sms_callback_key": key}
    stack = Stack(Plan(root=root, any_ports=True, clock_origin=MORNING, settings=settings, env=own_env(root)))
    try:
        stack.up()
        witness = Witness(stack.http_url, marks, callback_key=key)
        _settle(stack, witness, root)
        yield stack, witness
    finally:
        stack.down()


def _settle(stack: Stack, witness: Witness, root: Path) -> None:
    stage = Stage(stack)
    masters = [str(DATA / name) for name in ("community.yaml", "areas.geojson", "catalogue.yaml")]
    _operate(stack, TICKETS, "import", *masters)
    people = root / FILE
    people.write_text(_members(witness.marks), encoding="utf-8")
    _operate(stack, VOLUNTEERS, "import", "members", str(people), "--community", COMMUNITY)
    admin = stage.open_admin(COMMUNITY)
    cast = stage.badges([admin], len(MEMBERS))
    witness.tokens = {"admin": cast.accounts[admin].token} | {name: cast.members[name].token for name in MEMBERS}
    witness.learn()
    for login in RESIDENTS:
        witness.do("admin", "POST /api/v1/accounts", login=login, roles=[{"role": "resident"}])
    cast = stage.badges([admin, *RESIDENTS], len(MEMBERS))
    witness.tokens |= {login: cast.accounts[login].token for login in RESIDENTS}


def _operate(stack: Stack, module: str, *arguments: str) -> None:
    done = stack.run(module, *arguments, capture=True)
    assert done.returncode == 0, done.stderr or done.stdout


def _members(marks: Marks) -> str:
    """Some of the demo's members, with a mark in every column that takes any words, or a phone number."""
    with (DATA / FILE).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns: Sequence[str] = reader.fieldnames or ()
        chosen = [row for row in reader if row["external_no"] in MEMBERS]
        rows = [{**row, "teams": "", "with_adult": row["with_adult"] and ADULT} for row in chosen]
    written = StringIO()
    writer = csv.DictWriter(written, columns)
    writer.writeheader()
    for row in rows:
        for name in columns:
            for mark in () if name in _OTHERS else (marks.word, marks.phone):
                told = {**row, name: mark(f"{FILE} {name}", row["external_no"])}
                if not _is_wrong(told):
                    row = told
                    break
        writer.writerow(row)
    return written.getvalue()


_OTHERS = {"external_no", "crs", "lon", "lat", "capacity"}
"""A number is a name that others know; the others take figures."""


def _is_wrong(row: dict[str, str]) -> bool:
    """What the import itself says."""
    cells = {name: value or "" for name, value in row.items()}
    _, problems = read_members([Line(2, cells)], COMMUNITY, _grids, date.fromisoformat(MORNING[:10]))
    return bool(problems)


def _grids(areas: Collection[str]) -> dict[str, str]:
    return {area: "sll-g1" for area in areas if not Marks.stands_in(area)}
