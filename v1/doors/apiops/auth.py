"""The API manager's `POST /apiops/auth/token`, and its probes under `/apiops/test/`.

The token endpoint is that of RFC 6749 4.4: a username and a password are the client's credentials.
"""

from functools import partial
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1 import errors
from v1.auth import guard
from v1.auth.core import Core
from v1.auth.login import login
from v1.doors import routes
from v1.doors.client import client
from v1.doors.error_answers import BASIC_CHALLENGE, ErrorEntry, bearer_challenge, entry, headers
from v1.doors.rfc import rfc6749
from v1.errors import BadRequest, GatepassError, InvalidToken, MalformedRequest, MissingToken, MissingValue, WrongMethod
from v1.kinds import kinds_that_open
from v1.records import Client, Credentials, Issued, Principal
from v1.tokens import issue
from v1.wire import strict_json

PREFIXES = ("/apiops",)
ACCEPTS: Final = {"hello": kinds_that_open("apiops.hello")}
JSON: Final = "application/json;charset=UTF-8"
TEXT: Final = "text/plain; charset=utf-8"

CREDENTIALS: Final = ("client_id", "client_secret")
UNAUTHORIZED: Final = "unauthorized_client"
"""The error code that API managers expect in place of `invalid_client` (RFC 6749 5.2)."""

ERRORS: Final = {
    errors.WrongCredentials: ErrorEntry(code=UNAUTHORIZED, message="Bad credentials"),
    errors.MissingToken: ErrorEntry(code=UNAUTHORIZED, message="Invalid token"),
    errors.InvalidToken: ErrorEntry(code=UNAUTHORIZED, message="Invalid token"),
}


class UnsupportedGrantType(BadRequest):
    """The grant type is not client_credentials (RFC 6749 5.2)."""

    code, message = "unsupported_grant_type", "The grant_type must be client_credentials."


def blueprint(core: Core) -> Blueprint:
    """The door's paths, with and without a slash at the end."""
    door = Blueprint("apiops", __name__)
    operations = (
        ("/apiops/auth/token", "token", "POST", partial(_token, core)),
        ("/apiops/test/healthcheck", "healthcheck", "GET", _healthcheck),
        ("/apiops/test/hello/<name>", "hello", "GET", partial(_hello, core)),
    )
    return routes.serve(door, operations)


def read(request: Request) -> tuple[Credentials, Credentials | None]:
    """The credentials in the form or in HTTP Basic (RFC 6749 2.3.1), and a second reading of them, or None.

    HTTP Basic has a second reading if form-decoding changes the text, because many clients do not form-encode it.
    Fields in the query are ignored. Raises MissingValue, MalformedRequest, UnsupportedGrantType.
    """
    fields = rfc6749.read_form(request)
    if not fields.get("grant_type"):
        raise MissingValue("The field grant_type is required.", ("grant_type",))
    if fields["grant_type"] != b"client_credentials":
        raise UnsupportedGrantType
    in_form = Credentials(fields.get("client_id", b""), fields.get("client_secret", b""))
    credentials, fallback = in_form, None
    if guard.scheme(request.environ) == "basic":
        credentials, as_sent = guard.basic_credentials(request.environ)
        # The form may repeat the username, and nothing else.
        if in_form.password or in_form.username not in (b"", credentials.username, as_sent.username):
            raise MalformedRequest("There are two ways of authenticating.", CREDENTIALS)
        fallback = as_sent if as_sent != credentials else None
    sent = credentials.username, credentials.password
    if missing := tuple(name for name, value in zip(CREDENTIALS, sent, strict=True) if not value):
        raise MissingValue("The fields client_id and client_secret are required, or HTTP Basic.", missing)
    return credentials, fallback


def answer(data: Any, status: int = 200) -> Response:
    """A JSON answer, with the Content-Type that API managers expect."""
    return Response(strict_json.dumps(data), status, content_type=JSON)


def refuse(core: Core, error: GatepassError) -> Response:
    """The error in the form of RFC 6749 5.2. It repeats nothing of the request."""
    own = entry(error, ERRORS)
    code = own.code
    if code == UNAUTHORIZED and core.settings.apiops_errors == "rfc":
        code = error.code
    response = answer({"error": code, "error_description": own.message}, own.status)
    if isinstance(error, WrongMethod):  # API managers expect no OPTIONS in Allow
        error = WrongMethod(error.path, tuple(method for method in error.allowed if method != "OPTIONS"))
    response.headers.update(headers(error, own.status, _challenge(error)))
    return response


def _challenge(error: GatepassError) -> str:
    """The WWW-Authenticate of a 401: `Bearer` for a token, `Basic` if the caller used it, else none."""
    if isinstance(error, MissingToken | InvalidToken):
        return bearer_challenge(error)
    return BASIC_CHALLENGE if guard.scheme(request.environ) == "basic" else ""


def _token(core: Core) -> Response:
    credentials, fallback = read(request)
    caller = client(core, request)
    issued = login(core, "apiops", credentials, caller, partial(_issue, core, caller), fallback)
    return answer(
        {"access_token": issued.secret, "token_type": "Bearer", "expires_in": core.settings.apiops_token_seconds}
    )


def _issue(core: Core, caller: Client, principal: Principal) -> Issued:
    seconds = core.settings.apiops_token_seconds
    return issue.management(core, principal, caller, int(core.clock()), seconds)


def _healthcheck() -> Response:
    return _text("OK")


def _hello(core: Core, name: str) -> Response:
    guard.authorize(core, request.environ, ACCEPTS["hello"])
    return _text(f"Hello {name}")


def _text(text: str) -> Response:
    response = Response(text, content_type=TEXT)
    response.headers["X-Content-Type-Options"] = "nosniff"  # the caller chooses the name
    return response
