"""`/v1/verify/`: tells whether a token is good, for nginx's `auth_request` and the like.

It takes any method. ERROR_STATUS does not change its statuses.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from flask import Blueprint

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller, TokenCheck
from v1.doors import pre_flask
from v1.doors.error_answers import entry, headers
from v1.doors.mobile import envelope
from v1.doors.pre_flask import Answer, Asked, Endpoint
from v1.errors import GatepassError

PREFIXES = ()
PATHS: Final = ("/v1/verify/", "/v1/verify")


def blueprint(core: Core) -> Blueprint:
    """The door's path, with and without a slash at the end, answered before Flask."""
    endpoint = Endpoint(core, PATHS, partial(_verify, core), partial(refuse, core))
    return pre_flask.blueprint("verify", endpoint)


def read(core: Core, environ: Mapping[str, Any]) -> TokenCheck:
    """What must be looked up of the token in the header; its kind must be one of VERIFY_KINDS."""
    return guard.begin_check(core, environ, partial(guard.token_in_header, environ), core.settings.verify_kinds)


def answer(caller: AuthorizedCaller) -> Answer:
    """The user and the token as headers, without a body. The name is percent-encoded (RFC 3986 2.1)."""
    principal, token = caller
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


def _verify(core: Core, environ: Mapping[str, Any]) -> Asked:
    return read(core, environ), answer
