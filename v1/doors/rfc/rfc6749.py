"""Owns what the RFC doors share (introspection, revocation): form bodies in, RFC 6749 5.2 error bodies out."""

from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Request, Response, jsonify

from v1 import errors
from v1.auth.core import Core
from v1.doors import body
from v1.doors.mobile import envelope

Form = dict[str, bytes]

ERRORS: Final[dict[type[errors.GatepassError], tuple[int, str, str]]] = {
    errors.WrongCredentials: (401, "invalid_client", "The credentials are wrong."),
    errors.MissingCredentials: (401, "invalid_client", "Credentials are required."),
    errors.MissingToken: (401, "invalid_client", "An API token is required: Authorization: Bearer <token>."),
    errors.InvalidToken: (401, "invalid_client", "The API token is not valid, or has not the scope for this."),
    errors.AccessDenied: (403, "access_denied", "This is not allowed."),
    errors.MalformedRequest: (400, "invalid_request", ""),
    errors.UnsupportedMediaType: (415, "invalid_request", "The request is of a type that is not read."),
    errors.BodyTooLarge: (413, "invalid_request", "The request is too large."),
    errors.UnknownPath: (404, "invalid_request", "Nothing is served at this path."),
    errors.WrongMethod: (405, "invalid_request", "Send a POST."),
    errors.MissingValue: (400, "invalid_request", ""),
    errors.NotFound: (404, "invalid_request", "There is nothing of that id."),
    errors.AlreadyExists: (409, "invalid_request", "There is one of that name already."),
    errors.Unforeseen: (500, "server_error", "Something went wrong on our side."),
    errors.DatabaseDown: (503, "temporarily_unavailable", "The service is busy. Please try again soon."),
    errors.Throttled: (429, "temporarily_unavailable", "Too many tries. Please wait and try again."),
    errors.Busy: (503, "temporarily_unavailable", "The service is busy. Please try again soon."),
}
"""Status, error code and description of each; an empty description is the Refusal's own text."""


def read_form(request: Request) -> Form:
    """The fields of an `application/x-www-form-urlencoded` body. Raises MalformedRequest for any other, and for a field
    that is there twice (RFC 6749 3.2)."""
    raw = body.read(request, body.LARGEST)
    if request.mimetype != "application/x-www-form-urlencoded":
        raise errors.MalformedRequest("Send the fields as application/x-www-form-urlencoded.")
    pairs = parse_qsl(raw.decode("latin1"), keep_blank_values=True, encoding="latin1")
    fields = {name: value.encode("latin1") for name, value in pairs}
    if len(fields) < len(pairs):
        raise errors.MalformedRequest("A field is there more than once.")
    return fields


def json_answer(data: dict[str, Any]) -> Response:
    """A JSON object, 200."""
    return jsonify(data)


def refuse(core: Core, refusal: errors.GatepassError) -> Response:
    """The refusal as RFC 6749 5.2 has it, with the status that it has there or in HTTP.

    A path below the endpoint is none of it: `/v1/` says so.
    """
    if type(refusal) is errors.UnknownPath:
        return envelope.refuse(core, refusal)
    status, code, description = ERRORS[type(refusal)]
    response = jsonify({"error": code, "error_description": description or str(refusal)})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = challenge(refusal)
    return with_headers(response, refusal)


def challenge(refusal: errors.GatepassError) -> str:
    """RFC 6750 3.1: an error is named only where a token came along."""
    return 'Bearer error="invalid_token"' if isinstance(refusal, errors.InvalidToken) else "Bearer"


def with_headers(response: Response, refusal: errors.GatepassError) -> Response:
    """The same with the headers that this refusal needs."""
    if isinstance(refusal, errors.DatabaseDown | errors.Throttled | errors.Busy):
        response.headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, errors.WrongMethod):
        response.headers["Allow"] = ", ".join(refusal.allowed)
    if isinstance(refusal, errors.BodyTooLarge):
        response.headers["Connection"] = "close"  # the rest of the body is not waited for
    return response
