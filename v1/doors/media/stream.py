"""`/stream/check`: says whether a stream token allows an action. Media servers and proxies ask it.

It answers 204 or 403, or 503 if the database is down, always without a body. Proxies turn other statuses into a 500.
"""

import re
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Request

from v1 import errors
from v1.auth import guard
from v1.auth.core import Core
from v1.doors import body, pre_flask
from v1.doors.pre_flask import Answer, Wsgi
from v1.errors import AccessDenied, GatepassError, MalformedRequest, WrongMethod
from v1.kinds import opening
from v1.tokens.stream_grants import ACTIONS, Grant

PATHS: Final = ("/stream/check", "/stream/check/")
ACCEPTS: Final = {"check": opening("stream.check")}
METHODS: Final = ("GET", "HEAD", "POST")
FIELDS: Final = ("token", "stream", "action", "at")

ERRORS: Final[dict[type[GatepassError], int]] = {
    errors.WrongCredentials: 403,
    errors.MissingCredentials: 403,
    errors.MissingToken: 403,
    errors.InvalidToken: 403,
    errors.AccessDenied: 403,
    errors.MalformedRequest: 403,
    errors.UnsupportedMediaType: 403,
    errors.BodyTooLarge: 403,
    errors.UnknownPath: 404,
    errors.WrongMethod: 405,
    errors.MissingValue: 403,
    errors.NotFound: 403,
    errors.AlreadyExists: 403,
    errors.Unforeseen: 500,
    errors.DatabaseDown: 503,
    errors.Throttled: 503,
    errors.Busy: 503,
}


def middleware(core: Core, wsgi: Wsgi) -> Wsgi:
    """Wraps `wsgi`: answers this door's paths, and passes all others on."""
    return pre_flask.middleware(PATHS, partial(_check, core), refuse, wsgi)


def read(environ: dict[str, Any]) -> tuple[str, str, str, int]:
    """The fields `token`, `stream`, `action` and `at`, the second of the archive to be played (0 if it is absent).

    They may be in the query, or in a form that the media server's hook posts. Other fields are ignored. Raises
    WrongMethod and BodyTooLarge, and MalformedRequest for a field that is missing, malformed or repeated.
    """
    if environ["REQUEST_METHOD"] not in METHODS:
        raise WrongMethod(environ["PATH_INFO"], METHODS)
    pairs = _pairs(environ.get("QUERY_STRING", ""))
    if environ["REQUEST_METHOD"] == "POST":
        pairs += _form_pairs(Request(environ))
    fields = dict(pairs)
    token, stream, action, at = (fields.get(name, "") for name in FIELDS)
    if len(fields) < len(pairs) or not token or not stream or action not in ACTIONS or not _SECOND.fullmatch(at):
        raise MalformedRequest("Ask with token, stream and action, and for dvr and copy with at.")
    return token, stream, action, int(at or 0)


def _pairs(text: str) -> list[tuple[str, str]]:
    """This door's fields in urlencoded text. Other fields may hold any bytes, so the text is decoded as latin1."""
    found = parse_qsl(text, keep_blank_values=True, encoding="latin1")
    return [pair for pair in found if pair[0] in FIELDS]


def _form_pairs(request: Request) -> list[tuple[str, str]]:
    """This door's fields in a posted form. Raises MalformedRequest for another type of body, and does not read it."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise MalformedRequest("Send the fields as application/x-www-form-urlencoded.")
    return _pairs(body.read(request, body.LARGEST).decode("latin1"))


def answer() -> Answer:
    """The token allows the action."""
    return 204, [], b""


def refuse(refusal: GatepassError) -> Answer:
    """The token does not allow the action, or the service cannot tell."""
    headers = [("Content-Length", "0")]
    if isinstance(refusal, errors.DatabaseDown | errors.Throttled | errors.Busy):
        headers.append(("Retry-After", str(refusal.retry_after)))
    if isinstance(refusal, WrongMethod):
        headers.append(("Allow", ", ".join(refusal.allowed)))
    if isinstance(refusal, errors.BodyTooLarge):
        headers.append(("Connection", "close"))  # the rest of the body is not read
    return ERRORS[type(refusal)], headers, b""


def _check(core: Core, environ: dict[str, Any]) -> Answer:
    token, stream, action, at = read(environ)
    caller = guard.check_token(core, lambda: token, ACCEPTS["check"])
    if not Grant.of(caller.token.claims).allows(stream, action, at):
        raise AccessDenied("This stream may not be watched so.")
    return answer()


_SECOND: Final = re.compile(r"[0-9]{0,19}")
