"""Owns the API manager's `POST /apiops/auth/token` (RFC 6749 4.4: a username and a password as client credentials) and
its probes under `/apiops/test/`."""

from functools import partial
from typing import Any, Final

from flask import Blueprint, Request, Response, request

from v1 import errors
from v1.auth import guard
from v1.auth.core import Core
from v1.auth.guard import BasicCredentials
from v1.auth.login import login
from v1.doors import routes
from v1.doors.client import client
from v1.doors.rfc import rfc6749
from v1.errors import GatepassError, InvalidToken, MalformedRequest, MissingToken, MissingValue
from v1.kinds import opening
from v1.records import Client, Issued, Principal
from v1.tokens import issue
from v1.wire import strict_json

PREFIXES = ("/apiops",)
ACCEPTS: Final = {"hello": opening("apiops.hello")}
JSON: Final = "application/json;charset=UTF-8"
TEXT: Final = "text/plain; charset=utf-8"

UNAUTHORIZED: Final = "unauthorized_client"
"""What the API manager says where RFC 6749 has `invalid_client`."""

ERRORS: Final[dict[type[GatepassError], tuple[int, str, str]]] = rfc6749.ERRORS | {
    errors.WrongCredentials: (401, UNAUTHORIZED, "Bad credentials"),
    errors.MissingToken: (401, UNAUTHORIZED, "Invalid token"),
    errors.InvalidToken: (401, UNAUTHORIZED, "Invalid token"),
    errors.AccessDenied: (403, "access_denied", ""),
    errors.WrongMethod: (405, "invalid_request", "This method is not served here."),
}


def blueprint(core: Core) -> Blueprint:
    """The door's paths, in both slash forms."""
    door = Blueprint("apiops", __name__)
    operations = (
        ("/apiops/auth/token", "token", "POST", partial(_token, core)),
        ("/apiops/test/healthcheck", "healthcheck", "GET", _healthcheck),
        ("/apiops/test/hello/<name>", "hello", "GET", partial(_hello, core)),
    )
    return routes.serve(door, operations)


def read(request: Request) -> tuple[BasicCredentials, BasicCredentials | None] | None:
    """Username and password, from the form or from HTTP Basic (RFC 6749 2.3.1); None for another grant than this.

    Beside them their other reading: those of HTTP Basic as they came, where decoding changed them. What is in the query
    does not count. Raises MissingValue, MalformedRequest.
    """
    fields = rfc6749.read_form(request)
    if not fields.get("grant_type"):
        raise MissingValue("The field grant_type is required.")
    if fields["grant_type"] != b"client_credentials":
        return None
    credentials, otherwise = (fields.get("client_id", b""), fields.get("client_secret", b"")), None
    if guard.scheme(request.environ) == "basic":
        decoded, as_sent = guard.basic_credentials(request.environ)
        if credentials[1] or credentials[0] not in (b"", decoded[0], as_sent[0]):
            raise MalformedRequest("There are two ways of authenticating.")
        credentials, otherwise = decoded, as_sent if as_sent != decoded else None
    if not all(credentials):
        raise MissingValue("The fields client_id and client_secret are required, or HTTP Basic.")
    return credentials, otherwise


def answer(data: Any, status: int = 200) -> Response:
    """JSON."""
    return Response(strict_json.dumps(data), status, content_type=JSON)


def refuse(core: Core, refusal: GatepassError) -> Response:
    """The refusal as RFC 6749 5.2 has it, with a real status and nothing of the request in it."""
    status, error, description = ERRORS[type(refusal)]
    if error == UNAUTHORIZED and core.settings.apiops_errors == "rfc":
        error = "invalid_client" if isinstance(refusal, errors.WrongCredentials) else "invalid_token"
    response = answer({"error": error, "error_description": description or str(refusal)}, status)
    if isinstance(refusal, MissingToken | InvalidToken):
        response.headers["WWW-Authenticate"] = rfc6749.challenge(refusal)
    elif status == 401 and guard.scheme(request.environ) == "basic":
        response.headers["WWW-Authenticate"] = 'Basic realm="Gatepass"'
    rfc6749.with_headers(response, refusal)
    if isinstance(refusal, errors.WrongMethod):
        response.headers["Allow"] = ", ".join(method for method in refusal.allowed if method != "OPTIONS")
    return response


def _token(core: Core) -> Response:
    found = read(request)
    if found is None:
        said = {"error": "unsupported_grant_type", "error_description": "The grant_type must be client_credentials."}
        return answer(said, 400)
    credentials, otherwise = found
    caller = client(core, request)
    issued = login(core, "apiops", *credentials, caller, partial(_issue, core, caller), otherwise=otherwise)
    return answer(
        {"access_token": issued.secret, "token_type": "Bearer", "expires_in": core.settings.apiops_token_seconds}
    )


def _issue(core: Core, caller: Client, principal: Principal) -> Issued:
    seconds = core.settings.apiops_token_seconds
    return issue.management(core.tables, principal, caller, int(core.clock()), seconds)


def _healthcheck() -> Response:
    return _text("OK")


def _hello(core: Core, name: str) -> Response:
    guard.authorize(core, request.environ, ACCEPTS["hello"])
    return _text(f"Hello {name}")


def _text(text: str) -> Response:
    response = Response(text, content_type=TEXT)
    response.headers["X-Content-Type-Options"] = "nosniff"  # the name is the caller's
    return response
