"""Pre-Flask endpoints: paths that a WSGI function answers before Flask sees them.

Flask takes longer than all the rest of a token check (bench/results.md).
"""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from flask import Blueprint

from v1.errors import GatepassError, Unforeseen
from v1.observe import logs
from v1.observe.metrics import request_seconds

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
"""Status, headers and body."""

Respond = Callable[[dict[str, Any]], Answer]
"""Answers a request, given WSGI's environ. May raise any error."""

Refuse = Callable[[GatepassError], Answer]

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def blueprint(name: str, paths: tuple[str, ...], respond: Respond, refuse: Refuse) -> Blueprint:
    """A blueprint without routes. An application that registers it answers these paths before Flask.

    The first path is the route's name in the metrics.
    """
    door = Blueprint(name, __name__)
    door.record_once(lambda state: _put_before(state.app, paths, respond, refuse))
    return door


def _put_before(app: Any, paths: tuple[str, ...], respond: Respond, refuse: Refuse) -> None:
    app.wsgi_app = _middleware(app.wsgi_app, paths, respond, refuse)


def _middleware(wsgi: Wsgi, paths: tuple[str, ...], respond: Respond, refuse: Refuse) -> Wsgi:
    """Answers these paths, and leaves all others to `wsgi`."""
    timers = {}  # by status: finding one by its labels is slow

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in paths:
            return wsgi(environ, start_response)
        started = time.perf_counter()
        request = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        try:
            status, headers, body = respond(environ)
        except Exception as error:
            status, headers, body = refuse(_domain_error(error))
        headers += [("Cache-Control", "no-store"), ("Pragma", "no-cache"), ("X-Request-Id", request)]
        start_response(_STATUS_LINES[status], headers)
        seconds = time.perf_counter() - started
        if status not in timers:
            timers[status] = request_seconds.labels(paths[0], str(status))
        timers[status].observe(seconds)
        logs.access(environ["REQUEST_METHOD"], environ["PATH_INFO"], status, seconds)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return serve


def _domain_error(error: Exception) -> GatepassError:
    """The error itself if it is one of the service's; any other is logged and becomes Unforeseen."""
    if isinstance(error, GatepassError):
        return error
    logs.unforeseen(error)
    return Unforeseen()
