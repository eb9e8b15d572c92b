"""Schemathesis at work on a running platform, as one account: what it knows, what it sends, and what it found."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from gateway.api.commanding import KEY_HEADER
from tests.system.canary.routes import Operation, operations
from tests.system.fuzzing.examples import BY_HEADER, Ids, with_examples
from tests.system.fuzzing.hostile_texts import TEXTS, as_headers

_ENDING = (
    r"sessions(/current|/\{session_id\})?",
    r"accounts/\{account_id\}/sessions",
    "me/password",
    "password-resets",
)
NOT_ASKED = rf"^/api/v1/({'|'.join(_ENDING)}|stream)$"
"""Would end the session of whoever asks, so that the rest is refused at the door; or never ends by itself."""
REFUSALS = (400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 422, 428, 429, 431, 503, 504)
KEYS = 1_000
SEED = int(os.environ.get("SHILIU_FUZZ_SEED", "20261122"))
"""The same requests every time, so that what one run finds the next finds too; others by choice."""
LEFT_OUT = (
    "positive_data_acceptance",  # an order for an item that there is not is well-formed, and refused
    "allow_header_conformance",  # /sessions/client is also a /sessions/{session_id} that there never is
)


@dataclass(frozen=True)
class Found:
    """What a run says at its end."""

    name: str
    cases: int
    failures: Sequence[str]
    output: str
    answered: Mapping[str, int]
    """The lowest status of each operation that was asked: what was let through, if anything was."""


class Run:
    """One account's share, under way in a process of its own."""

    def __init__(
        self, name: str, url: str, token: str, description: Mapping[str, Any], known: Ids, seconds: int, folder: Path
    ) -> None:
        self.name = name
        self._known = operations(description)
        self._report, self._log = folder / f"{name}.json", folder / f"{name}.har"
        spec = folder / f"{name}-openapi.json"
        spec.write_text(json.dumps(with_examples(description, known)), encoding="utf-8")
        config = folder / f"{name}.toml"
        config.write_text(_config(known), encoding="utf-8")
        command = [sys.executable, "-W", "ignore", "-m", "schemathesis.cli", "--config-file", str(config)]
        command += [
            "run",
            str(spec),
            "--url",
            url,
            "-H",
            f"Authorization: Bearer {token}",
            "--workers",
            "1",
            "--request-timeout",
            "30",
        ]
        command += [
            "--max-time",
            str(seconds),
            "--phases",
            "examples,coverage,fuzzing",
            "--seed",
            str(SEED),
            "--no-shrink",
            "--continue-on-failure",
        ]
        command += ["--exclude-checks", ",".join(LEFT_OUT), "--exclude-path-regex", NOT_ASKED]
        command += ["--generation-database", "none", "--report", "json,har"]
        command += ["--report-json-path", str(self._report), "--report-har-path", str(self._log)]
        self._process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )

    def end(self) -> Found:
        """Wait for it."""
        output, _ = self._process.communicate()
        report = json.loads(self._report.read_text(encoding="utf-8"))
        entries = json.loads(self._log.read_text(encoding="utf-8"))["log"]["entries"]
        return Found(self.name, _cases(report), list(_failures(report)), output, _answered(entries, self._known))

    def stop(self) -> None:
        """Wait no longer."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def reached(found: Iterable[Found]) -> tuple[set[str], set[str]]:
    """The operations that anybody asked, and those that did for somebody what was asked (2xx)."""
    answered = [pair for one in found for pair in one.answered.items()]
    return {name for name, _ in answered}, {name for name, status in answered if status < 300}


def _cases(report: Mapping[str, Any]) -> int:
    return int(report["test_cases"]["generated"])


def _answered(entries: Iterable[Mapping[str, Any]], known: Iterable[Operation]) -> dict[str, int]:
    patterns = [(one, re.compile(re.sub(r"{\w+}", "[^/]+", one.path) + "/?")) for one in known]
    # What a path names outright goes before what any word may stand for.
    patterns.sort(key=lambda pair: len(pair[0].in_path))
    found: dict[str, int] = {}
    for entry in entries:
        method, path = entry["request"]["method"], urlsplit(entry["request"]["url"]).path
        status = int(entry["response"]["status"])
        name = next((one.name for one, pattern in patterns if one.method == method and pattern.fullmatch(path)), None)
        if name is not None and status:
            found[name] = min(found.get(name, status), status)
    return found


def _failures(report: Mapping[str, Any]) -> Iterable[str]:
    """Broken promises, and requests that got no answer; errors of the tool's own are not ours."""
    unanswered = [error for error in report["errors"] if "network" in json.dumps(error).lower()]
    return [json.dumps(found, ensure_ascii=False) for found in (*report["failures"], *unanswered)]


def _config(known: Ids) -> str:
    lines = ["[dictionaries.hostile]", f"values = {_list(TEXTS)}"]
    # The same key with another body would be refused before anything else is looked at.
    lines += ["[dictionaries.keys]", f"values = {_list(uuid4().hex for _ in range(KEYS))}"]
    # The tool's own HTTP client refuses the others, and the operation would be asked no more.
    lines += ["[dictionaries.headers]", f"values = {_list(as_headers(TEXTS))}"]
    for name, ids in known.items():
        lines += [f"[dictionaries.{name}]", f"values = {_list(ids)}"]
    lines += ["[generation]", "allow-x00 = false", "[generation.dictionaries.string]"]
    lines += ['dictionary = "hostile"', "probability = 0.2"]
    lines += ["[checks.negative_data_rejection]", f"expected-statuses = {list(REFUSALS)}"]
    lines += ["[checks.missing_required_header]", f"expected-statuses = {list(REFUSALS)}"]
    lines += ["[parameters]"]
    for name in known:
        for place in ("path", "body"):
            lines.append(f'"{place}.{name}" = {{ dictionary = "{name}", probability = 0.7 }}')
    lines.append(f'"header.{KEY_HEADER}" = {{ dictionary = "keys", probability = 0.9 }}')
    lines.append(f'"header.{BY_HEADER}" = {{ dictionary = "headers", probability = 1.0 }}')
    lines += ["[[operations]]", 'include-path = "/api/v1/events"', 'parameters = { "query.wait" = 0 }']
    return "\n".join(lines) + "\n"


def _list(values: Iterable[str]) -> str:
    # JSON's strings are TOML's.
    return json.dumps(list(values), ensure_ascii=False)
