"""Owns `GET /stream/check`: may this stream be watched so? For the auth hook of a media server or a proxy.

204 or 403, and 503 where the database is down: proxies make a 500 of any other status. No bodies.
"""

import re
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl

from v1 import errors, guard
from v1.core import Core
from v1.doors import bare
from v1.doors.bare import Answer, Wsgi
from v1.errors import AccessDenied, MalformedRequest, Refusal, WrongMethod
from v1.streams import ACTIONS, Grant

PATHS: Final = ("/stream/check", "/stream/check/")
ACCEPTS: Final = {"check": ("stream",)}

ERRORS: Final[dict[type[Refusal], int]] = {
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
    return bare.middleware(PATHS, partial(_check, core), refuse, wsgi)


def read(environ: dict[str, Any]) -> tuple[str, str, str, int]:
    """Token, stream, action and the second of the archive that is asked for (0: none was named).

    Raises WrongMethod; MalformedRequest for a parameter that is missing, no such, or there twice.
    """
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        raise WrongMethod(environ["PATH_INFO"], ("GET", "HEAD"))
    try:
        pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=16, errors="strict")
    except ValueError:
        raise MalformedRequest("The query is malformed.") from None
    query = dict(pairs)
    token, stream, action, at = (query.get(name, "") for name in ("token", "stream", "action", "at"))
    if len(query) < len(pairs) or not token or not stream or action not in ACTIONS or not _SECOND.fullmatch(at):
        raise MalformedRequest("Ask with token, stream and action, and for dvr and copy with at.")
    return token, stream, action, int(at or 0)


def answer() -> Answer:
    """It may."""
    return 204, [], b""


def refuse(refusal: Refusal) -> Answer:
    """It may not, or we cannot tell."""
    headers = [("Content-Length", "0")]
    if isinstance(refusal, errors.DatabaseDown | errors.Throttled | errors.Busy):
        headers.append(("Retry-After", str(refusal.retry_after)))
    if isinstance(refusal, WrongMethod):
        headers.append(("Allow", ", ".join(refusal.allowed)))
    return ERRORS[type(refusal)], headers, b""


def _check(core: Core, environ: dict[str, Any]) -> Answer:
    token, stream, action, at = read(environ)
    _, proof = guard.prove(core, lambda: token, ACCEPTS["check"])
    if not Grant.of(proof.claims).allows(stream, action, at):
        raise AccessDenied("This stream may not be watched so.")
    return answer()


_SECOND: Final = re.compile(r"[0-9]{0,19}")
