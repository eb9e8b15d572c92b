"""Writes contracts/samples anew: `python -m tests.contracts.write_samples`. Read the diff: it is the public shape."""

import json
from pathlib import Path

from tests.builders import every_sample

SAMPLES = Path(__file__).parents[2] / "contracts" / "samples"


def write() -> None:
    """One file for each event type."""
    SAMPLES.mkdir(exist_ok=True)
    for event_type, envelope in every_sample().items():
        text = json.dumps(envelope.to_wire(), ensure_ascii=False, indent=2)
        (SAMPLES / f"{event_type}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
