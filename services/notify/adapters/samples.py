"""One plausible event of each type, as the contracts show it."""

import json
from functools import cache
from importlib.resources import files

from contracts.events import AnyReceived
from contracts.schemas.wire import read_event


class ContractSamples:
    """``Samples`` from contracts/samples."""

    def of(self, event_type: str) -> AnyReceived:
        """See ``Samples``."""
        return _sample(event_type)


@cache
def _sample(event_type: str) -> AnyReceived:
    text = files("contracts").joinpath("samples", f"{event_type}.json").read_text(encoding="utf-8")
    return read_event(json.loads(text))
