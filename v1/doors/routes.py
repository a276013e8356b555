"""Owns paths: each of a door is served with a slash behind it and without, with no redirect; and the ids in them."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from flask import Blueprint, Response

from v1.errors import NotFound

Operation = tuple[str, str, str, Callable[..., Response]]
"""A path without the slash behind it, a name that is the door's own, a method, and the view."""

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")


def serve(door: Blueprint, operations: Iterable[Operation], mounts: Iterable[str] = ("",)) -> Blueprint:
    """The door with these operations, below each mount."""
    for path, name, method, view in operations:
        for mount in mounts:
            for slash in ("", "/"):
                door.add_url_rule(mount + path + slash, name, view, methods=[method])
    return door


def number(text: str) -> int:
    """An id in a path: from 1. Raises NotFound for what can be none."""
    if not _NUMBER.fullmatch(text):
        raise NotFound
    return int(text)
