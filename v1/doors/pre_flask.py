"""Owns the frame of a door that answers before Flask: a bare WSGI function, as Flask would take longer than all the
rest of a check of a token (bench/results.md)."""

import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from v1.errors import GatepassError, Unforeseen
from v1.observe import logs
from v1.observe.metrics import request_seconds

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]


def middleware(
    paths: tuple[str, ...],
    answer: Callable[[dict[str, Any]], Answer],
    refuse: Callable[[GatepassError], Answer],
    wsgi: Wsgi,
) -> Wsgi:
    """These paths are answered here, all others by `wsgi`. `answer` is given WSGI's environ; the first path names the
    route in the metrics."""
    counted = {}

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in paths:
            return wsgi(environ, start_response)
        started = time.perf_counter()
        request = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        try:
            status, headers, body = answer(environ)
        except Exception as error:
            status, headers, body = refuse(_refusal(error))
        headers += [("Cache-Control", "no-store"), ("Pragma", "no-cache"), ("X-Request-Id", request)]
        start_response(_LINES[status], headers)
        seconds = time.perf_counter() - started
        if status not in counted:
            counted[status] = request_seconds.labels(paths[0], str(status))
        counted[status].observe(seconds)
        logs.access(environ["REQUEST_METHOD"], environ["PATH_INFO"], status, seconds)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return serve


def _refusal(error: Exception) -> GatepassError:
    if isinstance(error, GatepassError):
        return error
    logs.unforeseen(error)
    return Unforeseen()


_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
