"""`/v1/verify/`: tells whether a token is good, for nginx's `auth_request` and the like.

It takes any method. ERROR_STATUS does not change its statuses.
"""

from functools import partial
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.doors import pre_flask
from v1.doors.error_answers import entry, headers
from v1.doors.mobile import envelope
from v1.doors.pre_flask import Answer
from v1.errors import GatepassError
from v1.records import PresentedToken, Principal

PREFIXES = ()
PATHS: Final = ("/v1/verify/", "/v1/verify")


def blueprint(core: Core) -> Blueprint:
    """The door's path, with and without a slash at the end, answered before Flask."""
    return pre_flask.blueprint("verify", PATHS, partial(_verify, core), partial(refuse, core))


def read(core: Core, environ: dict[str, Any]) -> AuthorizedCaller:
    """The user and the presented token, whose kind is one of VERIFY_KINDS."""
    return guard.authorize(core, environ, core.settings.verify_kinds)


def answer(principal: Principal, token: PresentedToken) -> Answer:
    """The user and the token as headers, without a body. The name is percent-encoded (RFC 3986 2.1)."""
    about = [
        ("X-Auth-User-Id", str(principal.user_id)),
        ("X-Auth-Username", quote(principal.username, safe="")),
        ("X-Auth-Access-Level", str(principal.access_level)),
        ("X-Auth-Token-Kind", token.kind),
        ("X-Auth-Expires", str(token.expiry)),
        ("Content-Length", "0"),
    ]
    return 200, about, b""


def refuse(core: Core, error: GatepassError) -> Answer:
    """The error in the PHP envelope: 401, or 503 if the database is down, which says nothing about the token."""
    body = envelope.failure_body(error)
    status = entry(error, envelope.ERRORS).status
    about = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    return status, [*about, *headers(error, status).items()], body


def _verify(core: Core, environ: dict[str, Any]) -> Answer:
    return answer(*read(core, environ))
