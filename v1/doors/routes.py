"""Registers a door's paths, with and without a slash at the end and without a redirect, and reads ids in paths."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from flask import Blueprint, Response

from v1.errors import NotFound

Operation = tuple[str, str, str, Callable[..., Response]]
"""A path without a slash at its end, a name within the door, a method, and the view function."""

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")


def serve(door: Blueprint, operations: Iterable[Operation], mounts: Iterable[str] = ("",)) -> Blueprint:
    """Add these operations to the blueprint, below each mount, and return it.

    Raises ValueError for a path with a slash at its end: each is served with and without one.
    """
    for path, name, method, view in operations:
        if path.endswith("/"):
            raise ValueError(f"{path}: give the path without the slash at its end; it is served with and without one")
        for mount in mounts:
            for slash in ("", "/"):
                door.add_url_rule(mount + path + slash, name, view, methods=[method])
    return door


def number(text: str) -> int:
    """The id in a path: a number from 1. Raises NotFound for any other text."""
    if not _NUMBER.fullmatch(text):
        raise NotFound
    return int(text)
