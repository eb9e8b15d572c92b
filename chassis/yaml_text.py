"""YAML as people write it, where no name stands twice in a mapping: a plain reader keeps the last and says nothing.

What a merge of two changes leaves behind, or a line that was copied and not renamed, is an error with its place.
"""

from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode

DEEPEST = 100
"""Levels of lists and mappings; the parser in C has no bound of its own and would end the process."""


class _EachOnce(yaml.CSafeLoader):
    """Plain values only, and each name of a mapping once; parsed in C, as a catalogue takes Python half a second."""

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        self._must_differ(node)
        return super().construct_mapping(node, deep)

    def _must_differ(self, node: MappingNode) -> None:
        seen: set[tuple[str, str]] = set()
        for name, _ in node.value:
            known = (name.tag, str(name.value))
            if known in seen and name.tag != "tag:yaml.org,2002:merge":
                raise ConstructorError(None, None, f"{name.value!r} 写了两次 / stands twice", name.start_mark)
            seen.add(known)


def read_yaml(text: str) -> Any:
    """What *text* says; raises yaml.YAMLError for what cannot be read, is too deep, or has a name that stands twice."""
    _must_be_shallow(text)
    return yaml.load(text, _EachOnce)  # noqa: S506  it builds plain values only


def _must_be_shallow(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(f"超过 {DEEPEST} 层 / more than {DEEPEST} levels\n{event.start_mark}")
