"""The hotline beside a running platform: its office as a process of its own, its machine at the API."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from deploy.simulate.stage import Stage
from deploy.stack.ports import free_ports
from deploy.stack.services import PROJECT

HOTLINE = "12345"
SECRET = "what the office and the house know"
SCOPES = ["place_tickets", "read_tickets", "read_upstream", "note_upstream_callbacks", "confirm_tickets"]


def upstream_settings() -> dict[str, Any]:
    """Settings of a stack whose results go to an office on this machine, which need not be there."""
    (port,) = free_ports(1)
    return {
        "upstreams": (f"{HOTLINE}=http://127.0.0.1:{port}/results",),
        "upstream_secrets": (f"{HOTLINE}={SECRET}",),
        "upstream_retry_delays": (0.2,) * 50,
        "upstream_interval": 0.2,
        "upstream_timeout": 1.0,
    }


@dataclass(frozen=True)
class Played:
    """The open office."""

    url: str

    def held(self) -> dict[str, Any]:
        """What it has."""
        with urllib.request.urlopen(f"{self.url}/held", timeout=10) as answer:  # noqa: S310  our own office
            return dict(json.load(answer))


@contextmanager
def an_open_office(stage: Stage, moods: str) -> Iterator[Played]:
    """Its process, as `./shiliu upstream office` starts it, where the stack's results go to."""
    (pair,) = stage.stack.plan.settings["upstreams"]
    address = urlsplit(pair.partition("=")[2])
    command = [sys.executable, "-m", "deploy.cli", "upstream", "office", "--port", str(address.port)]
    command += ["--secret", SECRET, "--moods", moods, "--slow-seconds", "3"]
    office = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    try:
        assert office.stdout is not None
        assert office.stdout.readline().strip() == pair.partition("=")[2]
        yield Played(f"http://{address.netloc}")
    finally:
        office.terminate()
        office.wait(10)
        if office.stdout is not None:
            office.stdout.close()
