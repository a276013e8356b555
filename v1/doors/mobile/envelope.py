"""Owns the PHP envelope: success and data, or errors with message, type and a string code, under `/v1/`."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Response, g

from v1 import errors
from v1.auth.core import Core
from v1.wire import php_json


@dataclass(frozen=True)
class Said:
    """How one Refusal is said here. An empty message means the Refusal's own text; `status` is that of
    `ERROR_STATUS=http`, for `php` it is always 200."""

    code: str
    type: str
    status: int
    message: str = ""


ERRORS: Final[dict[type[errors.GatepassError], Said]] = {
    errors.WrongCredentials: Said("1142", "OAuthException", 401, "The username or the password is wrong."),
    errors.MissingCredentials: Said("1157", "OAuthException", 400, "A username and a password are required."),
    errors.MissingToken: Said("1190", "OAuthException", 401, "An access token is required."),
    errors.InvalidToken: Said("1403", "OAuthException", 401, "The access token is not valid. Please log in again."),
    errors.AccessDenied: Said("1403", "OAuthException", 403, "This is not allowed."),
    errors.MalformedRequest: Said("2400", "APIMethodException", 400),
    errors.UnsupportedMediaType: Said("2400", "APIMethodException", 415, "The request is of a type that is not read."),
    errors.BodyTooLarge: Said("2400", "APIMethodException", 413, "The request is too large."),
    errors.UnknownPath: Said("2600", "APIMethodException", 404),
    errors.WrongMethod: Said("2600", "APIMethodException", 405),
    errors.MissingValue: Said("3100", "APIMethodException", 400),
    errors.NotFound: Said("3404", "APIMethodException", 404, "There is nothing of that id."),
    errors.AlreadyExists: Said("2400", "APIMethodException", 409, "There is one of that name already."),
    errors.Unforeseen: Said("5404", "ServerSideException", 500, "Something went wrong on our side."),
    errors.DatabaseDown: Said("5501", "ServerSideException", 503, "The service is busy. Please try again soon."),
    errors.Throttled: Said("5501", "ServerSideException", 429, "Too many tries. Please wait and try again."),
    errors.Busy: Said("5501", "ServerSideException", 503, "The service is busy. Please try again soon."),
}


def success(data: Any) -> Response:
    """`{"success": true, "data": ..}`."""
    return _response(php_json.encode({"success": True, "data": data}), 200)


def refuse(core: Core, refusal: errors.GatepassError) -> Response:
    """A refusal with the status of ERROR_STATUS, and with the reason where development asked for it."""
    if isinstance(refusal, errors.UnknownPath):
        refusal.path = refusal.path.removeprefix("/v1").lstrip("/")
    debug = _reason(refusal) if g.get("debug") else {}
    return failure(refusal, core.settings.error_status == "php", debug)


def failure(refusal: errors.GatepassError, php_status: bool, debug: dict[str, str]) -> Response:
    """The refusal in this dialect; a third key `debug` where there is a reason to show."""
    response = _response(failure_body(refusal, debug), 200 if php_status else ERRORS[type(refusal)].status)
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110 11.6.1; old Android fails on a 401 without one
    if isinstance(refusal, errors.DatabaseDown | errors.Throttled | errors.Busy):
        response.headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, errors.BodyTooLarge):
        response.headers["Connection"] = "close"  # the rest of the body is not waited for
    if isinstance(refusal, errors.WrongMethod) and not php_status:
        response.headers["Allow"] = ", ".join(refusal.allowed)
    return response


def failure_body(refusal: errors.GatepassError, debug: dict[str, str] | None = None) -> bytes:
    """The bytes of a failure."""
    said = ERRORS[type(refusal)]
    error = {"message": said.message or _message(refusal), "type": said.type, "code": said.code}
    return php_json.encode({"success": False, "errors": error} | ({"debug": debug} if debug else {}))


def _message(refusal: errors.GatepassError) -> str:
    if isinstance(refusal, errors.WrongMethod):
        return f"This method is not served at: {refusal.path}"
    return f"Nothing is served at: {refusal.path}" if isinstance(refusal, errors.UnknownPath) else str(refusal)


def _reason(refusal: errors.GatepassError) -> dict[str, str]:
    if isinstance(refusal, errors.DatabaseDown):
        return {"mysql": f"{refusal.number}: {refusal.text}"}
    if isinstance(refusal, errors.WrongCredentials) and refusal.reason == "username":
        return {"username": f"There is no user {refusal.username.decode('utf-8', 'replace')}"}
    if isinstance(refusal, errors.WrongCredentials) and refusal.reason == "password":
        return {"password": "The password is incorrect"}
    return {}


def _response(body: bytes, status: int) -> Response:
    return Response(body, status, content_type="application/json")
