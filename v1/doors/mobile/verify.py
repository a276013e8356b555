"""Owns `/v1/verify/`: is this token good? For nginx's `auth_request` and its like; any method, real statuses always."""

from functools import partial
from typing import Any, Final
from urllib.parse import quote

from v1.auth import guard
from v1.auth.core import Core
from v1.doors import pre_flask
from v1.doors.mobile import envelope
from v1.doors.pre_flask import Answer, Headers, Wsgi
from v1.errors import Busy, DatabaseDown, GatepassError, Throttled
from v1.records import PresentedToken, Principal

PATHS: Final = ("/v1/verify/", "/v1/verify")
ERRORS = envelope.ERRORS


def middleware(core: Core, wsgi: Wsgi) -> Wsgi:
    """This door's paths are answered here, all others by `wsgi`."""
    return pre_flask.middleware(PATHS, partial(_verify, core), refuse, wsgi)


def read(core: Core, environ: dict[str, Any]) -> tuple[Principal, PresentedToken]:
    """Who presents a live token of VERIFY_KINDS."""
    return guard.authorize(core, environ, core.settings.verify_kinds)


def answer(principal: Principal, proof: PresentedToken) -> Headers:
    """Who it is, as headers; the name is percent-encoded but for RFC 3986's unreserved characters. No body."""
    return [
        ("X-Auth-User-Id", str(principal.user_id)),
        ("X-Auth-Username", quote(principal.username, safe="")),
        ("X-Auth-Access-Level", str(principal.access_level)),
        ("X-Auth-Token-Kind", proof.kind),
        ("X-Auth-Expires", str(proof.expiry)),
        ("Content-Length", "0"),
    ]


def refuse(refusal: GatepassError) -> Answer:
    """401 in the PHP envelope; 503 where the database is down, as a proxy must not take that for a bad token."""
    body = envelope.failure_body(refusal)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    status = envelope.ERRORS[type(refusal)].status
    if status == 401:
        headers.append(("WWW-Authenticate", "Bearer"))
    if isinstance(refusal, DatabaseDown | Throttled | Busy):
        headers.append(("Retry-After", str(refusal.retry_after)))
    return status, headers, body


def _verify(core: Core, environ: dict[str, Any]) -> Answer:
    return 200, answer(*read(core, environ)), b""
