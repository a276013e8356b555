"""The PHP envelope: JSON with `success` and `data`, or with `errors`: a message, a type and a code that is a string."""

from typing import Any, Final

from flask import Response

from v1 import errors
from v1.auth.core import Core
from v1.doors.error_answers import ErrorEntry, entry, headers
from v1.wire import php_json


class MissingCredentials(errors.BadRequest):
    """The username or the password was not supplied (PHP: `isset` is false)."""

    message = "A username and a password are required."


ERRORS: Final = {
    MissingCredentials: ErrorEntry(code="1157"),
    errors.WrongCredentials: ErrorEntry(code="1142"),
    errors.MissingToken: ErrorEntry(code="1190"),
    errors.InvalidToken: ErrorEntry(code="1403"),
    errors.AccessDenied: ErrorEntry(code="1403", message="This is not allowed."),
    errors.BadRequest: ErrorEntry(code="2400"),
    errors.UnknownPath: ErrorEntry(code="2600"),
    errors.MissingValue: ErrorEntry(code="3100"),
    errors.NotFound: ErrorEntry(code="3404"),
    errors.Unavailable: ErrorEntry(code="5501"),
    errors.GatepassError: ErrorEntry(code="5404"),
}
"""The codes of the PHP page. The statuses are those of `ERROR_STATUS=http`; with `php` it is always 200."""

TYPES: Final = {
    "1": "OAuthException",
    "2": "APIMethodException",
    "3": "APIMethodException",
    "5": "ServerSideException",
}
"""The `type` of an error, by the first digit of its code."""


def success(data: Any) -> Response:
    """`{"success": true, "data": ..}`."""
    return _response(php_json.encode({"success": True, "data": data}), 200)


def refuse(core: Core, error: errors.GatepassError, debug: bool = False) -> Response:
    """The error in the envelope, with the status of ERROR_STATUS; with `debug`, the reason too."""
    return failure(error, core.settings.error_status == "php", _reason(error) if debug else {})


def failure(error: errors.GatepassError, php_status: bool, debug: dict[str, str]) -> Response:
    """The error in the envelope, with a third member `debug` unless it is empty."""
    status = 200 if php_status else entry(error, ERRORS).status
    response = _response(failure_body(error, debug), status)
    response.headers.update(headers(error, status))
    return response


def failure_body(error: errors.GatepassError, debug: dict[str, str] | None = None) -> bytes:
    """The body of a failure."""
    own = entry(error, ERRORS)
    members = {"message": _message(error) or own.message, "type": TYPES[own.code[0]], "code": own.code}
    return php_json.encode({"success": False, "errors": members} | ({"debug": debug} if debug else {}))


def _message(error: errors.GatepassError) -> str:
    """The message of an error that names the path (without `/v1/`, like the PHP page); "" for other errors."""
    if not isinstance(error, errors.UnknownPath):
        return ""
    path = error.path.removeprefix("/v1").lstrip("/")
    if isinstance(error, errors.WrongMethod):
        return f"This method is not served at: {path}"
    return f"Nothing is served at: {path}"


def _reason(error: errors.GatepassError) -> dict[str, str]:
    """The member `debug`: what exactly went wrong, for a developer."""
    if isinstance(error, errors.DatabaseDown):
        return {"mysql": f"{error.number}: {error.text}"}
    if isinstance(error, errors.WrongCredentials) and error.reason == "username":
        return {"username": f"There is no user {error.username.decode('utf-8', 'replace')}"}
    if isinstance(error, errors.WrongCredentials) and error.reason == "password":
        return {"password": "The password is incorrect"}
    return {}


def _response(body: bytes, status: int) -> Response:
    return Response(body, status, content_type="application/json")
