"""What contracts refuse at the door, and what is legal however odd it looks."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from contracts.schemas.derive import schema_of
from contracts.schemas.fields import MAX_TEXT, time_text
from contracts.typed import clean


@dataclass(frozen=True)
class Sample:
    text: str
    count: int = 0
    share: float = 0.0
    sure: bool = False
    at: datetime | None = None
    words: tuple[str, ...] = ()


def load(**values: object) -> Sample:
    loaded: Sample = schema_of(Sample, strict=True).load({"text": "x", **values})
    return loaded


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "a\x00b"),
        ("text", "\ud800"),
        ("text", 7),
        ("text", None),
        ("text", {"$gt": ""}),
        ("text", "字" * (MAX_TEXT + 1)),
        ("text", "字" * MAX_TEXT + "\u200b"),
        ("at", "9999-12-31T23:59:59-14:00"),
        ("at", "0001-01-01T00:00:00+14:00"),
        ("count", 2**63),
        ("count", -(2**63) - 1),
        ("count", True),
        ("count", "1"),
        ("count", 1.5),
        ("share", float("nan")),
        ("share", float("inf")),
        ("share", "0.5"),
        ("share", True),
        ("sure", "yes"),
        ("sure", 1),
        ("at", "2026-11-21T08:00:00"),
        ("at", "yesterday"),
        ("words", "abc"),
        ("words", ["a", {"$ne": 1}]),
    ],
)
def test_what_cannot_be_carried_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        load(**{field: value})

    assert list(refusal.value.messages_dict) == [field]


@pytest.mark.parametrize("name", ["马迪娜·阿德力", "米日古力·吾…", "محمود", "O’Brien-李", "👵🏽"])
def test_every_real_name_is_legal(name: str) -> None:
    assert load(text=name).text == name


def test_text_comes_in_by_the_rule_for_what_is_typed() -> None:
    assert load(text="adm\u200bin\u202e", words=["a\x1b", "b\r\n"]) == Sample(text="admin", words=("a", "b\n"))


def test_times_are_kept_in_utc_to_the_millisecond() -> None:
    loaded = load(at="2026-11-21T08:05:00.123987+08:00")

    assert loaded.at == datetime(2026, 11, 21, 0, 5, 0, 123000, tzinfo=UTC)
    assert time_text(loaded.at) == "2026-11-21T00:05:00.123Z"


@given(
    st.builds(
        Sample,
        text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=50).map(clean),
        count=st.integers(-(2**63), 2**63 - 1),
        share=st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300),
        sure=st.booleans(),
        words=st.lists(st.sampled_from(["a", "石榴"]), max_size=3).map(tuple),
    )
)
def test_what_is_written_is_read_back(sample: Sample) -> None:
    schema = schema_of(Sample, strict=True)

    assert schema.load(schema.dump(sample)) == sample
