"""The tables of errors. The code of each door gives its answer to an error; tools/generate/rows/ says when it happens.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from flask import Flask, Response

from v1.doors.media import rpc
from v1.errors import BadRequest, GatepassError, Unavailable
from v1.wire import jsonrpc

Apps = Mapping[str, Flask]
"""The service with each ERROR_STATUS."""


@dataclass(frozen=True)
class Row:
    """Errors that a door answers alike, when it does, and what the caller should do then.

    `given` has the cells of an answer that no error causes. `path` is for answers that depend on the path.
    """

    when: str
    errors: tuple[GatepassError | jsonrpc.RpcError, ...] = ()
    do: str = ""
    path: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The errors of one door. `columns` are headings with the name of a cell. `unused` errors never reach the door."""

    door: ModuleType
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    unused: tuple[type[GatepassError], ...] = ()


def text(table: Table, apps: Apps) -> str:
    """The table in Markdown. Raises ValueError if it has no row for an error of the service."""
    explained = {type(error) for row in table.rows for error in row.errors} | set(table.unused)
    if missing := sorted(each.__name__ for each in error_classes() - explained):
        raise ValueError(f"no row says when {table.door.__name__} answers {', '.join(missing)}")
    lines = [table.columns.keys(), ["---"] * len(table.columns)]
    lines += [[_cells(table.door, row, apps)[cell] for cell in table.columns.values()] for row in table.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace("| --- ", "|---").replace("--- |", "---|")


BASES = {BadRequest, Unavailable}
"""Base classes that are never raised themselves."""


def error_classes(root: type[GatepassError] = GatepassError) -> set[type[GatepassError]]:
    """Every error that any door may have to answer. (Errors of one door only are explained by `given` cells.)"""
    found = {each for child in root.__subclasses__() for each in {child} | error_classes(child)}
    return {each for each in found - BASES if each.__module__ == "v1.errors"}


def _cells(door: ModuleType, row: Row, apps: Apps) -> dict[str, str]:
    """The cells of a row. Raises ValueError if the door answers its errors differently."""
    found = [_answered(door, error, row.path, apps) for error in row.errors] or [dict(row.given)]
    if any(each != found[0] for each in found):
        raise ValueError(f"{door.__name__} gives different answers in one row: {found}")
    return {**found[0], "when": row.when, "do": row.do}


def _answered(door: ModuleType, error: GatepassError | jsonrpc.RpcError, path: str, apps: Apps) -> dict[str, str]:
    """The status with each ERROR_STATUS, and the code, type and message of the body."""
    answers = {name: _ask(door, error, path, app) for name, app in apps.items()}
    body: Any = json.loads(answers["http"].data) if answers["http"].mimetype == "application/json" else {}
    said = body.get("errors", body.get("error", {}))
    about = said if isinstance(said, dict) else {**body, "error": said}
    return {name: str(about[name]) for name in about if name in ("code", "type", "message", "error")} | {
        "status": str(answers["http"].status_code),
        "status_php": str(answers["php"].status_code),
    }


def _ask(door: ModuleType, error: GatepassError | jsonrpc.RpcError, path: str, app: Flask) -> Response:
    """What the door answers to this error."""
    core = app.extensions["gatepass"]
    with app.test_request_context(path or "/", method="POST"):
        if isinstance(error, jsonrpc.RpcError):
            return rpc.answer(core, jsonrpc.Response(error=error))
        answer = door.refuse(core, error)
        if isinstance(answer, Response):
            return answer
        status, _, body = answer  # of a pre-Flask endpoint
        return Response(body, status)
