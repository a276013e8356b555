"""Owns `/v1/verify/`: is this token good? For nginx's `auth_request` and its like; any method, real statuses always.

The hot path: a bare WSGI function, as Flask would take longer than all the rest of it (bench/results.md).
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import quote

from v1 import guard, logs
from v1.core import Core
from v1.doors import envelope
from v1.errors import DatabaseDown, Refusal, Unforeseen
from v1.metrics import request_seconds
from v1.records import Principal, Proof

PATHS: Final = ("/v1/verify/", "/v1/verify")
ERRORS = envelope.ERRORS

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
Headers = list[tuple[str, str]]

_OK: Final = request_seconds.labels("/v1/verify/", "200")


def middleware(core: Core, wsgi: Wsgi) -> Wsgi:
    """This door's paths are answered here, all others by `wsgi`."""

    def verify(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in PATHS:
            return wsgi(environ, start_response)
        started = time.perf_counter()
        request = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        try:
            status, headers, body = "200 OK", answer(*read(core, environ)), b""
        except Exception as error:
            status, headers, body = refuse(error)
        headers += [("Cache-Control", "no-store"), ("Pragma", "no-cache"), ("X-Request-Id", request)]
        start_response(status, headers)
        seconds = time.perf_counter() - started
        _count(status, seconds)
        logs.access(environ["REQUEST_METHOD"], environ["PATH_INFO"], int(status[:3]), seconds)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    return verify


def read(core: Core, environ: dict[str, Any]) -> tuple[Principal, Proof]:
    """Who presents a live token of VERIFY_KINDS."""
    return guard.authorize(core, environ, core.settings.verify_kinds)


def answer(principal: Principal, proof: Proof) -> Headers:
    """Who it is, as headers; the name is percent-encoded but for RFC 3986's unreserved characters. No body."""
    return [
        ("X-Auth-User-Id", str(principal.user_id)),
        ("X-Auth-Username", quote(principal.username, safe="")),
        ("X-Auth-Access-Level", str(principal.access_level)),
        ("X-Auth-Token-Kind", proof.kind),
        ("X-Auth-Expires", str(proof.expiry)),
        ("Content-Length", "0"),
    ]


def refuse(error: Exception) -> tuple[str, Headers, bytes]:
    """401 in the PHP envelope; 503 where the database is down, as a proxy must not take that for a bad token."""
    refusal = error if isinstance(error, Refusal) else Unforeseen()
    if isinstance(refusal, Unforeseen):
        logs.unforeseen(error)
    said = envelope.ERRORS[type(refusal)]
    body = envelope.failure_body(refusal)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if said.status == 401:
        headers.append(("WWW-Authenticate", "Bearer"))
    if isinstance(refusal, DatabaseDown):
        headers.append(("Retry-After", str(refusal.retry_after)))
    return f"{said.status} {_REASONS.get(said.status, 'Internal Server Error')}", headers, body


def _count(status: str, seconds: float) -> None:
    histogram = _OK if status == "200 OK" else request_seconds.labels(PATHS[0], status[:3])
    histogram.observe(seconds)


_REASONS: Final = {401: "Unauthorized", 503: "Service Unavailable"}
