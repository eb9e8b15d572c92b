"""YAML as people write it: read as any reader would, or refused with the place of what is wrong."""

import pytest
import yaml

from chassis.yaml_text import DEEPEST, read_yaml


def test_what_is_right_is_read() -> None:
    assert read_yaml("a: [1, {b: 二}]\nc: 2026-11-21\n") == yaml.safe_load("a: [1, {b: 二}]\nc: 2026-11-21\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' 写了两次 / stands twice.*line 3, column 1"),
        ("a: {b: 1, 'b': 2}", "stands twice"),
        ("a: [1", "line 1"),
        ("a: \x01", "position 3"),
        ("[" * (DEEPEST + 1), "more than 100 levels"),
        ("[" * 300_000, "more than 100 levels"),
        ("? " * 300_000, "more than 100 levels"),
        ("- " * 300_000, "more than 100 levels"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, words: str) -> None:
    with pytest.raises(yaml.YAMLError, match=f"(?s){words}"):
        read_yaml(text)


def test_as_deep_as_may_be_is_read() -> None:
    assert str(read_yaml("[" * DEEPEST + "]" * DEEPEST)).count("[") == DEEPEST
