"""docs/openapi.json: each door describes its own paths beside its code, v1/doors/openapi.json has what doors share.

A door's file has `tags`, `paths`, `components` and, as `info.description`, how the door tells failures.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from tools.generate.version import version
from v1.doors import DOORS

ROOT = Path(__file__).resolve().parents[2]
SHARED = "v1/doors/openapi.json"
OF_DOORS = "{doors}"
"""Stands in the shared `info.description` where those of the doors belong."""

WIDTH = 120
WAYS_OUT = f"rename one of them, or define it once in {SHARED} if they are the same thing"

Part = dict[str, Any]


def document() -> Part:
    """The whole document, in the order of DOORS, with the version of the project."""
    files = dict.fromkeys(file(place(cast(ModuleType, door))) for door in DOORS)
    found = merged({name: _read(name) for name in (SHARED, *files)})
    return {**found, "info": {**found["info"], "version": version()}}


def place(door: ModuleType) -> str:
    """The package of a door, or its module if it is in none: `v1/doors/mobile/`, `v1/doors/ops.py`."""
    path = "/".join(door.__name__.split(".")[:3])
    return f"{path}/" if (ROOT / path).is_dir() else f"{path}.py"


def file(place: str) -> str:
    """The file that describes a door: `v1/doors/mobile/openapi.json`, `v1/doors/ops.openapi.json`."""
    return f"{place}openapi.json" if place.endswith("/") else f"{place.removesuffix('.py')}.openapi.json"


def _read(name: str) -> Part:
    if not (ROOT / name).exists():
        raise ValueError(f"{name} is missing: describe the door's paths there, as v1/doors/rfc/openapi.json does")
    found: Part = json.loads((ROOT / name).read_text())
    return found


def merged(parts: Mapping[str, Part]) -> Part:
    """One document of all parts by file name, the shared one first. Raises ValueError if two define the same."""
    shared, *doors = parts.values()
    told = "\n\n".join(each["info"]["description"] for each in doors if "info" in each)
    info = {**shared["info"], "description": shared["info"]["description"].replace(OF_DOORS, told)}
    found: dict[str, Part] = {"tags": {}, "paths": {}}
    definer: dict[tuple[str, str], str] = {}
    for source, part in parts.items():
        for group, name, value in _entries(part):
            if (first := definer.setdefault((group, name), source)) != source:
                raise ValueError(f"{first} and {source} both define {name} in {group}: {WAYS_OUT}")
            found.setdefault(group, {})[name] = value
    tags, paths = list(found.pop("tags").values()), found.pop("paths")
    return {**shared, "info": info, "tags": tags, "paths": paths, "components": found}


def _entries(part: Part) -> Iterator[tuple[str, str, Any]]:
    """What a part defines: each tag, path and component with its group and its name."""
    yield from (("tags", each["name"], each) for each in part.get("tags", ()))
    groups = {"paths": part.get("paths", {}), **part.get("components", {})}
    yield from ((group, name, value) for group, named in groups.items() for name, value in named.items())


def text(value: Any, before: int = 0, indent: str = "") -> str:
    """The value as JSON: in one line if that fits, with the indent and the `before` characters of its name."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(indent) + before + len(line) < WIDTH:
        return line
    inner = f"{indent}  "
    names = [f"{json.dumps(name)}: " for name in value] if isinstance(value, dict) else [""] * len(value)
    values = value.values() if isinstance(value, dict) else value
    lines = [inner + name + text(each, len(name), inner) for name, each in zip(names, values)]
    left, right = "{}" if isinstance(value, dict) else "[]"
    return f"{left}\n" + ",\n".join(lines) + f"\n{indent}{right}"
