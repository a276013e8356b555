"""Reads forms (RFC 6749 3.2) and answers errors (RFC 6749 5.2)."""

from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Request, Response, jsonify

from v1 import errors
from v1.auth.core import Core
from v1.doors import body
from v1.doors.error_answers import ErrorEntry, bearer_challenge, entry, headers
from v1.doors.mobile import envelope

Form = dict[str, bytes]

ERRORS: Final = {
    errors.WrongCredentials: ErrorEntry(message="The credentials are wrong."),
    errors.MissingToken: ErrorEntry(
        code="invalid_client", message="An API token is required: Authorization: Bearer <token>."
    ),
    errors.InvalidToken: ErrorEntry(
        code="invalid_client", message="The API token is not valid, or has not the scope for this."
    ),
    errors.AccessDenied: ErrorEntry(message="This is not allowed."),
    errors.WrongMethod: ErrorEntry(message="Send a POST."),
}


def read_form(request: Request) -> Form:
    """The fields of a body of type `application/x-www-form-urlencoded`. Raises MalformedRequest for another type, and
    for a repeated field."""
    raw = body.read(request)
    if request.mimetype != "application/x-www-form-urlencoded":
        raise errors.MalformedRequest("Send the fields as application/x-www-form-urlencoded.")
    pairs = parse_qsl(raw.decode("latin1"), keep_blank_values=True, encoding="latin1")
    fields = {name: value.encode("latin1") for name, value in pairs}
    if len(fields) < len(pairs):
        raise errors.MalformedRequest("A field is there more than once.", body.repeated(pairs))
    return fields


def json_answer(data: dict[str, Any]) -> Response:
    """A JSON object, with status 200."""
    return jsonify(data)


def refuse(core: Core, error: errors.GatepassError, challenge: str = "") -> Response:
    """The error in the form of RFC 6749 5.2. `challenge` is the WWW-Authenticate of a 401; "" for that of RFC 6750.

    An unknown path below the endpoint is answered in the PHP envelope, like every other under `/v1/`.
    """
    if type(error) is errors.UnknownPath:
        return envelope.refuse(core, error)
    own = entry(error, ERRORS)
    response = jsonify({"error": own.code, "error_description": own.message})
    response.status_code = own.status
    response.headers.update(headers(error, own.status, challenge or bearer_challenge(error)))
    return response
