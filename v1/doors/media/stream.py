"""Owns `/stream/check`: may this stream be watched so? For the auth hook of a media server or a proxy.

204 or 403, and 503 where the database is down: proxies make a 500 of any other status. No bodies.
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
    """This door's paths are answered here, all others by `wsgi`."""
    return pre_flask.middleware(PATHS, partial(_check, core), refuse, wsgi)


def read(environ: dict[str, Any]) -> tuple[str, str, str, int]:
    """Token, stream, action and the second of the archive that is asked for (0: none was named).

    They are in the query or in a POST's form, as many hooks post. Other fields are ignored. Raises WrongMethod and
    BodyTooLarge; MalformedRequest for a field that is missing, malformed, or there twice.
    """
    if environ["REQUEST_METHOD"] not in METHODS:
        raise WrongMethod(environ["PATH_INFO"], METHODS)
    pairs = _pairs(environ.get("QUERY_STRING", ""))
    if environ["REQUEST_METHOD"] == "POST":
        pairs += _posted(Request(environ))
    fields = dict(pairs)
    token, stream, action, at = (fields.get(name, "") for name in FIELDS)
    if len(fields) < len(pairs) or not token or not stream or action not in ACTIONS or not _SECOND.fullmatch(at):
        raise MalformedRequest("Ask with token, stream and action, and for dvr and copy with at.")
    return token, stream, action, int(at or 0)


def _pairs(text: str) -> list[tuple[str, str]]:
    """The fields that this door knows, in urlencoded text. Others may hold any bytes."""
    found = parse_qsl(text, keep_blank_values=True, encoding="latin1")
    return [pair for pair in found if pair[0] in FIELDS]


def _posted(request: Request) -> list[tuple[str, str]]:
    """Those in the form that a hook has posted. Of another body nothing is read."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise MalformedRequest("Send the fields as application/x-www-form-urlencoded.")
    return _pairs(body.read(request, body.LARGEST).decode("latin1"))


def answer() -> Answer:
    """It may."""
    return 204, [], b""


def refuse(refusal: GatepassError) -> Answer:
    """It may not, or we cannot tell."""
    headers = [("Content-Length", "0")]
    if isinstance(refusal, errors.DatabaseDown | errors.Throttled | errors.Busy):
        headers.append(("Retry-After", str(refusal.retry_after)))
    if isinstance(refusal, WrongMethod):
        headers.append(("Allow", ", ".join(refusal.allowed)))
    if isinstance(refusal, errors.BodyTooLarge):
        headers.append(("Connection", "close"))  # the rest of the body is not waited for
    return ERRORS[type(refusal)], headers, b""


def _check(core: Core, environ: dict[str, Any]) -> Answer:
    token, stream, action, at = read(environ)
    _, proof = guard.check_token(core, lambda: token, ACCEPTS["check"])
    if not Grant.of(proof.claims).allows(stream, action, at):
        raise AccessDenied("This stream may not be watched so.")
    return answer()


_SECOND: Final = re.compile(r"[0-9]{0,19}")
