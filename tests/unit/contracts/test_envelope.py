"""What is read as an envelope, and what is not, whatever JSON it is made of."""

from typing import Any

import pytest

from contracts.envelope import Envelope, MalformedEnvelope
from tests.builders import SAMPLE_BODIES, an_envelope

WIRE = an_envelope(SAMPLE_BODIES[0]).to_wire()


def test_an_envelope_survives_the_way_with_attributes_that_nobody_knows() -> None:
    assert Envelope.from_wire({**WIRE, "later": {"a": 1}}).to_wire() == WIRE
    assert Envelope.from_wire({**WIRE, "traceparent": None}).to_wire() == WIRE


@pytest.mark.parametrize("version", ["1", "x", True, 0, -1, 1.0, 2**63, [1], None])
def test_a_version_is_a_whole_number_from_one(version: Any) -> None:
    with pytest.raises(MalformedEnvelope, match="aggregateversion"):
        Envelope.from_wire({**WIRE, "aggregateversion": version})


@pytest.mark.parametrize("name", sorted(WIRE.keys() - {"specversion", "datacontenttype", "aggregateversion", "data"}))
@pytest.mark.parametrize("value", [None, "", 7, True, ["x"], {"$gt": ""}, "\ud800"])
def test_every_attribute_is_text_that_can_be_stored(name: str, value: Any) -> None:
    with pytest.raises(MalformedEnvelope, match=name):
        Envelope.from_wire({**WIRE, name: value})
