"""Finds and opens the files of an import: a folder with the three of them, or some of them by name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from chassis.yaml_text import read_yaml
from contracts.words import Text
from services.tickets.adapters.problems import WHOLE, Problem


class Kind(StrEnum):
    """What a file holds; the value is its name in a folder."""

    COMMUNITY = "community.yaml"
    AREAS = "areas.geojson"
    CATALOGUE = "catalogue.yaml"


@dataclass(frozen=True)
class Source:
    """One file, parsed; ``data`` is a mapping."""

    name: str
    kind: Kind
    data: dict[str, Any]


def open_sources(paths: Sequence[Path], kind: Kind | None = None) -> tuple[dict[Kind, Source], list[Problem]]:
    """Open every file, as *kind* if that is said; what cannot be read is a problem."""
    sources: dict[Kind, Source] = {}
    problems: list[Problem] = []
    for path in _files(paths):
        opened = _open(path, kind)
        if isinstance(opened, Problem):
            problems.append(opened)
        elif opened.kind in sources:
            sentence = Text(
                f"与 {sources[opened.kind].name} 重复", f"is a second one beside {sources[opened.kind].name}"
            )
            problems.append(Problem(path.name, WHOLE, "-", sentence))
        else:
            sources[opened.kind] = opened
    return sources, problems


def _files(paths: Sequence[Path]) -> list[Path]:
    """A path that does not exist is kept: opening it says so."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += [path / kind.value for kind in Kind if (path / kind.value).exists()]
        else:
            files.append(path)
    return files


def _open(path: Path, kind: Kind | None) -> Source | Problem:
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text) if _is_geojson(path) else read_yaml(text)
    except OSError as error:
        return _unreadable(path, f"打不开:{error.strerror}", f"cannot be opened: {error.strerror}")
    except UnicodeDecodeError:
        return _unreadable(path, "不是 UTF-8 编码", "is not UTF-8")
    except (yaml.YAMLError, ValueError) as error:
        detail = " ".join(str(error).split())
        return _unreadable(path, f"格式读不懂:{detail}", f"cannot be parsed: {detail}")
    if not isinstance(data, dict):
        return _unreadable(path, "最外层应是字典", "has to be a mapping")
    return Source(path.name, kind or _kind(path, data), data)


def _is_geojson(path: Path) -> bool:
    return path.suffix in {".geojson", ".json"}


def _kind(path: Path, data: dict[str, Any]) -> Kind:
    if _is_geojson(path):
        return Kind.AREAS
    return Kind.CATALOGUE if "items" in data else Kind.COMMUNITY


def _unreadable(path: Path, zh: str, en: str) -> Problem:
    return Problem(path.name, WHOLE, "-", Text(zh, en))
