"""`/stream/check`: says whether a stream token allows an action. Media servers and proxies ask it.

It answers 204 or 403, or 503 if the database is down, always without a body. Proxies turn other statuses into a 500.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Blueprint, Request

from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import AuthorizedCaller
from v1.doors import body, pre_flask
from v1.doors.error_answers import headers
from v1.doors.pre_flask import Answer, Asked, Endpoint
from v1.errors import AccessDenied, GatepassError, MalformedRequest, WrongMethod
from v1.kinds import kinds_that_open
from v1.tokens.stream_grants import ACTIONS, Grant

PREFIXES = ()
PATHS: Final = ("/stream/check", "/stream/check/")
ACCEPTS: Final = {"check": kinds_that_open("stream.check")}
METHODS: Final = ("GET", "HEAD", "POST")
FIELDS: Final = ("token", "stream", "action", "at")

STATUSES: Final = {405: 405, 429: 503}
"""The answer to an error of this status. Any other below 500 is answered as 403."""


def blueprint(core: Core) -> Blueprint:
    """The door's path, with and without a slash at the end, answered before Flask."""
    endpoint = Endpoint(core, PATHS, partial(_check, core), partial(refuse, core), reads_body=True)
    return pre_flask.blueprint("stream", endpoint)


def read(environ: Mapping[str, Any]) -> tuple[str, str, str, int]:
    """The fields `token`, `stream`, `action` and `at`, the second of the archive to be played (0 if it is absent).

    They may be in the query, or in a form that the media server's hook posts. Other fields are ignored. Raises
    WrongMethod and BodyTooLarge, and MalformedRequest for a field that is missing, malformed or repeated.
    """
    if environ["REQUEST_METHOD"] not in METHODS:
        raise WrongMethod(environ["PATH_INFO"], METHODS)
    pairs = _pairs(environ.get("QUERY_STRING", ""))
    if environ["REQUEST_METHOD"] == "POST":
        pairs += _form_pairs(Request(dict(environ)))
    fields = dict(pairs)
    token, stream, action, at = (fields.get(name, "") for name in FIELDS)
    if len(fields) < len(pairs) or not token or not stream or action not in ACTIONS or not _SECOND.fullmatch(at):
        raise MalformedRequest("Ask with token, stream and action, and for dvr and copy with at.", FIELDS)
    return token, stream, action, int(at or 0)


def _pairs(text: str) -> list[tuple[str, str]]:
    """This door's fields in urlencoded text. Other fields may hold any bytes, so the text is decoded as latin1."""
    found = parse_qsl(text, keep_blank_values=True, encoding="latin1")
    return [pair for pair in found if pair[0] in FIELDS]


def _form_pairs(request: Request) -> list[tuple[str, str]]:
    """This door's fields in a posted form. Raises MalformedRequest for another type of body, and does not read it."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise MalformedRequest("Send the fields as application/x-www-form-urlencoded.")
    return _pairs(body.read(request).decode("latin1"))


def answer(stream: str, action: str, at: int, caller: AuthorizedCaller) -> Answer:
    """The token allows the action. Raises AccessDenied if it does not."""
    if not Grant.of(caller.token.claims).allows(stream, action, at):
        raise AccessDenied("This stream may not be watched so.")
    return 204, [], b""


def refuse(core: Core, error: GatepassError) -> Answer:
    """The token does not allow the action, or the service cannot tell."""
    status = error.status if error.status >= 500 else STATUSES.get(error.status, 403)
    return status, [("Content-Length", "0"), *headers(error, status).items()], b""


def _check(core: Core, environ: Mapping[str, Any]) -> Asked:
    token, stream, action, at = read(environ)
    return guard.begin_check(core, environ, lambda: token, ACCEPTS["check"]), partial(answer, stream, action, at)


_SECOND: Final = re.compile(r"[0-9]{0,19}")
