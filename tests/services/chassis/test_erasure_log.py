"""Whoever was erased and is back with a restored backup keeps a service from serving, until they are erased again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from chassis.arrival import Arrival
from chassis.erasure_log import erased_ids
from chassis.errors import StartError
from chassis.resources import Parts, open_resources
from chassis.sealed import OWN
from chassis.settings import Settings


def row(state: str, *accounts: str) -> bytes:
    return json.dumps({"state": state, "accounts": accounts, "members": [], "persons": []}).encode() + b"\n"


def test_a_service_waits_for_erasures_that_its_database_knows_nothing_of(
    settings: Settings, mongo: MongoClient[Any], tmp_path: Path
) -> None:
    log = tmp_path / "erasures.jsonl"
    resources = open_resources(replace(settings, erasure_log=str(log)), "erasures")
    parts = Parts(app=None, sealed=(OWN,))
    Arrival(0.0).erasures(resources, parts)
    log.write_bytes(row("begun", "a-1", "a-2") + row("done", "a-1") + b'{"cut')
    with pytest.raises(StartError, match="person reapply"):
        Arrival(0.0).erasures(resources, parts)
    Arrival(0.0).erasures(resources, Parts(app=None))
    resources.vault.destroy("a-1")
    Arrival(0.0).erasures(resources, parts)
    resources.client.close()


@pytest.mark.parametrize("line", [b"no json\n", b"[]\n", b'{"state": "done"}\n'])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "log").write_bytes(row("done", "a-1") + line)
    with pytest.raises(ValueError, match="line 2"):
        erased_ids(tmp_path / "log")
