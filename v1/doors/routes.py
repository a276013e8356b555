"""Owns that each path of a door is served with a slash behind it and without, alike and with no redirect."""

from collections.abc import Callable, Iterable

from flask import Blueprint, Response

Operation = tuple[str, str, str, Callable[..., Response]]
"""A path without the slash behind it, a name that is the door's own, a method, and the view."""


def serve(door: Blueprint, operations: Iterable[Operation], mounts: Iterable[str] = ("",)) -> Blueprint:
    """The door with these operations, below each mount."""
    for path, name, method, view in operations:
        for mount in mounts:
            for slash in ("", "/"):
                door.add_url_rule(mount + path + slash, name, view, methods=[method])
    return door
