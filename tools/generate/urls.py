"""The tables of URLs: paths and methods as the application serves them, summaries from the OpenAPI document, and the
kinds of token that open each operation."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, cast

from flask import Flask

from tools.generate.openapi import file, place
from v1.doors import DOORS

HEAD = "| URL | method | what it does | opened by |\n|---|---|---|---|"
EVERY_METHOD = ("DELETE", "GET", "PATCH", "POST", "PUT", "TRACE")


@dataclass(frozen=True)
class Operation:
    """What a door serves: its URLs without the slash at the end, a method, and the kinds of token that open it."""

    door: ModuleType
    urls: tuple[str, ...]
    method: str
    opened_by: str


def tables(app: Flask, document: dict[str, Any]) -> str:
    """A table for each package of doors."""
    described = _described(document["paths"])
    rows: dict[str, dict[str, None]] = {}  # without repetitions, in their order
    for each in operations(app):
        rows.setdefault(place(each.door), {})[_row(each, described)] = None
    return "\n\n".join("\n".join([f"`{name}`:\n", HEAD, *rows[name]]) for name in rows)


def operations(app: Flask) -> Iterator[Operation]:
    """Every operation of the service. HEAD and OPTIONS come with the other methods and are not listed."""
    served: dict[tuple[str, str], list[str]] = {}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            served.setdefault((rule.endpoint, method), []).append(rule.rule.rstrip("/"))
    endpoints = {endpoint for endpoint, _ in served}
    for (endpoint, method), urls in served.items():
        door = import_module(app.blueprints[endpoint.partition(".")[0]].import_name)
        yield Operation(door, tuple(dict.fromkeys(urls)), method, _opened_by(door, endpoint, endpoints))
    yield from (each for door in DOORS if hasattr(door, "PATHS") for each in _pre_flask(cast(ModuleType, door)))


def _pre_flask(door: ModuleType) -> Iterator[Operation]:
    """The operations of a pre-Flask endpoint, for which the application has no URL."""
    kinds = {kind: None for accepted in getattr(door, "ACCEPTS", {}).values() for kind in accepted}
    urls = tuple(dict.fromkeys(path.rstrip("/") for path in door.PATHS))
    for method in getattr(door, "METHODS", EVERY_METHOD):
        if method != "HEAD":
            yield Operation(door, urls, method, _quoted(kinds) or "the kinds of VERIFY_KINDS")


def _opened_by(door: ModuleType, endpoint: str, endpoints: set[str]) -> str:
    """The kinds that the door's ACCEPTS has for this endpoint, or for operations that have no endpoint of their own."""
    accepts: dict[str, tuple[str, ...]] = getattr(door, "ACCEPTS", {})
    blueprint, _, name = endpoint.partition(".")
    if name in accepts:
        return _quoted(accepts[name])
    inner: dict[tuple[str, ...], list[str]] = {}
    for each, kinds in accepts.items():
        if f"{blueprint}.{each}" not in endpoints:
            inner.setdefault(kinds, []).append(each)
    return "; ".join(f"{_quoted(kinds)} ({_quoted(names)})" for kinds, names in inner.items())


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _row(operation: Operation, described: dict[tuple[str, str], dict[str, Any]]) -> str:
    """A row of the table. The URL that the document describes is written as it is there."""
    keys = [(_plain(url), operation.method) for url in operation.urls]
    key = next((each for each in keys if each in described), None)
    if key is None:
        served = f"{operation.method} {operation.urls[0]}"
        raise ValueError(f"{file(place(operation.door))} does not describe {served}: add it under `paths`")
    about = described[key]
    if about["security"] and {} not in about["security"] and not operation.opened_by:
        raise ValueError(f"{operation.door.__name__}: ACCEPTS does not say what opens {key}")
    urls = [about["path"] if each == key else url for each, url in zip(keys, operation.urls)]
    is_any = hasattr(operation.door, "PATHS") and not hasattr(operation.door, "METHODS")
    method = "any" if is_any else operation.method
    return f"| {_quoted(urls)} | {method} | {about['summary']} | {operation.opened_by} |"


def _described(paths: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The operations of the document by plain path and method, each with its `path` as it is written there."""
    return {
        (_plain(path), method.upper()): {**about, "path": path.replace("{", "<").replace("}", ">")}
        for path, item in paths.items()
        for method, about in item.items()
        if "summary" in about
    }


def _plain(path: str) -> str:
    """The path without the names of its variables and without the slash at its end."""
    return re.sub(r"[<{][^>}]+[>}]", "<>", path).rstrip("/")
