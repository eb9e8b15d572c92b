"""YAML as people write it, where no name stands twice in a mapping: a plain reader keeps the last and says nothing.

What a merge of two changes leaves behind, or a line that was copied and not renamed, is an error with its place.
"""

from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode


class _EachOnce(yaml.SafeLoader):
    """Plain values only, and each name of a mapping once."""

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
    """What *text* says; raises yaml.YAMLError for what cannot be read, and for a name that stands twice."""
    return yaml.load(text, _EachOnce)  # noqa: S506  it builds plain values only
